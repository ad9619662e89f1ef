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

namespace {

Run to_this_machine(int error) {
  auto run = run_with(error);
  run.goal.target.address = run.facts.vantage.local;
  run.facts.vantage.gateway.reset();
  run.facts.vantage.target_is_local = true;
  return run;
}

Run silent_run() {
  auto run = run_with(0);
  run.connect->ended.reset();
  return run;
}

void check_hops(const Verdict& verdict, std::uint8_t first, std::optional<std::uint8_t> last) {
  CHECK(verdict.culprit.where.first_hop == first);
  CHECK(verdict.culprit.where.last_hop == last);
}

}  // namespace

TEST_CASE("connect only: to this machine itself nothing lies beyond hop 0", "[connect-only]") {
  const auto refused = judged(to_this_machine(ECONNREFUSED));
  check_hops(refused, 0, 0);
  CHECK(refused.culprit.where.kind == CulpritKind::destination);
  CHECK(lists(refused, Mechanism::closed_port));
  CHECK_FALSE(lists(refused, Mechanism::middlebox_reset));
  auto run = to_this_machine(0);
  run.connect->ended.reset();
  run.connect_only->control_error.reset();
  const auto dropped = judged(run);
  check_hops(dropped, 0, 0);
  CHECK(dropped.culprit.where.kind == CulpritKind::this_host);
  CHECK(lists(dropped, Mechanism::host_silent));
  CHECK_FALSE(lists(dropped, Mechanism::blackhole));
  run = to_this_machine(ECONNREFUSED);
  run.connect_only->icmp = message(3, 3, "192.0.2.7");
  check_hops(judged(run), 0, 0);
}

TEST_CASE("connect only: silence may begin on this machine, and on the way back",
          "[connect-only]") {
  const auto verdict = judged(silent_run());
  check_hops(verdict, 0, {});
  for (const auto mechanism :
       {Mechanism::filter_drop, Mechanism::syn_filter, Mechanism::accept_queue_full,
        Mechanism::answer_lost, Mechanism::local_output_filter, Mechanism::local_input_filter})
    CHECK(lists(verdict, mechanism));
  CHECK_FALSE(lists(verdict, Mechanism::host_silent));  // its other port answers
  auto run = silent_run();
  run.connect_only->control_error.reset();
  for (const auto mechanism : {Mechanism::host_silent, Mechanism::blackhole, Mechanism::answer_lost,
                               Mechanism::host_down, Mechanism::local_output_filter})
    CHECK(lists(judged(run), mechanism));
  CHECK_FALSE(lists(judged(run), Mechanism::local_neighbour));
  run.ended = run.started + 2s;  // the kernel asks for its gateway for three seconds
  CHECK(lists(judged(run), Mechanism::local_neighbour));
}

TEST_CASE("connect only: a RST may be injected, passed on or made here", "[connect-only]") {
  const auto verdict = judged(run_with(ECONNREFUSED));
  for (const auto mechanism :
       {Mechanism::injected_reset, Mechanism::port_forward, Mechanism::local_output_filter})
    CHECK(lists(verdict, mechanism));
}

TEST_CASE("connect only: an error without a message is a route's, a rule's or a neighbour's",
          "[connect-only]") {
  for (const int error : {EINVAL, ENETUNREACH, EACCES, EHOSTUNREACH}) {
    const auto verdict = judged(run_with(error));
    CHECK(verdict.outcome == Outcome::local);
    CHECK(lists(verdict, Mechanism::local_route));
  }
  CHECK_FALSE(lists(judged(run_with(EACCES)), Mechanism::local_output_filter));
  auto slow = run_with(EHOSTUNREACH);
  slow.connect->ended = slow.connect->at + 3070ms;
  CHECK(lists(judged(slow), Mechanism::local_neighbour));
  CHECK_FALSE(lists(judged(slow), Mechanism::local_route));
}

TEST_CASE("connect only: one code has several senders", "[connect-only]") {
  CHECK(lists(judged(run_with(EHOSTUNREACH, message(3, 13, "198.51.100.2"))),
              Mechanism::route_prohibited));
  auto run = run_with(EHOSTUNREACH, message(3, 1, "198.51.100.9"));
  CHECK(lists(judged(run), Mechanism::no_route));  // of an unreachable route
  run.connect->ended = run.connect->at + 3070ms;   // so long a router asks for its neighbour
  CHECK_FALSE(lists(judged(run), Mechanism::no_route));
  const auto behind = judged(run_with(EHOSTUNREACH, message(3, 1, "203.0.113.10")));
  CHECK(behind.outcome == Outcome::unreachable);
  CHECK(lists(behind, Mechanism::port_forward));
  CHECK(lists(behind, Mechanism::icmp_reject_host));
}

TEST_CASE("connect only: after the handshake", "[connect-only]") {
  auto run = run_with(0);
  check_hops(judged(run), 0, {});  // a rule here may drop what the service says
  CHECK(lists(judged(run), Mechanism::syn_proxy));
  run.connect->spoke = run.ended;
  run.connect->greeting = "Exceeded MaxStartups\r\n";
  CHECK(lists(judged(run), Mechanism::connection_limit));
  CHECK(judged(run).outcome == Outcome::closed_early);
  run.connect->spoke.reset();
  run.connect->closed = run.ended;
  run.connect->close_error = ECONNRESET;
  CHECK(lists(judged(run), Mechanism::injected_reset));
}
