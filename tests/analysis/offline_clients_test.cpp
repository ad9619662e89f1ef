// Several clients of one target.
#include <cerrno>

#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

const IpAddress other = IpAddress::v4(0xc0000214);

void refused(Scene& scene, Duration at, std::uint16_t from) {
  scene.ask(at, from);
  scene.answer(at + 1ms, from, reset_ack);
}

}  // namespace

TEST_CASE("of several clients the report is of one that fares so") {
  Scene scene;
  for (std::uint16_t i = 0; i < 3; ++i) scene.connect(i * 1s, i);
  scene.who = other;
  refused(scene, 20s, 40000);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(scene.inspection->run.facts.vantage.local == other);
}

TEST_CASE("clients that always fare alike are not intermittent") {
  Scene scene;
  for (std::uint16_t i = 0; i < 4; ++i) {
    scene.who = client;
    scene.connect(i * 10s, i);
    scene.who = other;
    refused(scene, i * 10s + 5s, static_cast<std::uint16_t>(100 + i));
  }
  SECTION("it depends on who asks") {
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::refused);
    CHECK(analysis.attempts.open == 4);
    CHECK(analysis.attempts.since == Attempts{}.since);
    CHECK(analysis.attempts.refused == 4);
    const auto& found = analysis.verdict.explanations;
    CHECK(found.front().mechanism == Mechanism::host_firewall_reset);
    const auto closed = std::ranges::find(found, Mechanism::closed_port, &Explanation::mechanism);
    REQUIRE(closed != found.end());  // another machine behind the address
    CHECK(closed->rank == 2);
    CHECK(closed->against.size() == 1);
  }
  SECTION("unless one of them fares now so and now so") {
    scene.connect(50s, 200);
    CHECK(scene.verdict().verdict.outcome == Outcome::intermittent);
  }
}

TEST_CASE("clients that ask once each may be spared by chance") {
  Scene scene;
  for (std::uint16_t i = 0; i < 8; ++i) {
    scene.who = IpAddress::v4(0xc0000220u + i);
    if (i % 2 == 0)
      scene.connect(i * 10s, 40000);
    else
      refused(scene, i * 10s, 40000);
  }
  CHECK(scene.verdict().verdict.outcome == Outcome::intermittent);
}

namespace {

/// On its way out of a machine that masquerades, which `tcpdump -i any` there shows as well.
void passed_on(Scene& scene, Duration at, std::uint8_t hop_limit) {
  scene.who = IpAddress::v4(0xc6336401);
  --scene.frame_id;
  scene.ask(at, 61000, hop_limit);
}

}  // namespace

TEST_CASE("a SYN and what a masquerading machine makes of it are one attempt") {
  Scene scene;
  scene.ask(0ms, 40000);
  passed_on(scene, GENERATE(0ms, 1ms), 63);
  SECTION("refused") {
    scene.answer(20ms, 61000, reset_ack, 61);
    scene.who = client;
    scene.answer(20ms, 40000, reset_ack, 60);
    const auto& target = scene.only_target();
    CHECK(target.attempts.total == 1);
    CHECK(target.attempts.refused == 1);
    CHECK_FALSE(target.several_clients);
  }
  SECTION("dropped") { CHECK(scene.only_target().attempts.total == 1); }
  SECTION("the machine keeps the answer to itself") {
    for (const auto at : {1s, 3s, 7s}) {
      scene.who = client;
      scene.ask(at, 40000);
      passed_on(scene, at, 63);
      scene.answer(at + 20ms, 61000, syn_ack, 61, 500);
    }
    const auto analysis = scene.verdict();
    CHECK(analysis.attempts.total == 1);
    CHECK(analysis.verdict.outcome == Outcome::dropped);
    CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::answer_lost);
  }
}

TEST_CASE("of two interfaces each is written when its turn comes: still one attempt") {
  Scene scene;
  scene.ask(0ms, 40000);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  scene.acknowledge(2ms, 40000);
  scene.answer(30ms, 40000, tcp_flag::ack, 61, 501, 20);
  scene.frame_id = 1;
  passed_on(scene, 0ms, 63);
  scene.answer(1ms, 61000, syn_ack, 62, 500);
  CHECK(scene.only_target().attempts.total == 1);
}

TEST_CASE("files of both ends of a masquerading router, merged: each SYN is one attempt") {
  Scene scene;
  const auto at_server = [&](Duration at) {
    passed_on(scene, at, 62);
    scene.answer(at + 10us, 61000, reset_ack, 64);
  };
  const auto at_client = [&](Duration at) {
    scene.who = client;
    scene.ask(at, 40000);
  };
  SECTION("in order") {
    at_client(0ms);
    at_server(20ms);
  }
  SECTION("by clocks that do not agree") {
    scene.frame_id = 1;
    at_server(0ms);
    scene.frame_id = 0;
    at_client(20ms);
  }
  scene.who = client;
  scene.answer(40ms, 40000, reset_ack, 62);
  scene.tracker.finish(scene.now);
  scene.book.settle();
  REQUIRE(scene.book.targets().size() == 1);
  CHECK(scene.book.targets().front().attempts.total == 1);
  CHECK(scene.book.targets().front().attempts.refused == 1);
}

TEST_CASE("SYNs that only share a number are two") {
  Scene scene;
  scene.ask(0ms, 40000);
  SECTION("another packet") {
    scene.who = other;
    scene.ask(1ms, 40000);
  }
  SECTION("later, of a tool that may give all its SYNs one number") {
    scene.kernel = false;
    scene.ask(1s, 50000, 64, 2000);
    passed_on(scene, 1100ms, 63);
    CHECK(scene.only_target().attempts.total == 3);
    return;
  }
  CHECK(scene.only_target().attempts.total == 2);
}

TEST_CASE("a message whose quote a NAT did not translate back tells of the SYN with its number") {
  Scene scene;
  scene.ask(0s, 40000);
  IcmpError error{3, 13, Quote{}, {}};
  error.quote->flow = {Transport::tcp, {IpAddress::v4(0xc6336401), 40000}, {server, 22}};
  error.quote->tcp_sequence = GENERATE(1000u, 1001u);
  const bool same = error.quote->tcp_sequence == 1000u;
  scene.see(1ms, {Transport::icmp, {router, 0}, {client, 0}}, 63, error);
  CHECK(scene.only_target().attempts.rejected == (same ? 1 : 0));
  CHECK(scene.tracker.counts().unverified == (same ? 0 : 1));
}

TEST_CASE("a stack that asks again after each refusal was answered each time") {
  Scene scene;
  const std::uint8_t of_server = GENERATE(std::uint8_t{61}, std::uint8_t{64});
  for (std::uint16_t i = 0; i < 3; ++i)
    for (const auto again : {0ms, 510ms, 1020ms}) {  // as Windows does
      scene.ask(i * 5s + again, i);
      scene.answer(i * 5s + again + 12ms, i, reset_ack, of_server);
    }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK_FALSE(says(analysis, CaveatId::path_loss));
  CHECK(analysis.attempts.refused == 3);
}

TEST_CASE("who waits and asks again after each refusal does not hear of them") {
  Scene scene;
  const auto pause = GENERATE(510ms, 1010ms);  // of Windows; of one that got no answer
  for (int i = 0; i < 3; ++i) {
    scene.ask(i * pause, 40000);
    scene.answer(i * pause + 1ms, 40000, reset_ack);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(analysis.app_sees.error == (pause < 1s ? ECONNREFUSED : ETIMEDOUT));
}

TEST_CASE("more refusals of one SYN than are kept are no silence") {
  Scene scene;
  for (int i = 0; i < 14; ++i) {
    scene.ask(i * 1s, 40000);
    scene.answer(i * 1s + 1ms, 40000, reset_ack);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK_FALSE(says(analysis, CaveatId::path_loss));
}

TEST_CASE("a service that is down for a while: its own SYN/ACKs tell whose the RSTs are") {
  Scene scene;
  const auto limit = GENERATE(std::uint8_t{61}, std::uint8_t{63});
  for (std::uint16_t i = 0; i < 9; ++i) {
    if (i >= 3 && i < 6) {
      scene.ask(i * 1s, 40000 + i);
      scene.answer(i * 1s + 1ms, 40000 + i, reset_ack, limit);
    } else {
      scene.connect(i * 1s, 40000 + i);
    }
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::intermittent);
  CHECK(verdict.culprit.confidence == Confidence::weak);
  const bool own = limit == 61;  // as far away as what accepts
  CHECK(lists(verdict.explanations, Mechanism::middlebox_reset) == !own);
  CHECK((verdict.culprit.where.kind == CulpritKind::destination) == own);
  const auto& because = verdict.explanations.front().because;
  CHECK(std::ranges::any_of(because, [](const Evidence& one) {
    return one.text.str().find("one stretch of time, 2.0 s at least") != std::string::npos;
  }));
}

namespace {

constexpr LinkAddress gateway{{2, 0, 0, 0, 0, 1}}, second_gateway{{2, 0, 0, 0, 0, 2}},
    switch_port{{2, 0, 0, 0, 0, 9}};

/// The other client is accepted on another port, by the host itself.
void others_are_accepted(Scene& scene, const LinkAddress& by, std::uint8_t their_limit = 64) {
  scene.port = 8080;
  scene.who = other;
  for (std::uint16_t i = 0; i < 3; ++i) {
    scene.link = LinkEnds{switch_port, by};
    scene.ask(i * 1s, i, their_limit);
    scene.link = LinkEnds{by, switch_port};
    scene.answer(i * 1s + 1ms, i, syn_ack, 61, 500);
    scene.acknowledge(i * 1s + 2ms, i);
  }
  scene.port = 22;
  scene.who = client;
}

void is_refused(Scene& scene, std::uint8_t limit) {
  scene.link = LinkEnds{switch_port, gateway};
  scene.ask(5s, 40000);
  scene.link = LinkEnds{gateway, switch_port};
  scene.answer(5s + 1ms, 40000, reset_ack, limit);
}

}  // namespace

TEST_CASE("what the host answers to a neighbour tells whose a RST is") {
  Scene scene;
  SECTION("nearer than the host") {
    others_are_accepted(scene, gateway);
    is_refused(scene, 63);
    const auto verdict = scene.verdict_of(22).verdict;
    CHECK(verdict.explanations.front().mechanism == Mechanism::middlebox_reset);
    CHECK(verdict.explanations[1].rank == 2);
    CHECK(verdict.culprit.where.kind == CulpritKind::router);
    CHECK(verdict.culprit.confidence == Confidence::weak);
  }
  SECTION("as far as the host") {
    others_are_accepted(scene, gateway);
    is_refused(scene, 61);
    const auto verdict = scene.verdict_of(22).verdict;
    CHECK(verdict.culprit.where.kind == CulpritKind::destination);
    CHECK(lists(verdict.explanations, Mechanism::closed_port));
  }
  SECTION("another router hands its answers over") {
    others_are_accepted(scene, second_gateway);
    is_refused(scene, 63);
    CHECK(lists(scene.verdict_of(22).verdict.explanations, Mechanism::closed_port));
  }
  SECTION("its SYNs have passed a router") {
    others_are_accepted(scene, gateway, 63);
    is_refused(scene, 63);
    CHECK(lists(scene.verdict_of(22).verdict.explanations, Mechanism::closed_port));
  }
}

TEST_CASE("one client of many tries twice in vain, between others that get through") {
  Scene scene;
  const std::uint16_t others = GENERATE(std::uint16_t{3}, std::uint16_t{12});
  for (std::uint16_t i = 0; i < 5 * others; ++i) {
    scene.who = IpAddress::v4(0xc0000220u + i % others);
    scene.connect(i * 1s, static_cast<std::uint16_t>(50000 + i));
    if (i % others != 1 || i > others + 1) continue;
    scene.who = client;
    refused(scene, i * 1s + 500ms, static_cast<std::uint16_t>(40000 + i));
  }
  const auto verdict = scene.verdict().verdict;
  CHECK((verdict.outcome == Outcome::refused) == (others > 3));
}

TEST_CASE("a host that accepts another client at that time is up") {
  Scene scene;
  const auto at = GENERATE(Duration(101500ms), Duration(10s));
  const auto others_ask = [&] {
    scene.who = other;
    scene.port = 443;
    scene.connect(at, 50000);
    scene.who = client;
    scene.port = 22;
  };
  if (at < 100s) others_ask();
  for (const auto again : {100s, 101s, 103s}) {
    scene.ask(again, 40000);
    if (again == 101s && at > 100s) others_ask();
  }
  const auto verdict = scene.verdict_of(22).verdict;
  const auto silent =
      std::ranges::find(verdict.explanations, Mechanism::host_silent, &Explanation::mechanism);
  REQUIRE(silent != verdict.explanations.end());
  CHECK(silent->rank == (at > 100s ? 2 : 1));
  CHECK(std::ranges::find(verdict.explanations, Mechanism::answer_lost, &Explanation::mechanism)
            ->rank == (at > 100s ? 1 : 2));
  CHECK(verdict.explanations.front().rank == 1);
  CHECK(verdict.culprit.confidence == Confidence::weak);
}
