#include "tests/properties/random_faults.hpp"

#include <algorithm>
#include <array>

namespace hopblame::properties {
namespace {

using M = Mechanism;

#define SSH "open 22 banner \"SSH-2.0-x\\r\\n\""

const std::vector<Fault> on_host{
    {"none", At::host, "", SSH, {M::listening}},
    {"closed", At::host, "", "", {M::closed_port}},
    {"closed-stateful", At::host, "", "input drop tcp invalid", {M::closed_port}},
    {"host-reset", At::host, "", SSH " input reset tcp 22", {M::host_firewall_reset}},
    {"host-reset-syn", At::host, "", SSH " input reset tcp 22 syn", {M::host_firewall_reset}},
    {"host-port-unreach", At::host, "", SSH " input reject port tcp 22", {M::icmp_reject_host}},
    {"host-admin", At::host, "", SSH " input reject admin tcp", {M::icmp_reject_host}},
    {"host-drop", At::host, "", SSH " input drop tcp 22", {M::filter_drop}},
    {"host-md5", At::host, "", "open 22 md5", {M::filter_drop}},
    {"host-new-drop", At::host, "", SSH " input drop tcp 22 new", {M::filter_drop, M::syn_filter}},
    {"host-drop-all", At::host, "", SSH " drop-all", {M::host_silent, M::filter_drop}},
    {"no-way-back", At::host, "", SSH " no-way-back", {M::host_silent}},
    {"host-syn-drop", At::host, "", SSH " input drop tcp 22 syn", {M::syn_filter}},
    {"queue-full", At::host, "", "open 22 queue-full", {M::accept_queue_full}},
    {"host-down", At::host, "", "down", {M::host_down}},
    {"wrappers", At::host, "", "open 22 wait 2ms then-close", {M::accept_then_close}},
    {"max-startups",
     At::host,
     "",
     "open 22 banner \"Exceeded MaxStartups\\r\\n\" then-close",
     {M::connection_limit}},
    {"silent-service", At::host, "", "open 22", {M::data_blocked}},
    {"tarpit", At::host, "", "open 22 tarpit", {M::tarpit}},
    {"rate-limit", At::host, "", SSH " input drop tcp 22 syn over 1", {M::rate_limit}},
    {"ban", At::host, "", SSH " input drop tcp 22 syn after 3 ban", {M::probe_ban}},
};

const std::vector<Fault> on_router{
    {"r-drop", At::router, "forward drop tcp 22", SSH, {M::filter_drop}},
    {"r-post-drop", At::router, "postrouting drop tcp 22", SSH, {M::filter_drop}},
    {"r-drop-all", At::router, "forward drop", SSH, {M::filter_drop, M::blackhole}},
    {"r-raw-drop", At::router, "prerouting drop tcp 22", SSH, {M::filter_drop}},
    {"r-syn-drop", At::router, "forward drop tcp 22 syn", SSH, {M::syn_filter}},
    {"r-reset", At::router, "forward reset tcp 22", SSH, {M::middlebox_reset}},
    {"r-reset-syn", At::router, "forward reset tcp 22 syn", SSH, {M::middlebox_reset}},
    {"r-raw-reset", At::router, "prerouting reset tcp 22", SSH, {M::middlebox_reset}},
    {"r-pf-reset", At::router, "forward pf-reset tcp 22", SSH, {M::middlebox_reset}},
    {"r-admin", At::router, "forward reject admin tcp 22", SSH, {M::icmp_reject_router}},
    {"r-port-unreach", At::router, "forward reject port tcp 22", SSH, {M::icmp_reject_router}},
    {"r-raw-admin", At::router, "prerouting reject admin tcp 22", SSH, {M::icmp_reject_router}},
    {"r-ingress-admin", At::router, "ingress reject admin tcp 22", SSH, {M::icmp_reject_router}},
    {"r-acl", At::router, "forward reject admin tcp unestablished", SSH, {M::icmp_reject_router}},
    {"r-kube", At::router, "forward reject port tcp 22 new", SSH, {M::icmp_reject_router}},
    {"no-route", At::router, "route no-route", SSH, {M::no_route}},
    {"unreachable", At::router, "route unreachable", SSH, {M::no_route}},
    {"prohibit", At::router, "route prohibit", SSH, {M::route_prohibited}},
    {"blackhole", At::router, "blackhole", SSH, {M::blackhole}},
    {"return-drop", At::router, "forward back drop tcp 22 synack", SSH, {M::answer_lost}},
    {"return-drop-port", At::router, "forward back drop tcp 22", SSH, {M::answer_lost}, 1, true},
    {"r-ban", At::router, "forward drop tcp 22 syn after 4 ban", SSH, {M::probe_ban}},
    {"data-drop", At::router, "forward back drop tcp 22 data", SSH, {M::data_blocked}},
    {"loop", At::router, "loop", SSH, {M::routing_loop}},
    {"synproxy", At::router, "syn-proxy 22", "drop-all", {M::syn_proxy}},
    {"proxy",
     At::router,
     "redirect 22 open 22 banner \"SSH-2.0-proxy\\r\\n\"",
     SSH,
     {M::transparent_proxy}},
};

const std::vector<Fault> between_hops{
    {"bridge-drop", At::bridge, "bridge b ingress drop tcp 22", SSH, {M::filter_drop}},
    {"bridge-reset", At::bridge, "bridge b ingress reset tcp 22", SSH, {M::middlebox_reset}, 2},
    {"bridge-admin",
     At::bridge,
     "bridge b ingress reject admin tcp 22",
     SSH,
     {M::icmp_reject_router},
     2},
    {"injector", At::bridge, "injector i ttl 57 count 2 window 1980", SSH, {M::injected_reset}},
    {"ttl-copy",
     At::bridge,
     "injector i copy-ttl instead",
     SSH,
     {M::middlebox_reset, M::injected_reset}},
    {"port-forward", At::forwarder, "port-forward 22", "", {M::port_forward}},
    {"forward-reject",
     At::forwarder,
     "port-forward 22",
     SSH " input reject port tcp 22",
     {M::icmp_reject_host}},
};

const std::vector<Fault> on_client{
    {"local-output-drop", At::client, "output drop tcp 22", SSH, {M::local_output_filter}},
    {"local-output-reject", At::client, "output reject port tcp 22", SSH, {M::local_output_filter}},
    {"local-input-drop", At::client, "input drop tcp 22", SSH, {M::local_input_filter}},
    {"no-local-route", At::client, "no-route", SSH, {M::local_route}},
    {"gateway-dead", At::client, "gateway-dead", SSH, {M::local_neighbour}},
    {"link-down", At::client, "link-down", SSH, {M::local_interface}},
};
#undef SSH

}  // namespace

const std::vector<Fault>& random_faults() {
  static const auto all = [] {
    auto faults = on_host;
    for (const auto* part : {&on_router, &between_hops, &on_client})
      faults.insert(faults.end(), part->begin(), part->end());
    return faults;
  }();
  return all;
}

bool is_told_by_icmp(const Fault& fault) {
  constexpr std::array by_icmp{M::icmp_reject_host, M::icmp_reject_router, M::no_route,
                               M::route_prohibited, M::routing_loop,       M::host_down};
  return std::ranges::find(by_icmp, fault.mechanisms.front()) != by_icmp.end();
}

}  // namespace hopblame::properties
