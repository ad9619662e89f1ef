#include <algorithm>

#include "src/report/annotate.hpp"
#include "src/report/untrusted.hpp"
#include "tests/src/report/cases.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); });
}

}  // namespace

TEST_CASE("every packet an explanation cites has a comment that says why") {
  for (const auto& made : cases::all()) {
    CAPTURE(made.name);
    const auto comments = packet_comments(made.analysis);
    for (const auto& explanation : made.analysis.verdict.explanations)
      for (const auto& evidence : explanation.because)
        for (const FrameId frame : evidence.packets) {
          REQUIRE(comments.contains(frame));
          CHECK(comments.at(frame).starts_with("hopblame: "));
          CHECK(comments.at(frame).find(evidence.text.str()) != std::string::npos);
        }
  }
}

TEST_CASE("what two explanations say of a packet stands once, with both names") {
  const Evidence evidence{"A RST answers the SYN.", {FrameId{7}}};
  Analysis analysis;
  for (const auto mechanism : {Mechanism::closed_port, Mechanism::host_firewall_reset}) {
    Explanation explanation;
    explanation.mechanism = mechanism;
    explanation.because = {evidence};
    analysis.verdict.explanations.push_back(explanation);
  }
  analysis.verdict.explanations[1].against = {{"The class was echoed.", {FrameId{7}}}};
  CHECK(packet_comments(analysis) ==
        std::map<FrameId, std::string>{
            {FrameId{7},
             "hopblame: closed-port, host-firewall-reset: A RST answers the SYN.\n"
             "hopblame: against host-firewall-reset: The class was echoed."}});
}

TEST_CASE("the message that decided has a comment, though no sentence cites it") {
  Analysis analysis;
  analysis.icmp = DecidingIcmp{3, 13, *IpAddress::parse("192.0.2.1"), {}, FrameId{4}};
  const auto comments = packet_comments(analysis);
  REQUIRE(comments.size() == 1);
  CHECK(comments.at(FrameId{4}).find("administratively prohibited") != std::string::npos);
}

TEST_CASE("the section says target and answer, in plain characters whatever came from outside") {
  for (const auto& made : cases::all()) {
    const auto with = annotations(made.input());
    CHECK(with.section.starts_with("hopblame: "));
    CHECK(is_plain(with.section));
    for (const auto& [frame, comment] : with.packets) CHECK(is_plain(comment));
  }
  CHECK(annotations(cases::middlebox_reset().input()).section ==
        "hopblame: 203.0.113.10 port 22: refused by the router 198.51.100.77 (hop 2). How sure: "
        "strong.");
}

TEST_CASE("names: of the hops, and of the target where it was given by name") {
  auto made = cases::middlebox_reset();
  CHECK(annotations(made.input()).names.size() == 2);
  made.run.goal.host = "203.0.113.10";
  CHECK(annotations(made.input()).names.size() == 1);
}
