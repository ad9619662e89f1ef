#pragma once
// A network with a fault in it, as text an engineer reads: devices in the order a packet meets
// them, one per line, options after the name. Lines that start with a space continue the last one.
//
//     client 192.0.2.7
//     hop r1 192.0.2.1 delay 5ms
//     hop r2 198.51.100.1 ttl 255 forward drop tcp 22
//     host 203.0.113.10 open 22 banner "SSH-2.0-x\r\n"
//     truth filter-drop 2
//
// Every word is in the tables of scenario.cpp and rule_words.cpp. Addresses are IPv4; for IPv6 each
// becomes 2001:db8:: with the four bytes at its end.

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/flow.hpp"
#include "analysis/model/time.hpp"
#include "analysis/model/words.hpp"

namespace hopblame::sim {

/// Where in a Linux box a rule stands; ingress is netdev ingress, before IP looks at the packet.
enum class Hook { ingress, prerouting, forward, postrouting, input, output };

enum class Action {
  drop,
  reset,           ///< REJECT --reject-with tcp-reset
  pf_reset,        ///< pf `block return`
  careless_reset,  ///< a device that verifies no checksum
  icmp,            ///< REJECT with an ICMP message
};

/// Why a box sends an ICMP error; the numbers depend on the family (answers.cpp).
enum class Reason {
  no_route,
  unreachable,
  prohibit,
  neighbour,
  net,
  host,
  port,
  net_prohibited,
  host_prohibited,
  admin,
  hop_limit,
  too_big,
};

/// Which segments a rule means, as conntrack sees them (signatures section 1, measured).
enum class State {
  any,
  syn,            ///< SYN without ACK
  fresh,          ///< ct state new: a SYN, and a bare ACK picked up in mid-stream
  invalid,        ///< ct state invalid: FIN, NULL, a wrong checksum, SYN/ACK from nowhere
  stray,          ///< no SYN and of no known connection: what a strict NAT eats
  unestablished,  ///< neither ACK nor RST set: what an `established` ACL stops
  syn_ack,
  data,
  marked,    ///< the ToS is not 0
  unmarked,  ///< it is
};

struct Rule {
  Hook hook = Hook::forward;
  bool back = false;  ///< meant for packets toward the client; the port is then the source port
  Action action = Action::drop;
  Reason reason = Reason::port;
  std::optional<Transport> transport;
  std::optional<std::uint16_t> port;
  State state = State::any;
  unsigned after = 0;     ///< lets the first so many matches pass
  bool source = false;    ///< once it bit it drops everything of this client (a ban)
  double per_second = 0;  ///< lets so many a second pass; 0: all
  double burst = 1;       ///< of these so many at once
};

enum class Ending { stay, fin, reset };

struct Service {
  std::uint16_t port = 22;
  std::string greeting;
  Duration after{};  ///< from the handshake to the greeting or the ending
  Ending ending = Ending::stay;
  bool queue_full = false, md5 = false;
  bool tarpit = false;              ///< xt_TARPIT: holds connections open with a window of 0
  bool dies = false;                ///< on the client's first data: a child that crashes
  std::size_t key_exchange = 1080;  ///< bytes of the KEXINIT of one that greets with "SSH-"
  Duration line_every{};            ///< a tarpit: one more line after each; 0: none
};

/// The wire before a box, seen from the client.
struct Link {
  Duration delay = std::chrono::milliseconds(1);  ///< one way
  Duration jitter{};                              ///< added, uniform from 0
  double loss = 0;                                ///< each way
  Duration down_for{};                            ///< from the start on
  std::uint8_t longer_return = 0;                 ///< hops that only packets toward us pass
};

/// A device that answers a SYN in another's name while the packet passes, or instead of it.
struct Injection {
  std::uint16_t port = 22;
  State trigger = State::syn;       ///< or data
  std::optional<std::uint8_t> ttl;  ///< absent: copies the hop limit of the probe
  unsigned count = 1;
  std::uint16_t window = 0;
  Duration after{};
  bool passes = true;
};

/// How a NAT that makes connections of its own says that one of them failed, refused ones apart.
enum class FailedCall { fin, reset };

enum class BoxKind { router, bridge, injector, host };

/// One device. What is meant for another kind of device is ignored.
struct Box {
  BoxKind kind = BoxKind::router;
  std::string name;
  IpAddress address;
  std::optional<IpAddress> far_address;  ///< absent: derived; IPv6 errors of packets from beyond
  Link link;
  bool alternative = false;  ///< shares its hop with the box before it (equal-cost paths)
  std::uint8_t icmp_ttl = 64, reset_ttl = 64;
  unsigned quote = 0;                   ///< bytes after the quoted IP header; 0: all
  std::optional<double> burst, refill;  ///< of its ICMP limit; absent: Linux of that family
  std::optional<double> limit_left;     ///< of it at the start; absent: all
  std::vector<Rule> rules;
  std::vector<Service> services;
  // routers
  bool silent = false;  ///< no time exceeded
  /// It looks at the hop limit before its routes, and quotes the packet as it came (ip_forward of
  /// BSD).
  bool counts_first = false;
  bool bleaches = false;      ///< clears ToS
  bool rewrites_ttl = false;  ///< user-space NAT: sends every packet on as its own, with 64
  bool loops = false;         ///< routes the target back where it came from
  bool blackhole = false;
  bool conntrack = false;  ///< a NAT or a stateful firewall: passes what answers the last SYN only
  std::optional<Reason> route;  ///< its routing table says no
  std::uint32_t mtu = 1500;     ///< of the link behind it
  bool mtu_hole = false;        ///< it does not say that a packet is too big for that link
  std::optional<std::uint16_t> redirect, port_forward, syn_proxy;
  std::optional<FailedCall> user_nat;  ///< a program; of its options only the address counts
  // bridges
  bool has_address = false;  ///< rejects as an IP host does, not as netdev ingress does
  // hosts
  bool down = false, stealth = false, no_echo = false, no_way_back = false, echoes_class = true;
  // injectors
  Injection injection;
};

struct ClientSpec {
  IpAddress address;
  std::vector<Rule> rules;
  int route_error = 0;
  bool gateway_dead = false, link_down = false, loopback = false;
};

/// What is really wrong, for the tests to compare with.
struct Truth {
  std::vector<Mechanism> mechanisms;  ///< any of them is the truth (one fault, several names)
  std::uint8_t hop = 0;
};

struct Scenario {
  Family family = Family::ipv4;
  ClientSpec client;
  std::vector<Box> path;  ///< in the order a packet meets them; the last is a host
  Endpoint target;
  bool no_icmp = false;  ///< no ICMP ever reaches the client
  std::optional<Truth> truth;
  std::string text;  ///< as written, for the history of a failed test
};

struct ScenarioError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws ScenarioError: "line 3: 'fowrard' is not a word for a hop".
[[nodiscard]] Scenario parse_scenario(std::string_view text, Family family = Family::ipv4);

/// Over all links and back, without jitter.
[[nodiscard]] Duration round_trip(const Scenario& scenario);

/// Number of hops to the host at the end of the path.
[[nodiscard]] std::uint8_t host_distance(const Scenario& scenario);

}  // namespace hopblame::sim
