#pragma once
// The articles by name, one file per family; knowledge.cpp assigns them to the words.

#include "src/report/knowledge.hpp"

namespace hopblame::knowledge {

// clang-format off
extern const Article open, refused, rejected, unreachable, dropped, closed_early, silent_service,
    intermittent, local, inconclusive;
extern const Article closed_port, host_firewall_reset, middlebox_reset, injected_reset,
    icmp_reject_host, icmp_reject_router;
extern const Article no_route, route_prohibited, routing_loop, host_down, blackhole;
extern const Article filter_drop, syn_filter, accept_queue_full, answer_lost, host_silent;
extern const Article syn_proxy, transparent_proxy, port_forward, tarpit, accept_then_close,
    connection_limit, data_blocked, listening;
extern const Article rate_limit, probe_ban, path_loss;
extern const Article local_output_filter, local_input_filter, local_route, local_neighbour,
    local_interface;
// clang-format on

// Steps of several articles.
inline constexpr Advice confirm_absence{
    Reader::host,
    "{on_host}: confirm that the packet never arrives. Nothing must show while somebody tries.",
    "sudo tcpdump -ni any '{from}tcp port {port}'", only::before_host | only::steady};

inline constexpr Advice compare_arrivals{
    Reader::host,
    "{on_host}: only some connections arrive. Compare the source ports of those that show with "
    "those that failed.",
    "sudo tcpdump -ni any '{from}tcp port {port}'", only::before_host | only::now_and_then};

inline constexpr Advice right_name{
    Reader::user, "Make sure the name still points to the right address; the host may have moved.",
    "getent ahosts {host}", only::named};

inline constexpr Advice right_address{
    Reader::user,
    "Make sure the address is the right one; the host may have moved.",
    {},
    only::unnamed};

/// Of connections that work, lie idle, and are dead then.
inline constexpr Advice idle_limits{
    Reader::network,
    "On the devices on the way that keep a table of connections (NAT, stateful firewalls, load "
    "balancers): see whether they forget idle ones, and after how long.",
    "sudo conntrack -L -p tcp --dport {port}\nsudo sysctl net.netfilter | grep tcp_timeout",
    only::cut};

inline constexpr Advice keep_alive{
    Reader::user,
    "If idle connections are what is forgotten: let the program say something more often than "
    "that, or switch on TCP keepalives in it.",
    {},
    only::cut};

inline constexpr Advice started_anew{
    Reader::host,
    "{on_host}: see whether the machine or the service has started anew since: what it knew of "
    "older connections is gone then.",
    "uptime -s\nlast -x reboot | head -n 3", only::anew};

/// A pair of captures that `compare` can settle it with.
inline constexpr Advice record_both_ends{
    Reader::user,
    "Capture at both ends at the same time, the first command on {address}, the others on the "
    "client: begin before the attempt, let the ping run from before it until after it, then stop "
    "both and compare the two.",
    "sudo tcpdump -ni any -s 128 -w server.pcap 'icmp or icmp6 or tcp port {port}'\n"
    "sudo tcpdump -ni any -s 128 -w client.pcap 'icmp or icmp6 or tcp port {port}'\n"
    "ping {address}\nhopblame compare client.pcap server.pcap",
    only::unwatched};

/// The caveats have texts only, no steps.
[[nodiscard]] const Article& of(CaveatId caveat);

}  // namespace hopblame::knowledge
