// Answers come in, and this machine's stack takes no notice of them: they are in frames for another
// machine, or signed as nobody asked. No rule here need be to blame. Host at hop 4.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/trace_words.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

}  // namespace

TEST_CASE("A SYN/ACK signed as nobody asked is ignored by the stack: no rule need be to blame") {
  const auto family = each_family();
  const auto lines =
      "0 connect < syn-ack ttl=61 signed\n0 syn target < syn-ack ttl=61 signed stack-silent\n"
      "fact ends=2\n" +
      passes("target", 1, 3) + closed_control(4);
  CHECK(verdict_of(lines, family) ==
        "dropped: between 0..4 weak: answer-lost 1..4 local-input-filter 0..0");
}

TEST_CASE("Answers in frames for another machine: the neighbour has a wrong hardware address") {
  const auto family = each_family();
  for (const std::string kind : {"syn-ack", "rst-ack"}) {
    const auto analysis =
        analyse(run_of("0 connect < " + kind + " ttl=61 for-another\n0 syn target < " + kind +
                           " ttl=61 for-another stack-silent\nfact ends=2\n" +
                           passes("target", 1, 3) + closed_control(4),
                       family));
    CHECK(in_one_line(analysis.verdict) == "dropped: router 1..1 strong: answer-lost");
    CHECK(analysis.verdict.culprit.where.address == address_of("r1", family));
    const auto because = analysis.verdict.explanations.front().because.front().text.str();
    CHECK(because.find("hardware address 02:00:00:00:00:09") != std::string::npos);
  }
}

TEST_CASE("Answers to another address of this machine's own links may be dropped by a rule") {
  const auto lines =
      "fact on-other-links\n0 connect < syn-ack ttl=61 for-another\n"
      "0 syn target < syn-ack ttl=61 for-another stack-silent\nfact ends=2\n" +
      passes("target", 1, 3) + closed_control(4);
  CHECK(verdict_of(lines) ==
        "dropped: between 0..1 weak: answer-lost 1..1 local-input-filter 0..0");
}

TEST_CASE("Answers to another hardware address that the stack hears are for this machine") {
  const auto lines =
      "0 connect < syn-ack ttl=61 for-another\n0 syn target < syn-ack ttl=61 for-another\n"
      "fact ends=2\n" +
      passes("target", 1, 3) + closed_control(4);
  CHECK(verdict_of(lines) == "local: this-host 0..0 strong: local-input-filter");
}

TEST_CASE("Rejections in frames for another machine are not dropped by a rule here") {
  const auto lines =
      "0 connect syns=2 < icmp=admin from=r2 ttl=63 for-another < icmp=admin from=r2 ttl=63 only=2 "
      "for-another\n0 syn target < icmp=admin from=r2 ttl=63 for-another\nfact ends=4\n" +
      passes("target", 1, 2) + closed_control(4);
  CHECK_THAT(verdict_of(lines), ends_with("answer-lost 1..1"));
}
