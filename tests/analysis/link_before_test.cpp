// What has no hop of its own: a bridge before a router looks like a rule that this router has.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

std::string reasons(const std::string& lines, Family family) {
  std::string all;
  const auto analysis = analyse(run_of(lines, family));
  for (const auto& one : analysis.verdict.explanations.front().because) all += one.text.str() + ' ';
  return all;
}

}  // namespace

TEST_CASE("A rule before the hop-limit check of hop 1 may be a bridge's before it") {
  const auto family = each_family();
  const auto of_bridge = mentions("between this machine and hop 1 has no hop of its own");
  const std::string dropped =
      "0 syn target x3\n0.1 syn target @1 x3\n0.1 syn target @2 x3\n"
      "0.1 ack target x3\n0.1 ack control < rst ttl=61\n";
  CHECK_THAT(reasons(dropped + closed_control(4), family), of_bridge);
  const std::string reset = "0 syn target < rst-ack ttl=64\n0.1 syn target @1 < rst-ack ttl=64\n";
  CHECK_THAT(reasons(reset + closed_control(4), family), of_bridge);
  const std::string of_rule =
      "0 syn target < rst-ack ttl=64\n0.1 syn target @1 < te from=r1 ttl=64\n"
      "0.1 syn target @2 < rst-ack ttl=64\n";
  CHECK_THAT(reasons(of_rule + closed_control(4), family), !of_bridge);
}

TEST_CASE("A rejection in the host's name may come from a bridge, one in its own name may not") {
  const auto family = each_family();
  const auto rejected = [&](const std::string& from) {
    const auto answer = " < icmp=admin from=" + from + " ttl=63 forged ";
    return reasons("0 syn target" + answer + "q=63\n0.1 syn target @1 < te from=r1 ttl=64\n" +
                       "0.1 syn target @2" + answer + "q=1\n" + closed_control(4),
                   family);
  };
  CHECK_THAT(rejected("server"), mentions("on the link between hop 1 .* and hop 2"));
  CHECK_THAT(rejected("r2"), !mentions("on the link between"));
}

TEST_CASE("A hop that sends no message at all may reject as well: nobody hears it") {
  const auto family = each_family();
  const auto dropped = [&](const std::string& hop2) {
    return "0 syn target x3\n0.1 syn target @1 < te from=r1 ttl=64\n0.1 syn target @2 x3\n"
           "0.1 syn target @3 x3\n0.1 syn control @1 < te from=r1 ttl=64\n0.1 syn control @2" +
           hop2 + "\n0.1 syn control @3 < te from=r3 ttl=62\n0.1 syn control @4 < rst-ack ttl=61 " +
           "marked\n0 syn control < rst-ack ttl=61 marked\n";
  };
  const auto silent = mentions("Hop 2 sent no message at all");
  CHECK_THAT(reasons(dropped(" x3"), family), silent);
  CHECK_THAT(reasons(dropped(" < te from=r2 ttl=63"), family), !silent);
}
