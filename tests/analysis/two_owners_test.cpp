// Two hardware addresses answer for the next machine: what was heard holds for one of them.

#include <algorithm>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/trace_words.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

std::string caveat_of(const Analysis& analysis) {
  const auto& caveats = analysis.verdict.caveats;
  const auto found = std::ranges::find(caveats, CaveatId::two_owners, &Caveat::id);
  return found == caveats.end() ? "" : found->text.str();
}

const std::string closed_next_door =
    "fact on-link\n0 syn target x4 < rst-ack ttl=64 marked\n"
    "0.2 syn target @1 < rst-ack ttl=64 marked\n" +
    closed_control(1) +
    "0.01 connect returns=ECONNREFUSED < rst-ack ttl=64\n0.3 echo < echo-reply ttl=64\n"
    "0.4 syn target @2 < rst-ack ttl=64 marked\n";

const std::string silent_beyond =
    "0 connect\n0 syn target x4\n0 syn control x4\n0 echo x3\n0 syn target @1\n0 syn target @2\n"
    "fact ends=5\n";

}  // namespace

TEST_CASE("Nothing is certain of a target on our link that two machines answer for") {
  const auto family = each_family();
  CHECK(verdict_of("0 arp server answered\n" + closed_next_door, family) ==
        "refused: destination 1..1 certain: closed-port");
  const auto analysis =
      analyse(run_of("0 arp server answered-by-two\n" + closed_next_door, family));
  CHECK(in_one_line(analysis.verdict) == "refused: destination 1..1 strong: closed-port");
  const auto said = caveat_of(analysis);
  CHECK(said.find("02:00:00:00:00:02 (packet ") != std::string::npos);
  CHECK(said.find("02:00:00:00:00:09 (packet ") != std::string::npos);
  CHECK(said.find("Packets went to 02:00:00:00:00:02") != std::string::npos);
}

TEST_CASE("A target on our link that is heard from two hardware addresses has two owners") {
  const auto family = each_family();
  const auto lines =
      "fact on-link\n0 connect < rst-ack ttl=64 marked\n"
      "0 syn target x6 < rst-ack ttl=64 marked by-another\n" +
      closed_control(1);
  CHECK_THAT(caveat_of(analyse(run_of(lines, family))), begins_with("Two hardware addresses"));
}

TEST_CASE("Beyond a gateway answers may come back by another hardware address") {
  const auto lines =
      "0 arp r1 answered\n0 connect < rst-ack ttl=61 marked\n"
      "0 syn target x6 < rst-ack ttl=61 marked by-another\n" +
      passes("target", 1, 3) + closed_control(4);
  CHECK(caveat_of(analyse(run_of(lines))).empty());
}

TEST_CASE(
    "Where nothing is heard beyond a gateway with two owners, the wrong one may lose it all") {
  const auto family = each_family();
  const auto analysis = analyse(run_of("0 arp r1 answered-by-two\n" + silent_beyond, family));
  const auto& found = analysis.verdict.explanations;
  const auto owner = std::ranges::find(found, Mechanism::local_neighbour, &Explanation::mechanism);
  REQUIRE(owner != found.end());
  CHECK(owner->rank == 1);
  CHECK(owner->where == Where{CulpritKind::router, 1, 1, address_of("r1", family)});
  CHECK(analysis.verdict.culprit.confidence == Confidence::weak);
  CHECK_FALSE(caveat_of(analysis).empty());
}

TEST_CASE("A gateway with two owners that passes packets on is not to blame for the port") {
  const auto lines =
      "0 arp r1 answered-by-two\n0 connect returns=ECONNREFUSED < rst-ack ttl=61 marked\n"
      "0 syn target x6 < rst-ack ttl=61 marked\n" +
      passes("target", 1, 3) + "0 syn target @4 < rst-ack ttl=61 marked\n" + closed_control(4);
  const auto said = verdict_of(lines);
  CHECK_THAT(said, begins_with("refused: destination 4..4 strong: closed-port"));
  CHECK_THAT(said, !mentions("local-neighbour"));
}
