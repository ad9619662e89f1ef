// Answers that are none: they come too late, without their beginning, with other numbers, or are
// not heeded.
#include <cerrno>

#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

TEST_CASE("a SYN/ACK that does not acknowledge the SYN is told, and is no silence") {
  Scene scene;
  for (const auto at : {0s, 1s, 3s}) {
    scene.ask(at, 40000);
    scene.answer(at + 1ms, 40000, syn_ack, 61, 500, 0, 77);
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.explanations.front().mechanism == Mechanism::answer_lost);
  CHECK(verdict.explanations.front().because.front().packets == std::vector<FrameId>{{1}, {2}});
}

TEST_CASE("a SYN/ACK that the client resets because it has given up opens nothing") {
  Scene scene;
  for (const auto at : {0s, 1s, 3s}) scene.ask(at, 40000);
  SECTION("long after the next SYN would have been due") {
    scene.answer(12s, 40000, syn_ack, 61, 500);
    scene.acknowledge(12001ms, 40000, tcp_flag::rst);
    const auto analysis = scene.verdict();
    CHECK(analysis.attempts.open == 0);
    CHECK(analysis.verdict.outcome == Outcome::dropped);
    CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::answer_lost);
  }
  SECTION("at once") {
    scene.answer(3001ms, 40000, syn_ack, 61, 500);
    scene.acknowledge(3002ms, 40000, tcp_flag::rst);
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::dropped);
    CHECK(analysis.app_sees.error == ETIMEDOUT);
  }
}

TEST_CASE("a scanner's kernel resets every answer") {
  Scene scene;
  scene.kernel = false;
  for (const auto at : {0s, 1s, 3s}) scene.ask(at, 40000);
  SECTION("at once") {
    scene.answer(3001ms, 40000, syn_ack, 61, 500);
    scene.acknowledge(3002ms, 40000, tcp_flag::rst);
    CHECK(scene.verdict().attempts.open == 1);
  }
}

TEST_CASE("a request that crosses the server's FIN meets a RST") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  scene.answer(65s, 40000, tcp_flag::fin | tcp_flag::ack, 61, 521);
  SECTION("of a connection that the client meant to use") {
    scene.hears(65001ms, 522);
    scene.see(70s, scene.flow(40000), 64, Scene::with("GET /2 HTTP/1.1", 1001, 522));
    scene.answer(70001ms, 40000, tcp_flag::rst, 61, 522);
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::closed_early);
    CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::accept_then_close);
    CHECK(analysis.verdict.explanations.front().because.back().packets ==
          std::vector<FrameId>{{8}});
  }
  SECTION("after words that only say goodbye") {
    scene.hears(65001ms, 522);
    scene.see(70s, scene.flow(40000), 64,
              Scene::with(GENERATE("QUIT", "\x17\x03\x03 not so long"), 1001, 522));
    scene.answer(70001ms, 40000, tcp_flag::rst, 61, 522);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("the client was leaving as well") {
    scene.hears(65001ms, 522, 31);
    scene.see(65001ms, scene.flow(40000), 64, [] {
      auto fin = Scene::with("", 1032, 522);
      fin.flags = tcp_flag::fin | tcp_flag::ack;
      return fin;
    }());
    scene.answer(65002ms, 40000, tcp_flag::rst, 61, 522);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("a router says again and again that packets are too big: the client does not heed it") {
  Scene scene;
  scene.connect(0s, 40000);
  const auto says = [&](Duration at) {
    IcmpError error{3, 4, Quote{}, 1300};
    error.quote->flow = scene.flow(40000);
    error.quote->tcp_sequence = 1001;
    scene.see(at, {Transport::icmp, {router, 0}, {client, 0}}, 63, error);
  };
  for (const auto at : {1s, 2s, 4s, 8s, 16s}) {
    scene.hears(at, 521, 1448);
    says(at + 1ms);
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  REQUIRE(verdict.explanations.size() == 2);
  CHECK(verdict.explanations[0].mechanism == Mechanism::local_input_filter);
  CHECK(verdict.explanations[1].where.address == router);
  CHECK(verdict.culprit.where.first_hop == 0);  // the place of the first is this machine
}

TEST_CASE("who rejects sends only so many messages: the silence between them is the same fault") {
  Scene scene;
  const auto rejects = [&](Duration at, std::uint16_t port) {
    IcmpError error{3, 13, Quote{}, {}};
    error.quote->flow = scene.flow(port);
    error.quote->tcp_sequence = 1000;
    error.quote->hop_limit = {63};
    scene.see(at, {Transport::icmp, {router, 0}, {client, 0}}, 63, error);
  };
  const auto ask_all = [&](Duration at) {
    for (std::uint16_t port = 40000; port < 40006; ++port) scene.ask(at, port);
  };
  ask_all(0s);
  SECTION("between") {
    rejects(1ms, 40000);
    rejects(2ms, 40001);
    for (const auto at : {1s, 3s, 7s}) {
      for (std::uint16_t port = 40002; port < 40006; ++port) scene.ask(at, port);
      if (at == 1s) rejects(1001ms, 40002);
    }
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.explanations.front().mechanism == Mechanism::icmp_reject_router);
    CHECK(verdict.explanations.front().where.address == router);
  }
  SECTION("before: now it is dropped") {
    for (std::uint16_t port = 40000; port < 40006; ++port) rejects(1ms, port);
    for (const auto at : {100s, 101s, 103s, 107s}) scene.ask(at, 40010);
    scene.answer(120s, 50000, tcp_flag::rst);
    CHECK(scene.verdict().verdict.outcome == Outcome::dropped);
  }
}

TEST_CASE("words without their beginning are no answer: what is large gets lost") {
  Scene scene;
  scene.port = GENERATE(std::uint16_t{22}, std::uint16_t{8204});
  scene.shake_hands(0s, 40000);
  scene.answer(5ms, 40000, tcp_flag::ack, 61, 501 + 2896, 104);
  scene.hears(6ms, 501);
  SECTION("until the client gives up") {
    scene.acknowledge(12s, 40000, tcp_flag::fin | tcp_flag::ack);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::silent_service);
    CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
    CHECK(verdict.explanations.front().because.front().packets == std::vector<FrameId>{{4}});
  }
  SECTION("the beginning comes after it") {
    scene.answer(7ms, 40000, tcp_flag::ack, 61, 501, 2896);
    scene.acknowledge(12s, 40000, tcp_flag::fin | tcp_flag::ack);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("the client has it: the capture did not show it") {
    scene.hears(7ms, 501 + 3000);
    scene.acknowledge(12s, 40000, tcp_flag::fin | tcp_flag::ack);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("a greeting that comes when the client has given up was not heard") {
  Scene scene;
  scene.port = 25;
  scene.shake_hands(0s, 40000);
  scene.acknowledge(12s, 40000, tcp_flag::fin | tcp_flag::ack);
  scene.reply(12020ms, 40000, "220 mail.example");
  SECTION("it meets a RST") {
    scene.acknowledge(12021ms, 40000, tcp_flag::rst);
    CHECK(scene.verdict().verdict.outcome == Outcome::silent_service);
  }
  SECTION("it is read: the client had only said all that it had to say") {
    scene.hears(12021ms, 517, 0, 1002);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("a RST like the server's last packets is the server's, whatever its SYN/ACK was like") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  const std::uint8_t now = GENERATE(std::uint8_t{62}, std::uint8_t{49});
  scene.answer(1s, 40000, tcp_flag::ack, now, 521, 8);
  scene.hears(1001ms, 529);
  SECTION("it came as they did") {
    scene.answer(2s, 40000, reset_ack, now, 529);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.explanations.front().mechanism == Mechanism::accept_then_close);
    CHECK(verdict.culprit.where.kind == CulpritKind::destination);
  }
  SECTION("it came another way than both") {
    scene.answer(2s, 40000, reset_ack, 57, 529);
    CHECK(scene.verdict().verdict.explanations.front().mechanism == Mechanism::injected_reset);
  }
}

TEST_CASE("a RST with a number not far ahead, and both go on in small steps") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  scene.answer(1s, 40000, tcp_flag::rst, 61, 621);
  scene.hears(1001ms, 521);  // a challenge ACK (RFC 5961)
  scene.answer(2s, 40000, tcp_flag::ack, 61, 521, 8);
  SECTION("the client takes it in: it has not heeded the RST") {
    scene.hears(2001ms, 529);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("the client is gone") { CHECK(scene.verdict().verdict.outcome == Outcome::closed_early); }
}

TEST_CASE("what a client that had closed acknowledges was heard, whatever it does then") {
  Scene scene;
  scene.port = 8080;
  scene.shake_hands(0s, 40000);
  scene.say(3ms, 40000, "GET / HTTP/1.0");
  auto fin = Scene::with("", 1015, 501);
  fin.flags = tcp_flag::fin | tcp_flag::ack;
  scene.see(4ms, scene.flow(40000), 64, fin);
  scene.reply(3500ms, 40000, "HTTP/1.0 200 OK");
  scene.hears(3501ms, 516, 0, 1016);
  scene.acknowledge(3502ms, 40000, tcp_flag::rst);
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("a later piece alone is no gap while the client has not said so") {
  Scene scene;
  scene.port = 8204;
  scene.shake_hands(0s, 40000);
  scene.answer(5ms, 40000, tcp_flag::ack, 61, 501 + 2896, 104);
  scene.answer(12s, 50000, tcp_flag::rst);  // a stranger's: only its time counts
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("a greeting whose beginning was not captured is not judged") {
  Scene scene;
  scene.port = 25;
  scene.shake_hands(0s, 40000);
  scene.hears(5ms, 540);  // it has the greeting
  scene.see(6ms, scene.flow(40000).reversed(), 61, Scene::with("221 bye", 540, 1001));
  scene.hears(7ms, 547);
  scene.answer(8ms, 40000, tcp_flag::fin | tcp_flag::ack, 61, 547);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK_FALSE(says(analysis, CaveatId::unexpected_service));
}

TEST_CASE("a page and a RST of one device in a moment may be the host's or another's") {
  Scene scene;
  scene.port = 80;
  scene.ask(0s, 40000);
  scene.answer(20ms, 40000, syn_ack, 57, 500);
  scene.acknowledge(21ms, 40000);
  scene.say(22ms, 40000, "GET / HTTP/1.1");
  scene.answer(24ms, 40000, tcp_flag::ack, 62, 501, 30, 1015);
  scene.answer(24ms, 40000, reset_ack, 62, 531, 0, 1015);
  const auto verdict = scene.verdict().verdict;
  REQUIRE(verdict.explanations.size() == 2);
  CHECK(verdict.explanations[0].mechanism == Mechanism::injected_reset);
  CHECK(verdict.explanations[1].rank == 1);
  CHECK(verdict.culprit.confidence == Confidence::weak);
}

TEST_CASE("a message that is heeded is no reason for what gets lost later") {
  Scene scene;
  scene.connect(0s, 40000);
  const auto says_too_big = [&](Duration at) {
    IcmpError error{3, 4, Quote{}, 1400};
    error.quote->flow = scene.flow(40000);
    error.quote->tcp_sequence = 1001;
    scene.see(at, {Transport::icmp, {router, 0}, {client, 0}}, 63, error);
  };
  scene.hears(1s, 521, 1448);
  says_too_big(1001ms);
  scene.hears(1002ms, 521, 1448);  // at once, as on duplicate acknowledgments
  says_too_big(1003ms);
  for (const auto at : {1300ms, 1700ms, 2500ms, 4100ms}) scene.hears(at, 521, 1348);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
}

TEST_CASE("of a greeting that comes without its beginning no service is judged") {
  Scene scene;
  scene.port = 25;
  scene.shake_hands(0s, 40000);
  scene.see(5ms, scene.flow(40000).reversed(), 61, Scene::with("ended its greeting", 540, 1001));
  scene.answer(12s, 50000, tcp_flag::rst);  // a stranger's: only its time counts
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK_FALSE(says(analysis, CaveatId::unexpected_service));
}

TEST_CASE("a SYN that is sent again sooner than any timer has it was answered") {
  const auto pause = GENERATE(Duration(500ms), Duration(1s));
  Scene scene;
  scene.around = {};  // nothing that comes in was captured
  for (int i = 0; i < 3; ++i) scene.ask(i * pause, 40000);
  scene.now += 8s;
  const auto analysis = scene.verdict();
  const bool by_timer = pause == 1s;
  CHECK(analysis.verdict.outcome == (by_timer ? Outcome::dropped : Outcome::inconclusive));
}

TEST_CASE("a router without a route says so of one port, and keeps silent of the next ones") {
  Scene scene;
  scene.port = 22;
  scene.ask(0s, 40000);
  IcmpError error{3, 0, Quote{}, {}};
  error.quote->flow = scene.flow(40000);
  error.quote->tcp_sequence = 1000;
  scene.see(4ms, {Transport::icmp, {router, 0}, {client, 0}}, 63, error);
  scene.port = 443;
  for (const auto at : {300ms, 1300ms, 3300ms, 7300ms}) scene.ask(at, 40001);
  SECTION("at the same time") {
    const auto analysis = scene.verdict_of(443);
    CHECK(analysis.verdict.outcome == Outcome::unreachable);
    CHECK(analysis.verdict.culprit.confidence == Confidence::weak);
    CHECK(analysis.verdict.explanations.back().mechanism == Mechanism::filter_drop);
    CHECK(analysis.app_sees.error == ETIMEDOUT);  // its own SYNs were told nothing
  }
  SECTION("long before") {
    scene.port = 80;
    for (const auto at : {100s, 101s, 103s, 107s}) scene.ask(at, 40002);
    CHECK(scene.verdict_of(80).verdict.outcome == Outcome::dropped);
  }
}
