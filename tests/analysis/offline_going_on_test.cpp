// What the server sends after an end, or after a silence, belies what seems to have happened.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

TEST_CASE("a RST in the server's name, after which the server goes on") {
  Scene scene;
  scene.port = 81;
  scene.shake_hands(0s, 40000);
  scene.say(3ms, 40000, "GET / HTTP/1.1\r\n\r\n");
  const auto heard = 1001 + 18u;
  SECTION("having got what the client said: it sent none, and nothing was kept from it") {
    scene.answer(3100us, 40000, reset_ack, 61, 501);
    SECTION("it acknowledges") { scene.answer(25ms, 40000, tcp_flag::ack, 61, 501, 0, heard); }
    SECTION("it answers, which nobody reads any more") {
      scene.answer(25ms, 40000, tcp_flag::ack, 61, 501, 40, heard);
    }
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::closed_early);
    REQUIRE(verdict.explanations.size() == 1);
    CHECK(verdict.explanations.front().mechanism == Mechanism::injected_reset);
    CHECK(verdict.culprit.where.first_hop == 1);
    CHECK(verdict.culprit.where.last_hop == 4);
    CHECK_FALSE(scene.inspection->run.connect->spoke);
  }
  SECTION("without it: a rule may have kept it from the server") {
    scene.answer(3100us, 40000, tcp_flag::rst, 61, 501);
    scene.answer(25ms, 40000, tcp_flag::ack, 61, 501, 40, 1001);
    const auto verdict = scene.verdict().verdict;
    REQUIRE(verdict.explanations.size() == 3);
    CHECK(verdict.explanations[1].mechanism == Mechanism::middlebox_reset);
    CHECK(verdict.explanations[2].mechanism == Mechanism::host_firewall_reset);
    CHECK(verdict.culprit.confidence == Confidence::weak);
  }
  SECTION("no: what came late was said before the RST") {
    scene.answer(24ms, 40000, reset_ack, 61, 541, 0, heard);
    scene.answer(40ms, 40000, tcp_flag::ack, 61, 501, 40, heard);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.explanations.front().mechanism == Mechanism::accept_then_close);
  }
}

TEST_CASE("later numbers of the server tell of words that never came") {
  Scene scene;
  const auto port = GENERATE(std::uint16_t{22}, std::uint16_t{9999});
  scene.port = port;
  scene.shake_hands(0s, 40000);
  const auto counts = [&](Duration at, std::uint32_t heard) {
    scene.answer(at, 40000, tcp_flag::ack, 61, 522, 0, heard);
  };
  const auto leaves = [&](Duration at, std::uint32_t heard) {
    TcpSegment fin;
    fin.flags = tcp_flag::fin | tcp_flag::ack;
    fin.sequence = 1001;
    fin.acknowledgment = heard;
    scene.see(at, scene.flow(40000), 64, fin);
  };
  SECTION("the client, tired of waiting, never had them") {
    leaves(10s, 501);
    counts(10s + 20ms, 1002);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::silent_service);
    REQUIRE(verdict.explanations.size() == 1);
    CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
    CHECK(verdict.culprit.where == Where{CulpritKind::unknown, 1, {}, {}});
    CHECK(verdict.explanations.front().because.front().packets.size() == 2);
  }
  SECTION("the client has them: the capture missed them") {
    leaves(10s, 522);
    counts(10s + 20ms, 1002);
    CHECK(scene.verdict().attempts.open == 1);
  }
  SECTION("there were none: one more is the FIN") {
    leaves(10s, 501);
    scene.answer(10s + 20ms, 40000, tcp_flag::fin | tcp_flag::ack, 61, 501, 0, 1002);
    scene.hears(10s + 21ms, 502, 0, 1002);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == (port == 22 ? Outcome::silent_service : Outcome::open));
    CHECK(lists(verdict.explanations, Mechanism::tarpit) == (port == 22));
  }
  SECTION("the client has them in the end") {
    counts(4s, 1001);
    scene.hears(4s + 1ms, 501);
    scene.answer(5s, 40000, tcp_flag::ack, 61, 501, 21);
    scene.hears(5s + 1ms, 522);
    leaves(20s, 522);
    CHECK(scene.verdict().attempts.open == 1);
  }
}

TEST_CASE("an answer after the clock has leapt ahead is an answer all the same") {
  Scene scene;
  const auto leap = GENERATE(Duration(1h), Duration(24h));
  scene.ask(0s, 40000);
  const Flow there{Transport::icmp, {client, 0}, {router, 0}};
  scene.see(leap, there, 64, IcmpEcho{false, 7, 1});
  scene.answer(leap + 20ms, 40000, syn_ack, 61, 500);
  scene.acknowledge(leap + 21ms, 40000);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK(analysis.attempts.total == 1);
  CHECK_FALSE(says(analysis, CaveatId::one_direction));
}

TEST_CASE("a client that asks on after a message, or a RST, makes one attempt") {
  Scene scene;
  const bool refused = GENERATE(true, false);
  for (const auto at : {0s, 1s, 3s, 7s, 15s}) {
    scene.ask(at, 40000);
    if (refused)
      scene.answer(at + 20ms, 40000, reset_ack);
    else
      scene.time_exceeded(at + 20ms, 40000);
  }
  CHECK(scene.only_target().attempts.total == 1);
}

TEST_CASE("a program that gives up at once is told no error of its stack") {
  Scene scene;
  const bool again = GENERATE(true, false);
  scene.ask(0s, 40000);
  if (again) scene.ask(1s, 40000);
  scene.port = 443;
  scene.shake_hands(9s, 40001);
  const auto analysis = scene.verdict_of(22);
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.app_sees.error.has_value() == again);
  CHECK(says(analysis, CaveatId::short_run) == !again);
}

TEST_CASE("a request that the server has not got when the client gives up was lost") {
  Scene scene;
  scene.port = 8080;
  for (const auto at : {0s, 1s, 2s}) scene.ask(at, 40000);
  scene.answer(2001ms, 40000, syn_ack, 61, 500);
  scene.acknowledge(2002ms, 40000);
  scene.say(2003ms, 40000, "GET / HTTP/1.1\r\n\r\n");
  const auto end = 1001 + 18u;
  auto fin = Scene::with("", end, 501);
  fin.flags = tcp_flag::fin | tcp_flag::ack;
  const bool lost = GENERATE(true, false), late = GENERATE(true, false);
  if (!lost) scene.answer(2004ms, 40000, tcp_flag::ack, 61, 501, 0, end);
  scene.see(6003ms, scene.flow(40000), 64, fin);
  scene.answer(6004ms, 40000, tcp_flag::ack, 61, 501, 0, lost ? 1001 : end + 1);
  if (late && lost) scene.say(6005ms, 40000, "GET / HTTP/1.1\r\n\r\n");
  if (late)
    scene.see(6006ms, scene.flow(40000).reversed(), 61,
              Scene::with("HTTP/1.1 200 OK\r\n", 501, end + 1));
  if (late) scene.acknowledge(6007ms, 40000, tcp_flag::rst);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(lists(verdict.explanations, Mechanism::path_loss) == lost);
  CHECK(lists(verdict.explanations, Mechanism::data_blocked) == (!lost || !late));
  if (lost)
    CHECK(verdict.explanations.front().because.front().packets == std::vector<FrameId>{{6}, {8}});
  CHECK((verdict.culprit.where.last_hop == std::uint8_t{4}) == lost);
}
