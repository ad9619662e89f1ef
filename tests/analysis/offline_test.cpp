// Attempts and targets out of packets that nobody announced.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// An ICMP error that the capture cut behind the addresses that it quotes.
Observation cut_error() {
  Observation seen;
  seen.flow = {Transport::icmp, {router, 0}, {client, 0}};
  IcmpError error{3, 1, Quote{}, {}};
  error.quote->flow = {Transport::tcp, {client, 0}, {server, 0}};
  seen.message = error;
  return seen;
}

}  // namespace

TEST_CASE("a SYN and its retransmissions are one attempt") {
  Scene scene;
  for (const auto at : {0s, 1s, 3s, 7s}) scene.ask(at, 40000);
  const auto& target = scene.only_target();
  CHECK(target.attempts.total == 1);
  CHECK(target.attempts.dropped == 1);
  CHECK(scene.book.sample_of(target).front().exchange.left.size() == 4);
}

TEST_CASE("a RST alone names nobody") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, reset_ack);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::refused);
  CHECK(verdict.culprit.where.kind == CulpritKind::unknown);
  CHECK(verdict.culprit.confidence == Confidence::weak);
  CHECK(verdict.explanations.size() == 3);
}

TEST_CASE("probes with the same numbers are told apart by their hop limit") {
  Scene scene;  // as tcptraceroute sends them
  scene.ask(0ms, 40000, 1);
  scene.time_exceeded(1ms, 40000);
  scene.ask(2ms, 40000, 2);
  scene.answer(3ms, 40000, reset_ack, 63);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(analysis.path.distance.target_flow == 2);
  REQUIRE(analysis.path.hops.size() == 2);
  CHECK(analysis.path.hops[0].target_flow == FlowState::passes);
}

TEST_CASE("an attempt is handed on when its client has given up, not before") {
  Scene scene;
  const auto targets_at = [&](Duration at) {
    // A stranger's: only their times count. After a leap of the clock the first is too soon.
    for (const auto when : {at - 1500ms, at}) scene.answer(when, 50000, tcp_flag::rst);
    scene.book.settle();
    return scene.book.targets().size();
  };
  scene.ask(0s, 40000);
  CHECK(targets_at(29s) == 0);
  SECTION("a SYN that is never repeated") { CHECK(targets_at(60s) == 1); }
  SECTION("a SYN that is repeated slowly") {
    scene.ask(29500ms, 40000);
    CHECK(targets_at(139s) == 0);
    scene.ask(140s, 40000);
    CHECK(targets_at(269s) == 0);
    CHECK(targets_at(310s) == 1);
    CHECK(scene.book.targets().front().attempts.total == 1);
  }
  CHECK(scene.book.targets().front().attempts.dropped == 1);
  CHECK(scene.tracker.counts().early == 0);
}

TEST_CASE("more attempts at a time than are followed are counted, early") {
  TrackerLimits limits;
  limits.live = 10;
  Scene scene(limits);
  for (std::uint16_t port = 0; port < 100; ++port) scene.ask(1ms * port, port);
  CHECK(scene.tracker.counts().early == 90);
  CHECK(scene.only_target().attempts.total == 100);
}

TEST_CASE("a connection that is reset after the service spoke") {
  Scene scene;
  scene.ask(0ms, 40000);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  scene.acknowledge(2ms, 40000);
  scene.answer(3ms, 40000, tcp_flag::ack, 61, 501, 20);
  SECTION("by somebody else") {
    scene.answer(4ms, 40000, reset_ack, 63, 521);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::closed_early);
    REQUIRE(verdict.explanations.size() == 2);
    CHECK(verdict.explanations[0].mechanism == Mechanism::injected_reset);
    CHECK(verdict.explanations[1].mechanism == Mechanism::middlebox_reset);
  }
  SECTION("by the host, as far as the TTL tells") {
    scene.answer(4ms, 40000, reset_ack, 61, 521);
    CHECK(scene.verdict().verdict.explanations.front().mechanism == Mechanism::accept_then_close);
  }
  SECTION("not at all") { CHECK(scene.verdict().verdict.outcome == Outcome::open); }
}

TEST_CASE("a client that acts on what was not captured proves nothing") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.acknowledge(1ms, 40000);
  scene.ask(10s, 40001);
  scene.acknowledge(10001ms, 40001);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::inconclusive);
  CHECK(std::ranges::any_of(
      verdict.caveats, [](const Caveat& caveat) { return caveat.id == CaveatId::one_direction; }));
}

TEST_CASE("where some answers are missing, silence proves nothing of the others") {
  Scene scene;
  for (const auto at : {0s, 1s}) {
    const auto port = static_cast<std::uint16_t>(40000 + at.count());
    scene.ask(at, port);
    scene.acknowledge(at + 1ms, port);
  }
  for (const auto at : {2s, 3s, 4s}) scene.ask(at, static_cast<std::uint16_t>(40000 + at.count()));
  SECTION("of clients that did not ask again") {
    scene.answer(9s, 50000, tcp_flag::rst);  // a stranger's: only its time counts
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::inconclusive);
    CHECK(analysis.attempts.dropped == 0);
    CHECK(analysis.attempts.other == 5);
    CHECK(says(analysis, CaveatId::one_direction));
  }
  SECTION("who asks again was not answered") {
    for (const auto at : {5s, 7s}) scene.ask(at, 40004);
    CHECK(scene.verdict().verdict.outcome == Outcome::dropped);
  }
}

TEST_CASE("a SYN of a kernel tells how far from its sender it was captured, a scanner's does not") {
  Scene scene;
  scene.kernel = GENERATE(true, false);
  scene.ask(0s, 40000, 59);
  scene.answer(1ms, 40000, reset_ack);
  scene.ask(2s, 40001, 59);
  const auto& caveats = scene.verdict().verdict.caveats;
  const bool midway = std::ranges::any_of(
      caveats, [](const Caveat& caveat) { return caveat.id == CaveatId::captured_midway; });
  CHECK(midway == scene.kernel);
}

TEST_CASE("an ICMP message that quotes what was never seen is not counted") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.time_exceeded(1ms, 40001);
  scene.time_exceeded(1ms, 40000, 999);
  CHECK(scene.tracker.counts().unverified == 2);
  CHECK(scene.tracker.counts().unverified_from == router);
  CHECK(scene.tracker.counts().unverified_flow == scene.flow(40001));
  CHECK_FALSE(scene.only_target().seen);
}

TEST_CASE("the second of two SYNs is waited for, as the first is") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.ask(1020ms, 40000);
  const bool goes_on = GENERATE(true, false);
  if (goes_on) scene.answer(3s, 50000, tcp_flag::rst);  // a stranger's: only its time counts
  CHECK(scene.verdict().verdict.outcome == (goes_on ? Outcome::dropped : Outcome::inconclusive));
}

TEST_CASE("a port that is used again begins another attempt") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.ask(1s, 40000, 64, 70000);
  scene.answer(1001ms, 40000, syn_ack, 61, 900, 0, 70001);
  const auto& target = scene.only_target();
  CHECK(target.attempts.total == 2);
  CHECK(target.attempts.open == 2);
}

TEST_CASE("data in a SYN is acknowledged with it, or not") {
  Scene scene;
  scene.ask(0s, 40000, 64, 1000, 5);
  scene.answer(1ms, 40000, syn_ack, 61, 500, 0, GENERATE(1001u, 1006u));
  const auto& target = scene.only_target();
  CHECK(target.attempts.open == 1);
  CHECK(target.misfits == 0);
}

TEST_CASE("a lone FIN, or no flag at all, is a scan and no connection that ends") {
  Scene scene;
  scene.acknowledge(0s, 40000, GENERATE(as<std::uint8_t>{}, tcp_flag::fin, 0));
  scene.answer(1ms, 40000, reset_ack, 61, 0, 0, GENERATE(1001u, 1002u));
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::inconclusive);
  CHECK(says(analysis, CaveatId::short_run));
}

TEST_CASE("an answer that is recorded before its question belongs to it all the same") {
  Scene scene;
  scene.answer(1ms, 40000, reset_ack);
  scene.ask(2ms, 40000);
  const auto analysis = scene.verdict();
  CHECK(analysis.attempts.total == 1);
  CHECK(analysis.attempts.refused == 1);
  CHECK_FALSE(says(analysis, CaveatId::one_direction));
  CHECK_FALSE(says(analysis, CaveatId::path_loss));
}

TEST_CASE("of one direction the server's packets tell how a connection went on") {
  Scene scene;
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  const bool asked = GENERATE(false, true);  // and the client may have been done, too
  scene.answer(5ms, 40000, tcp_flag::fin | tcp_flag::ack, 61, 501, 0, asked ? 1031 : 1001);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == (asked ? Outcome::inconclusive : Outcome::closed_early));
  CHECK(says(analysis, CaveatId::short_run) == asked);
  CHECK_FALSE(says(analysis, CaveatId::forged_replies));
  CHECK(says(analysis, CaveatId::one_direction));
}

TEST_CASE("a SYN/ACK that is repeated for long is of one attempt") {
  Scene scene;
  scene.ask(0s, 40000);
  for (const auto at : {0s, 1s, 3s, 7s, 15s}) scene.answer(at + 1ms, 40000, syn_ack, 61, 500);
  CHECK(scene.only_target().attempts.total == 1);
}

TEST_CASE("a server that asks in vain whether its client is there, and gives up") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.acknowledge(4ms, 40000);
  for (const auto at : {60s, 70s, 80s}) scene.answer(at, 40000, tcp_flag::ack, 61, 520);
  scene.answer(90s, 40000, reset_ack, 61, 521);
  CHECK(scene.verdict().verdict.outcome == Outcome::silent_service);
}

TEST_CASE("silence proves nothing where nothing that comes in was captured") {
  Scene scene;
  scene.around = {};
  scene.ask(0s, 40000);
  SECTION("a SYN that its stack repeats got no answer all the same") {
    for (const auto at : {1s, 3s, 7s}) scene.ask(at, 40000);
    CHECK(scene.verdict().verdict.outcome == Outcome::dropped);
  }
  SECTION("several may have been answered") {
    scene.ask(5s, 40001);
    scene.ask(6s, 40002);
    CHECK(scene.verdict().verdict.outcome == Outcome::inconclusive);
  }
  SECTION("anything that came for the client is enough") {
    Observation other;
    other.flow = {Transport::udp, {router, 53}, {client, 5353}};
    other.message = UdpDatagram{};
    scene.around.see(other);
    scene.ask(5s, 40001);
    CHECK(scene.verdict().verdict.outcome == Outcome::dropped);
  }
}

TEST_CASE("an ICMP message that was cut may have been the answer") {
  Scene scene;
  for (const auto at : {0s, 1s, 3s}) scene.ask(at, 40000);
  scene.around.see(cut_error());
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::inconclusive);
  CHECK(says(analysis, CaveatId::snap_length));
}

TEST_CASE("a SYN that its stack does not repeat was answered, or its client gave up") {
  Scene scene;
  scene.around = {};
  scene.connect(0s, 40000);
  scene.ask(20s, 40001);
  scene.answer(40s, 50000, tcp_flag::rst);  // a stranger's: only its time counts
  CHECK(scene.verdict().verdict.outcome == Outcome::inconclusive);
}

TEST_CASE("a tool's SYN with nearly all of its hops was captured away from the client") {
  Scene scene;
  scene.kernel = false;
  scene.ask(0s, 40000, 61);
  scene.answer(1ms, 40000, reset_ack);
  CHECK(says(scene.verdict(), CaveatId::captured_midway));
}

TEST_CASE("a host that answers in between is not silent") {
  Scene scene;
  for (const auto at : {0s, 20s, 40s}) {
    const auto port = static_cast<std::uint16_t>(40000 + at.count());
    for (const auto later : {0s, 1s, 3s}) scene.ask(at + later, port);
    if (at < 40s) scene.connect(at + 10s, static_cast<std::uint16_t>(port + 1));
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::intermittent);
  CHECK(verdict.explanations.front().mechanism == Mechanism::filter_drop);
  CHECK(std::ranges::none_of(verdict.explanations, [](const Explanation& explanation) {
    return explanation.mechanism == Mechanism::host_silent;
  }));
}
