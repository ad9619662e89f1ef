// A connection without a packet of it: what came after the handshake, and how late it was made.

#include <algorithm>
#include <cerrno>

#include "analysis/analyse.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

/// To an SSH server that greeted and was answered.
Run greeted() {
  Run run;
  run.goal.target = {IpAddress::parse("203.0.113.10").value(), 22};
  run.goal.control_port = 61000;
  run.facts.vantage.local = IpAddress::parse("192.0.2.7").value();
  run.started = TimePoint(1000s);
  run.ended = run.started + 5s;
  auto& connect = run.connect.emplace();
  connect.at = run.started;
  connect.ended = connect.at + 1ms;
  connect.greeting = "SSH-2.0-x\r\n";
  connect.spoke = connect.at + 20ms;
  connect.ssh.emplace();
  connect.ssh->heard = connect.ssh->identified = connect.ssh->said = connect.spoke;
  connect.ssh->said_bytes = 1462;
  run.connect_only = ConnectOnly{{}, true, ECONNREFUSED};
  return run;
}

Run works() {
  auto run = greeted();
  run.connect->ssh->answered = run.connect->at + 30ms;
  return run;
}

/// It took so long, after SYNs sent again; the answer took `round_trip`.
Run late(Duration took, std::uint32_t repeats, std::optional<Duration> round_trip) {
  auto run = works();
  run.connect->ended = run.connect->at + took;
  run.connect_only->syns = SynsTold{repeats, round_trip};
  return run;
}

std::optional<unsigned> rank_of(const Verdict& verdict, Mechanism mechanism) {
  const auto found = std::ranges::find(verdict.explanations, mechanism, &Explanation::mechanism);
  return found == verdict.explanations.end() ? std::nullopt : std::optional(found->rank);
}

bool says(const Verdict& verdict, const char* text) {
  return std::ranges::any_of(verdict.explanations.front().because, [&](const Evidence& evidence) {
    return evidence.text.str().find(text) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("connect only: reset once the client has spoken is no open port", "[connect-only]") {
  auto run = greeted();
  run.connect->closed = run.connect->at + 22ms;
  run.connect->close_error = ECONNRESET;
  const auto verdict = analyse(run).verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  CHECK(verdict.culprit.confidence == Confidence::weak);
  for (const auto mechanism :
       {Mechanism::injected_reset, Mechanism::data_blocked, Mechanism::accept_then_close})
    CHECK(rank_of(verdict, mechanism) == 1);
  CHECK_FALSE(rank_of(verdict, Mechanism::syn_proxy));  // what greets is a service
  CHECK(says(verdict, "after its greeting and our first words"));
}

TEST_CASE("connect only: reset before connect() returned", "[connect-only]") {
  auto run = greeted();
  run.connect->error = ECONNRESET;
  run.connect->spoke.reset();
  run.connect->greeting.clear();
  run.connect->ssh = SshRecord{};
  const auto verdict = analyse(run).verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  CHECK(rank_of(verdict, Mechanism::accept_queue_full) == 2);
}

TEST_CASE("connect only: a greeting whose conversation hangs is no open port", "[connect-only]") {
  auto run = greeted();
  const auto hangs = analyse(run).verdict;
  CHECK(hangs.outcome == Outcome::silent_service);
  CHECK(hangs.culprit.confidence == Confidence::weak);
  CHECK(rank_of(hangs, Mechanism::data_blocked) == 1);
  CHECK(rank_of(hangs, Mechanism::tarpit) == 2);
  run.ended = run.connect->at + 1s;  // too soon to say
  CHECK(analyse(run).verdict.outcome == Outcome::open);
  const auto open = analyse(works()).verdict;
  CHECK(open.outcome == Outcome::open);
  CHECK(open.culprit.confidence == Confidence::strong);
}

TEST_CASE("connect only: one SYN without an answer may be chance", "[connect-only]") {
  const auto verdict = analyse(late(1030ms, 1, 4ms)).verdict;
  CHECK(verdict.outcome == Outcome::open);
  CHECK(verdict.culprit.confidence == Confidence::weak);
  for (const auto mechanism : {Mechanism::path_loss, Mechanism::syn_filter, Mechanism::rate_limit})
    CHECK(rank_of(verdict, mechanism) == 2);
  CHECK(says(verdict, "of its 2 SYNs the one sent after 1.0 s was answered"));
}

TEST_CASE("connect only: several in a row are none", "[connect-only]") {
  const auto verdict = analyse(late(7060ms, 3, 4ms)).verdict;
  CHECK(verdict.outcome == Outcome::intermittent);
  CHECK(verdict.culprit.confidence == Confidence::weak);
  for (const auto mechanism : {Mechanism::rate_limit, Mechanism::filter_drop, Mechanism::blackhole})
    CHECK(rank_of(verdict, mechanism) == 1);
  CHECK(rank_of(verdict, Mechanism::path_loss) == 2);
  CHECK_FALSE(rank_of(verdict, Mechanism::listening));
}

TEST_CASE("connect only: an answer that comes late is no loss", "[connect-only]") {
  const auto verdict = analyse(late(3504ms, 2, 3504ms)).verdict;
  CHECK(verdict.outcome == Outcome::open);
  CHECK(verdict.culprit.confidence == Confidence::strong);
  CHECK(verdict.explanations.size() == 1);
  CHECK(says(verdict, "the answer to its first SYN came so late"));
  const auto unknown = analyse(late(3504ms, 2, {})).verdict;  // no time stamps
  CHECK(unknown.outcome == Outcome::open);
  CHECK(unknown.culprit.confidence == Confidence::weak);
  CHECK(says(unknown, "got no answer, or got it late"));
}

TEST_CASE("connect only: a refusal that came late says so", "[connect-only]") {
  auto run = late(2040ms, 1, {});
  run.connect->error = ECONNREFUSED;
  const auto verdict = analyse(run).verdict;
  CHECK(verdict.outcome == Outcome::refused);
  CHECK(says(verdict, "took 2.0 s and 2 SYNs"));
}

TEST_CASE("connect only: of the other port is said how long it was waited for", "[connect-only]") {
  auto run = works();
  run.connect_only->control_error.reset();
  run.connect_only->control_waited = 2500ms;
  const auto verdict = analyse(run).verdict;
  CHECK(says(verdict, "Port 61000 of the same address gave no answer in 2.5 s."));
}
