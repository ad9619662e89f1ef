// Found in the lab: a rule at r2 that looks at the hop limit meets what applications send and lets
// the probes of a walk pass, so that those reach the host. Chain: client, r1..r4, host at hop 5.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// SYNs of full length before and after the walk, which the host answers at hop 5.
std::string walked(const std::string& many, const std::string& by_host) {
  return "0 syn target" + many + "\n" + passes("target", 1, 4) + "0.2 syn target @5 < " + by_host +
         "\n0.6 syn target" + many + "\n" + closed_control(5);
}

}  // namespace

TEST_CASE("A RST meets SYNs with many hops alone: it is placed by its own way back") {
  const auto family = each_family();
  const std::string expected = "refused: router 2..2 strong: middlebox-reset";
  CHECK(verdict_of(walked(" < rst-ack ttl=63", "rst-ack ttl=60 marked"), family) == expected);
  CHECK(verdict_of(walked(" < rst-ack ttl=63", "syn-ack ttl=60"), family) == expected);
}

TEST_CASE("A message meets SYNs with many hops alone: its sender decides, not the closed port") {
  const auto family = each_family();
  CHECK(verdict_of(walked(" < icmp=admin from=r2 ttl=63 q=62", "rst-ack ttl=60 marked"), family) ==
        "rejected: router 2..2 strong: icmp-reject-router");
}

TEST_CASE("All with many hops went before the others: a rule may have been lifted meanwhile") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < icmp=admin from=r2 ttl=63 q=62\n0.1 syn target < icmp=admin "
      "from=r2 ttl=63 q=62\n" +
      passes("target", 1, 4) + "0.2 syn target @5 < rst-ack ttl=60 marked\n" + closed_control(5);
  CHECK(verdict_of(lines, family) == "rejected: router 2..2 weak: icmp-reject-router");
}

TEST_CASE("SYNs with many hops vanish, those with few do not: a rule, and no limit by time") {
  const auto family = each_family();
  const auto lines = walked("", "syn-ack ttl=60") + "0.7 syn target x6 every=0.2\n" +
                     "0.75 syn target @6 x6 every=0.2 < syn-ack ttl=60\n";
  CHECK(verdict_of(lines, family) == "dropped: between 1..5 strong: filter-drop");
}

TEST_CASE("The host itself refuses with many hops as with few: nothing looks at the hop limit") {
  const auto family = each_family();
  const std::string closed = "rst-ack ttl=60 marked";
  CHECK(verdict_of(walked(" < " + closed, closed), family) ==
        "refused: destination 5..5 strong: closed-port");
}
