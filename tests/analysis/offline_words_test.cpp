// What the two ends of a connection say, and what follows from it.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

using namespace std::string_view_literals;

constexpr std::uint8_t fin_ack = tcp_flag::fin | tcp_flag::ack;

void accept(Scene& scene) {
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  scene.acknowledge(2ms, 40000);
}

Mechanism first(const Analysis& analysis) {
  return analysis.verdict.explanations.front().mechanism;
}

constexpr auto maxclients = "-ERR max number of clients reached\r\n"sv;
constexpr auto protected_mode = "-DENIED Redis is running in protected mode\r\n"sv;
constexpr auto slots =
    "N"
    "R\0\0\0\x8\0\0\0\0"
    "E\0\0\0\x8cSFATAL\0VFATAL\0C53300\0Mremaining connection slots"sv;
constexpr auto hba =
    "E\0\0\0\xa3SFATAL\0VFATAL\0C28000\0Mpg_hba.conf rejects connection for host"sv;

}  // namespace

TEST_CASE("a service that waits for its client says that it is full or lets nobody in") {
  Scene scene;
  const auto [port, words, mechanism] = GENERATE(table<std::uint16_t, std::string_view, Mechanism>(
      {{6379, maxclients, Mechanism::connection_limit},
       {5432, slots, Mechanism::connection_limit},
       {6379, protected_mode, Mechanism::accept_then_close},
       {5432, hba, Mechanism::accept_then_close}}));
  scene.port = port;
  accept(scene);
  const bool asks = GENERATE(true, false);
  if (asks) scene.say(3ms, 40000, "PING\r\n");
  scene.reply(4ms, 40000, words);
  const auto heard = 501 + static_cast<std::uint32_t>(words.size());
  scene.hears(5ms, heard, 0, asks ? 1007 : 1001);
  SECTION("and resets") { scene.answer(6ms, 40000, reset_ack, 61, heard, 0, 1007); }
  SECTION("and closes") { scene.answer(6ms, 40000, fin_ack, 61, heard, 0, 1007); }
  SECTION("and closes, and the client speaks after it") {
    scene.answer(6ms, 40000, fin_ack, 61, heard, 0, 1001);
    scene.say(7ms, 40000, "PING\r\n");
    scene.answer(8ms, 40000, tcp_flag::rst, 61, heard + 1);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::closed_early);
  CHECK(first(analysis) == mechanism);
}

TEST_CASE("a fatal alert instead of a TLS handshake turns the client away, however it ends") {
  Scene scene;
  scene.port = 443;
  accept(scene);
  scene.say(3ms, 40000, "\x16\3\1\0\x04hell"sv);
  const bool alert = GENERATE(true, false);
  scene.reply(4ms, 40000, alert ? "\x15\3\3\0\2\2\x28"sv : "\x16\3\3\0\2\2\x28"sv);
  scene.hears(5ms, 508, 0, 1010);
  const bool resets = GENERATE(true, false);
  scene.answer(6ms, 40000, resets ? reset_ack : fin_ack, 61, 508, 0, 1010);
  const auto analysis = scene.verdict();
  const bool fails = alert || resets;
  CHECK(analysis.verdict.outcome == (fails ? Outcome::closed_early : Outcome::open));
  if (alert) CHECK(first(analysis) == Mechanism::accept_then_close);
  const auto& because = analysis.verdict.explanations.front().because;
  CHECK(std::ranges::any_of(because, [](const Evidence& reason) {
          return reason.text.str().find("refused in words") != std::string::npos;
        }) == alert);
}

TEST_CASE("whether the client asked a proxy to connect on is known") {
  Scene scene;
  scene.port = 3128;
  accept(scene);
  const bool connects = GENERATE(true, false);
  scene.say(3ms, 40000,
            connects ? "CONNECT db:443 HTTP/1.1\r\n\r\n" : "GET http://db/ HTTP/1.1\r\n");
  scene.reply(4ms, 40000, "HTTP/1.1 502 Bad Gateway\r\n\r\n");
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
  CHECK(scene.inspection->run.connect->to_proxy == connects);
}

TEST_CASE("an error of a database in answer to its client is an answer") {
  Scene scene;
  scene.port = 5432;
  accept(scene);
  scene.say(3ms, 40000, "startup");
  scene.reply(4ms, 40000, "E\0\0\0\x64SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed"sv);
  scene.answer(6ms, 40000, fin_ack, 61, 561, 0, 1008);
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("more questions on a connection that the server has ended") {
  Scene scene;
  const auto [port, words, question] = GENERATE(table<std::uint16_t, std::string_view, bool>({
      {6379, "*1\r\n$4\r\nPING\r\n"sv, true},
      {6379, "*1\r\n$4\r\nQUIT\r\n"sv, false},
      {5432, "Q\0\0\0\x0dSELECT 1\0"sv, true},
      {5432, "X\0\0\0\4"sv, false},
      {3306, "\x9\0\0\0\3SELECT 1"sv, true},
      {3306, "\1\0\0\0\1"sv, false},
      {9000, "*1\r\n$4\r\nPING\r\n"sv, false},
  }));
  scene.port = port;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  scene.answer(3s, 40000, fin_ack, 61, 521);
  scene.hears(3001ms, 522);
  scene.see(6s, scene.flow(40000), 64, Scene::with(words, 1001, 522));
  scene.answer(6001ms, 40000, tcp_flag::rst, 61, 522);
  CHECK((scene.verdict().verdict.outcome == Outcome::closed_early) == question);
}

TEST_CASE("a client that goes on talking without an answer needs none") {
  Scene scene;
  scene.port = 9000;
  accept(scene);
  const bool goes_on = GENERATE(true, false);
  scene.hears(3ms, 501, 390);
  scene.answer(4ms, 40000, tcp_flag::ack, 61, 501, 0, 1391);
  if (goes_on) scene.hears(50ms, 501, 390, 1391);
  const auto end = goes_on ? 1781u : 1391u;
  scene.answer(51ms, 40000, tcp_flag::ack, 61, 501, 0, end);
  SECTION("and the server ends it in order, with all that was said") {
    scene.answer(1s, 40000, fin_ack, 61, 501, 0, end);
    CHECK((scene.verdict().verdict.outcome == Outcome::open) == goes_on);
  }
  SECTION("or before it has taken all") {
    scene.answer(1s, 40000, fin_ack, 61, 501, 0, 1200);
    CHECK(scene.verdict().verdict.outcome == Outcome::closed_early);
  }
  SECTION("or it resets") {
    scene.answer(1s, 40000, reset_ack, 61, 501, 0, end);
    CHECK(scene.verdict().verdict.outcome == Outcome::closed_early);
  }
}

TEST_CASE("on a port that nobody knows, both may wait for the other") {
  Scene scene;
  scene.port = 3000;
  accept(scene);
  SECTION("longer than it takes to turn somebody away") {
    scene.answer(7s, 40000, fin_ack, 61, 501);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("or not") {
    scene.answer(4s, 40000, fin_ack, 61, 501);
    CHECK(scene.verdict().verdict.outcome == Outcome::closed_early);
  }
}

TEST_CASE("an answer that comes after the client has given up shows a slow program") {
  Scene scene;
  scene.port = 8080;
  accept(scene);
  scene.say(3ms, 40000, "GET / HTTP/1.1");
  scene.answer(4ms, 40000, tcp_flag::ack, 61, 501, 0, 1015);
  auto fin = Scene::with("", 1015, 501);
  fin.flags = fin_ack;
  scene.see(5s, scene.flow(40000), 64, fin);
  const bool late = GENERATE(true, false);
  if (late) {
    scene.answer(12s, 40000, tcp_flag::ack, 61, 501, 21, 1016);
    scene.acknowledge(12001ms, 40000, tcp_flag::rst);
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
  CHECK(verdict.explanations.front().because.front().packets == std::vector<FrameId>{{4}});
  CHECK((verdict.culprit.where.kind == CulpritKind::destination) == late);
  CHECK(verdict.explanations.size() == (late ? 1u : 2u));
}

TEST_CASE("words that are sent again are said once") {
  Scene scene;
  accept(scene);
  for (const auto at : {3ms, 203ms, 603ms}) scene.reply(at, 40000, "SSH-2.0-x\r\n");
  scene.verdict();
  CHECK(scene.inspection->run.connect->greeting == "SSH-2.0-x\r\n");
}

TEST_CASE("a subflow that joins another connection need not be used") {
  Scene scene;
  scene.port = 9000;
  TcpSegment syn;
  syn.flags = tcp_flag::syn;
  syn.sequence = 1000;
  syn.sack_permitted = true;
  syn.joins_another = GENERATE(true, false);
  scene.see(0s, scene.flow(40000), 64, syn);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  scene.acknowledge(2ms, 40000);
  scene.answer(50ms, 40000, fin_ack, 61, 501);
  CHECK((scene.verdict().verdict.outcome == Outcome::open) == syn.joins_another);
}

TEST_CASE("a RST that answers the first words and came another way may stand for what it kept") {
  Scene scene;
  scene.port = 80;
  accept(scene);
  scene.say(3ms, 40000, "GET / HTTP/1.1");
  scene.answer(4ms, 40000, tcp_flag::rst, 62, 501);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::closed_early);
  CHECK(std::ranges::any_of(analysis.verdict.explanations, [](const Explanation& found) {
    return found.mechanism == Mechanism::middlebox_reset && found.rank == 1;
  }));
}

TEST_CASE("who accepts a connection and ends it may stand nearer than the host") {
  Scene scene;
  scene.port = 80;
  const Flow ping{Transport::icmp, {client, 0}, {server, 0}};
  scene.see(0s, ping, 64, IcmpEcho{false, 1, 1});
  const bool nearer = GENERATE(true, false);
  scene.see(1ms, ping.reversed(), nearer ? 62 : 64, IcmpEcho{true, 1, 1});
  scene.ask(1s, 40000);
  scene.answer(1001ms, 40000, syn_ack, 64, 500);
  scene.acknowledge(1002ms, 40000);
  scene.say(1003ms, 40000, "GET / HTTP/1.1");
  scene.answer(1004ms, 40000, fin_ack, 64, 501, 0, 1015);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  REQUIRE(verdict.explanations.size() == (nearer ? 2u : 1u));
  CHECK(verdict.explanations.front().mechanism == Mechanism::accept_then_close);
  if (nearer) CHECK(verdict.explanations.back().mechanism == Mechanism::transparent_proxy);
  CHECK(verdict.culprit.confidence == (nearer ? Confidence::weak : Confidence::strong));
}

TEST_CASE("of a scan's SYN/ACK it is said that nobody completed the connection") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  const bool completed = GENERATE(false, true);
  if (completed) scene.acknowledge(2ms, 40000);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::open);
  const auto told = std::ranges::count(verdict.caveats, CaveatId::no_handshake, &Caveat::id);
  CHECK(told == (completed ? 0 : 1));
}
