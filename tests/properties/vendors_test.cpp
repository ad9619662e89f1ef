// Devices that no lab of Linux namespaces can run: synthetic scenarios, each written from what its
// vendor documents or was measured elsewhere, in virtual time. They show that the verdict follows
// from such packets, not that a device of that name sends them.

#include <fmt/format.h>

#include "analysis/analyse.hpp"
#include "tests/properties/check.hpp"
#include "tests/properties/matrix_rows.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

struct Device {
  const char* name;
  const char* router;  ///< of hop 2
  const char* behind;  ///< a line behind hop 2
  std::string host;    ///< at hop 5
  Outcome outcome;
  Mechanism mechanism;  ///< must be of rank 1
  unsigned hop;         ///< must lie in the culprit's interval
};

using M = Mechanism;
using O = Outcome;

const std::vector<Device> devices{
    // An ACL that denies: 3/13 from the interface, at most one each 500 ms, 28 bytes quoted.
    {"Cisco IOS ACL", "ttl 255 quote 8 icmp-limit 1 2 forward reject admin tcp 22", "", open,
     O::rejected, M::icmp_reject_router, 2},
    {"Cisco IOS ACL, no ip unreachables", "ttl 255 quote 8 prerouting drop tcp 22", "", open,
     O::dropped, M::filter_drop, 2},
    // Outbound denies get a RST; the firewall does not count the hop limit down.
    {"Cisco ASA, service resetoutbound", "", "bridge asa ingress reset tcp 22", open, O::refused,
     M::middlebox_reset, 3},
    // Its tcp-map verifies no checksum unless told to: that tells it from a rule of the host.
    {"Cisco ASA, transparent right before the host", "", "",
     open + " ingress careless-reset tcp 22", O::refused, M::middlebox_reset, 5},
    {"FortiGate, send-deny-packet", "ttl 255 forward reset tcp 22", "", open, O::refused,
     M::middlebox_reset, 2},
    {"FortiGate, deny-tcp-with-icmp", "ttl 255 forward reject admin tcp 22", "", open, O::rejected,
     M::icmp_reject_router, 2},
    {"Juniper SRX, reject", "forward reset tcp 22", "", open, O::refused, M::middlebox_reset, 2},
    {"Juniper MX, filter reject", "icmp-limit 3 2 prerouting reject admin tcp 22", "", open,
     O::rejected, M::icmp_reject_router, 2},
    {"Palo Alto, drop", "silent forward drop tcp 22", "", open, O::dropped, M::filter_drop, 2},
    {"AWS security group", "", "", open + " ingress drop tcp 22", O::dropped, M::filter_drop, 5},
    {"OCI image", "", "",
     open + " input reject host-prohibited tcp input reject host-prohibited udp", O::rejected,
     M::icmp_reject_host, 5},
    // Closed ports keep silent, and so does everything else.
    {"Windows, stealth", "", "", "ttl 128 plain-class stealth", O::dropped, M::filter_drop, 5},
    {"FreeBSD, blackhole=2", "", "", "stealth", O::dropped, M::host_silent, 5},
    {"pf on the host, block return", "", "", open + " input pf-reset tcp 22", O::refused,
     M::host_firewall_reset, 5},
    {"pf on a router, block return", "forward pf-reset tcp 22", "", open, O::refused,
     M::middlebox_reset, 2},
    {"ufw reject: INVALID is dropped first", "", "",
     open + " input reset tcp 22 new input drop tcp invalid", O::refused, M::host_firewall_reset,
     5},
    {"kube-proxy without endpoints", "forward reject port tcp 22 new", "", open, O::rejected,
     M::icmp_reject_router, 2},
    // Three RSTs with windows that count up, and the real answer behind them.
    {"injector like the Great Firewall's", "", "injector gfw ttl 51 count 3 window 1980", open,
     O::refused, M::injected_reset, 3},
    {"MikroTik or xt_TARPIT", "", "", "open 22 tarpit", O::silent_service, M::tarpit, 5},
};

Verdict verdict_of(const Device& device, Family family) {
  Chain chain;
  chain.hops = 5;
  chain.fault_hop = 2;
  chain.fault = device.router;
  chain.after_fault = device.behind;
  chain.host = device.host;
  const auto session = sim::probe(sim::parse_scenario(text_of(chain), family));
  CHECK(session.done);
  return analyse(session.run).verdict;
}

bool is_best(const Verdict& verdict, Mechanism mechanism) {
  return std::ranges::any_of(verdict.explanations, [&](const Explanation& explanation) {
    return explanation.rank == 1 && explanation.mechanism == mechanism;
  });
}

/// Everything that its routes say no to is told so, after the hop limit was looked at.
Verdict after_count(const std::string& reason, Family family) {
  const auto router = "counts-first icmp-limit 100 100 route " + reason;
  return verdict_of({"", router.c_str(), "", open, O::unreachable, M::no_route, 2}, family);
}

}  // namespace

TEST_CASE("a router that looks at the hop limit before its routes (BSD, tayga)", "[vendors]") {
  for (const auto* reason : {"net", "no-route", "host", "unreachable"})
    for (const auto family : {Family::ipv4, Family::ipv6}) {
      const auto verdict = after_count(reason, family);
      INFO(reason << ", " << to_string(family) << ": " << in_short(verdict));
      CHECK(verdict.outcome == Outcome::unreachable);
      CHECK(is_best(verdict, Mechanism::no_route));
      CHECK_FALSE(is_best(verdict, Mechanism::icmp_reject_router));
      CHECK(holds(verdict.culprit.where, 2));
    }
}

TEST_CASE("such a router with a route that prohibits is no rule for certain", "[vendors]") {
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const auto verdict = after_count("prohibit", family);
    INFO(to_string(family) << ": " << in_short(verdict));
    CHECK(lists(verdict, Mechanism::route_prohibited));
    CHECK(lists(verdict, Mechanism::icmp_reject_router));
    CHECK(verdict.culprit.confidence != Confidence::certain);
    CHECK(holds(verdict.culprit.where, 2));
  }
}

TEST_CASE("a rule that sends the same codes is told from such a router", "[vendors]") {
  for (const auto* reason : {"net", "no-route", "host"})
    for (const auto family : {Family::ipv4, Family::ipv6}) {
      const auto rule = fmt::format("icmp-limit 100 100 forward reject {} tcp", reason);
      const auto verdict =
          verdict_of({"", rule.c_str(), "", open, O::rejected, M::icmp_reject_router, 2}, family);
      INFO(reason << ", " << to_string(family) << ": " << in_short(verdict));
      CHECK(verdict.outcome == Outcome::rejected);
      CHECK(is_best(verdict, Mechanism::icmp_reject_router));
    }
}

TEST_CASE("devices the lab cannot run, synthetic", "[vendors]") {
  for (const auto& device : devices)
    for (const auto family : {Family::ipv4, Family::ipv6}) {
      const auto verdict = verdict_of(device, family);
      INFO(device.name << ", " << to_string(family) << ": " << in_short(verdict));
      CHECK(verdict.outcome == device.outcome);
      CHECK(is_best(verdict, device.mechanism));
      CHECK(holds(verdict.culprit.where, device.hop));
    }
}

TEST_CASE("behind a user-space NAT nothing is located", "[vendors]") {
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const auto verdict =
        verdict_of({"", "ttl-rewrite", "", "", O::refused, M::closed_port, 5}, family);
    INFO(in_short(verdict));
    CHECK(lists(verdict, Mechanism::closed_port));
    CHECK(verdict.culprit.confidence != Confidence::certain);
  }
}
