// Packets that look like the answers and do not carry our numbers: never believed, but told of
// where each SYN draws one. Host at hop 4.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

/// Five flows, three hops walked beyond the first, each answered so.
std::string each_draws(const std::string& answer) {
  std::string lines = passes("target", 1, 1);
  for (int lane = 0; lane < 5; ++lane)
    lines += fmt::format("0 syn target x3 lane={} < {}\n", lane, answer);
  return lines + closed_control(4) + "fact ends=6\n";
}

Text first_reason(const std::string& lines, Family family) {
  return analyse(run_of(lines, family)).verdict.explanations.front().because.at(0).text;
}

}  // namespace

TEST_CASE("Each SYN draws a RST that no stack takes: a device on the way may send them") {
  const auto family = each_family();
  const auto* answer = GENERATE("rst ttl=63", "rst-ack ack=wrong ttl=63");
  const auto lines = each_draws(answer);
  const auto verdict = verdict_of(lines, family);
  CHECK_THAT(verdict, begins_with("dropped: between 1..4 weak: filter-drop middlebox-reset / "));
  CHECK_THAT(first_reason(lines, family).str(), mentions("got no answer with the right numbers"));
  CHECK_THAT(analyse(run_of(lines, family)).verdict.explanations.front().because.at(1).text.str(),
             begins_with("15 RSTs came to the ports of these SYNs"));
}

TEST_CASE("SYN/ACKs with wrong numbers: the answer may be spoilt on its way back") {
  const auto verdict = verdict_of(each_draws("syn-ack ack=wrong ttl=61"), each_family());
  CHECK(verdict == "dropped: between 1..4 weak: filter-drop answer-lost");
}

TEST_CASE("Rejections that quote other numbers than ours: their sender is listed") {
  const auto lines = each_draws("icmp=admin from=r3 ttl=62 q=62 quoted-seq=wrong only=1");
  const auto verdict = analyse(run_of(lines, each_family())).verdict;
  CHECK(lists(verdict.explanations, Mechanism::icmp_reject_router));
  CHECK(verdict.culprit.confidence == Confidence::weak);
}

TEST_CASE("A few strange packets, or different ones, change nothing") {
  const auto family = each_family();
  const auto quiet = verdict_of(each_draws("rst ttl=63 only=9"), family);
  CHECK(verdict_of(each_draws("rst ttl=63 only=1") + "0.5 syn target lane=7\n", family) == quiet);
  CHECK(verdict_of(each_draws("rst ttl=63 only=1 < rst-ack ack=wrong ttl=50 only=2"), family) ==
        quiet);
}
