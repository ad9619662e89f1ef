// What connect() alone tells, and how little it may claim.

#include "analysis/verdict/connect_only.hpp"

#include <algorithm>
#include <cerrno>

#include "analysis/analyse.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }

Run run_with(int error, std::optional<QueuedIcmp> icmp = {}) {
  Run run;
  run.goal.target = {ip("203.0.113.10"), 22};
  run.goal.control_port = 61000;
  run.facts.vantage.local = ip("192.0.2.7");
  run.facts.vantage.gateway = ip("192.0.2.1");
  run.started = TimePoint(1000s);
  run.ended = run.started + 5s;
  run.connect.emplace();
  run.connect->at = run.started;
  run.connect->ended = run.started + 1ms;
  run.connect->error = error;
  run.connect_only = ConnectOnly{icmp, true, ECONNREFUSED};
  return run;
}

QueuedIcmp message(std::uint8_t type, std::uint8_t code, const char* from) {
  return {type, code, ip(from)};
}

bool lists(const Verdict& verdict, Mechanism mechanism) {
  return std::ranges::any_of(verdict.explanations,
                             [&](const Explanation& e) { return e.mechanism == mechanism; });
}

/// Nothing of the network is ever more than weakly blamed, and the caveat is there.
Verdict judged(const Run& run) {
  const auto verdict = analyse(run).verdict;
  const auto kind = verdict.culprit.where.kind;
  if (kind != CulpritKind::none && kind != CulpritKind::this_host)
    CHECK(verdict.culprit.confidence == Confidence::weak);
  CHECK(std::ranges::any_of(verdict.caveats,
                            [](const Caveat& c) { return c.id == CaveatId::unprivileged; }));
  return verdict;
}

}  // namespace

TEST_CASE("connect only: a refusal may be anybody's", "[connect-only]") {
  const auto verdict = judged(run_with(ECONNREFUSED));
  CHECK(verdict.outcome == Outcome::refused);
  CHECK(verdict.culprit.where.kind == CulpritKind::unknown);
  CHECK(lists(verdict, Mechanism::closed_port));
  CHECK(lists(verdict, Mechanism::middlebox_reset));
}

TEST_CASE("connect only: the sender of an ICMP message is named", "[connect-only]") {
  auto verdict = judged(run_with(EHOSTUNREACH, message(3, 13, "198.51.100.2")));
  CHECK(verdict.outcome == Outcome::rejected);
  CHECK(verdict.culprit.where.address == ip("198.51.100.2"));
  verdict = judged(run_with(EHOSTUNREACH, message(3, 10, "203.0.113.10")));
  CHECK(verdict.culprit.where.kind == CulpritKind::destination);
  verdict = judged(run_with(EHOSTUNREACH, message(3, 1, "198.51.100.9")));
  CHECK(verdict.outcome == Outcome::unreachable);
  CHECK(lists(verdict, Mechanism::host_down));
  CHECK(lists(verdict, Mechanism::icmp_reject_router));
}

TEST_CASE("connect only: what this machine tells itself is local", "[connect-only]") {
  CHECK(lists(judged(run_with(EHOSTUNREACH, message(3, 1, "192.0.2.7"))),
              Mechanism::local_neighbour));
  CHECK(lists(judged(run_with(ECONNREFUSED, message(3, 3, "192.0.2.7"))),
              Mechanism::local_output_filter));
  CHECK(lists(judged(run_with(EPERM)), Mechanism::local_output_filter));
  auto on_link = run_with(EHOSTUNREACH);
  on_link.facts.vantage.gateway.reset();
  CHECK(judged(on_link).outcome == Outcome::unreachable);
}

TEST_CASE("connect only: silence, and what the other port adds", "[connect-only]") {
  auto run = run_with(0);
  run.connect->ended.reset();
  CHECK(lists(judged(run), Mechanism::accept_queue_full));
  run.connect_only->control_error.reset();
  CHECK(judged(run).outcome == Outcome::dropped);
  CHECK(lists(judged(run), Mechanism::host_silent));
  run.facts.interrupted = true;
  CHECK(judged(run).outcome == Outcome::inconclusive);
}

TEST_CASE("connect only: accepted, and then", "[connect-only]") {
  auto run = run_with(0);
  CHECK(judged(run).outcome == Outcome::silent_service);
  run.connect->closed = run.ended;
  CHECK(judged(run).outcome == Outcome::closed_early);
  run.connect->closed.reset();
  run.connect->spoke = run.ended;
  run.connect->greeting = "SSH-2.0-x\r\n";
  CHECK(judged(run).outcome == Outcome::open);
  CHECK(judged(run_with(ENOBUFS)).outcome == Outcome::inconclusive);
}
