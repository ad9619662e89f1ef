// A device near us resets in the host's name, does not count the hop limit down or says nothing
// when it ends there, and the host is far: its first answer comes long after the RST.

#include <fmt/format.h>

#include "analysis/analyse.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

/// Two hops near us, the long way behind them.
std::string network(const std::string& second, double round_trip_ms, const std::string& host) {
  return fmt::format(
      "client 192.0.2.7\nhop r1 198.51.1.1 delay 0.02ms\n{}\n"
      "hop r3 198.51.3.1 delay {:.4f}ms\nhop r4 198.51.4.1 delay 0.02ms\n"
      "host 203.0.113.10 delay 0.02ms {}\n",
      second, round_trip_ms / 2, host);
}

const std::string open = "open 22 banner \"SSH-2.0-x\\r\\n\"";
const std::string mute_firewall = "hop r2 198.51.2.1 delay 0.02ms silent prerouting reset tcp 22";
const std::string bridge =
    "hop r2 198.51.2.1 delay 0.02ms\nbridge box delay 0.02ms ingress reset tcp 22";

sim::Session asked(const std::string& text, Family family) {
  return sim::probe(sim::parse_scenario(text, family));
}

}  // namespace

TEST_CASE("a near device that resets is not the far host it speaks for", "[near-reset]") {
  for (const auto& box : {mute_firewall, bridge})
    for (const double round_trip : {1.0, 100.0, 300.0, 450.0, 600.0, 900.0})
      for (const auto family : {Family::ipv4, Family::ipv6}) {
        const auto session = asked(network(box, round_trip, open), family);
        const auto verdict = analyse(session.run).verdict;
        INFO(in_short(verdict) << "\n" << history(session));
        CHECK(session.done);
        CHECK(verdict.outcome == Outcome::refused);
        CHECK(lists(verdict, Mechanism::middlebox_reset));
        CHECK(verdict.culprit.where.kind != CulpritKind::destination);
        CHECK(verdict.explanations.front().mechanism == Mechanism::middlebox_reset);
        CHECK(seconds(session.elapsed()) <= 1.3 + 3 * round_trip / 1000);
      }
}

TEST_CASE("who answers nothing but a RST may be a device as well as the host", "[near-reset]") {
  for (const auto& host : {open + " drop-all", open + " input reset tcp 22 input drop"}) {
    const bool device = host.ends_with("drop-all");
    const auto hop = device ? mute_firewall : "hop r2 198.51.2.1 delay 0.02ms";
    const auto session = asked(network(hop, 20, host), Family::ipv4);
    const auto verdict = analyse(session.run).verdict;
    INFO(in_short(verdict) << "\n" << history(session));
    CHECK(session.done);
    CHECK(verdict.outcome == Outcome::refused);
    CHECK(verdict.culprit.confidence == Confidence::weak);
    CHECK(holds(verdict.culprit.where, device ? 2 : 5));
    CHECK(lists(verdict, Mechanism::middlebox_reset));
    CHECK(lists(verdict, Mechanism::host_firewall_reset));
    CHECK(seconds(session.elapsed()) <= 1.3 + 3 * 0.02);
  }
}
