// How connections of any capture end, or only seem to.
#include <cerrno>

#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

TEST_CASE("a RST that the client does not heed ends nothing") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  scene.answer(1s, 40000, tcp_flag::rst, 200, GENERATE(521u, 700'000u));
  scene.answer(2s, 40000, tcp_flag::ack, 61, 521, 30);
  SECTION("it acknowledges what the server says after it") {
    scene.hears(2001ms, 551);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("it does not, as the server has not heard of the RST") {
    scene.acknowledge(2001ms, 40000, tcp_flag::rst);
    CHECK(scene.verdict().verdict.outcome == Outcome::closed_early);
  }
  SECTION("what it acknowledges had been said before: that was on its way") {
    scene.hears(2001ms, 521);
    CHECK(scene.verdict().verdict.outcome == Outcome::closed_early);
  }
}

TEST_CASE("pieces of one burst that are sent again are no proof that nothing gets through") {
  Scene scene;
  scene.connect(0s, 40000);
  for (const auto piece : {0u, 1u, 2u, 3u})
    scene.hears(1s + piece * 1ms, 521, 100, 1001 + 100 * piece);
  for (const auto piece : {0u, 1u, 2u, 3u})
    scene.hears(1300ms + piece * 1ms, 521, 100, 1001 + 100 * piece);
  SECTION("when the capture ends there") {
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("unless it goes on") {
    scene.hears(2500ms, 521, 100, 1001);
    CHECK(scene.verdict().verdict.outcome == Outcome::silent_service);
  }
}

TEST_CASE("a SYN that is refused is sent again, as Windows does, and is accepted") {
  Scene scene;
  for (const auto at : {0ms, 500ms}) {
    scene.ask(at, 40000);
    scene.answer(at + 1ms, 40000, reset_ack);
  }
  scene.ask(1s, 40000);
  SECTION("the service has begun to listen") {
    scene.answer(1001ms, 40000, syn_ack, 61, 500);
    scene.acknowledge(1002ms, 40000);
    scene.answer(1003ms, 40000, tcp_flag::ack, 61, 501, 20);
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::open);
    CHECK(analysis.attempts.open == 1);
    CHECK_FALSE(says(analysis, CaveatId::path_loss));
  }
  SECTION("each is answered: nothing gets lost") {
    scene.answer(1001ms, 40000, reset_ack);
    const auto analysis = scene.verdict();
    CHECK(analysis.attempts.refused == 1);
    CHECK_FALSE(says(analysis, CaveatId::path_loss));
  }
}

TEST_CASE("a connection that lay idle for an hour is the same") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  SECTION("and goes on") {
    scene.hears(1h, 521, 10);
    scene.answer(1h + 1ms, 40000, tcp_flag::ack, 61, 521, 30, 1011);
    CHECK(scene.only_target().attempts.total == 1);
  }
  SECTION("and is reset") {
    scene.answer(1h, 40000, reset_ack, 61, 521);
    const auto analysis = scene.verdict();
    CHECK(analysis.attempts.total == 1);
    CHECK(analysis.verdict.outcome == Outcome::closed_early);
  }
}

namespace {

constexpr std::string_view hello = "\x16\x03\x01 and so on";

void accept(Scene& scene) { scene.shake_hands(0s, 40000); }

/// The host's stack has it.
void ask(Scene& scene, Duration at, std::string_view words) {
  scene.say(at, 40000, words);
  const auto heard = 1001 + static_cast<std::uint32_t>(words.size());
  scene.see(at + 1ms, scene.flow(40000).reversed(), 61, Scene::with("", 501, heard));
}

}  // namespace

TEST_CASE("a request that is acknowledged and never answered") {
  Scene scene;
  scene.port = GENERATE(std::uint16_t{443}, std::uint16_t{5432}, std::uint16_t{9999});
  accept(scene);
  ask(scene, 10s, hello);
  SECTION("until the client gives up") {
    scene.acknowledge(15s, 40000, tcp_flag::fin | tcp_flag::ack);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::silent_service);
    CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
    CHECK(verdict.culprit.confidence == Confidence::weak);
  }
  SECTION("until the capture ends") {
    scene.answer(41s, 50000, tcp_flag::rst);  // a stranger's: only its time counts
    CHECK(scene.verdict().attempts.other == 1);
  }
  SECTION("so far") {
    scene.answer(20s, 50000, tcp_flag::rst);
    CHECK(scene.verdict().attempts.open == 1);
  }
  SECTION("but it is") {
    scene.reply(12s, 40000, "an answer");
    scene.answer(60s, 50000, tcp_flag::rst);
    CHECK(scene.verdict().attempts.open == 1);
  }
}

TEST_CASE("a greeting that is recorded before the client's acknowledgment") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  scene.reply(2ms, 40000, "SSH-2.0-x");
  if (GENERATE(true, false)) scene.acknowledge(3ms, 40000);
  scene.answer(1s, 40000, tcp_flag::fin | tcp_flag::ack, 61, 510);
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("a log or a file need not be answered") {
  Scene scene;
  scene.port = 9100;
  accept(scene);
  ask(scene, 1s, "page 1");
  scene.acknowledge(60s, 40000, tcp_flag::fin | tcp_flag::ack);
  CHECK(scene.verdict().attempts.open == 1);
}

TEST_CASE("a RST to the first words may come from what reads them on the way") {
  Scene scene;
  scene.port = 443;
  accept(scene);
  ask(scene, 10ms, hello);
  const bool at_once = GENERATE(true, false);
  scene.answer(at_once ? 12ms : 60s, 40000, reset_ack, 61, 501);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  CHECK(verdict.explanations.front().mechanism == Mechanism::accept_then_close);
  const bool listed = std::ranges::any_of(verdict.explanations, [](const Explanation& found) {
    return found.mechanism == Mechanism::injected_reset && found.rank == 2;
  });
  CHECK(listed == at_once);
}

TEST_CASE("a client that is turned away in words is not let in") {
  Scene scene;
  scene.port = 25;
  accept(scene);
  scene.reply(10ms, 40000, "554 no service for you\r\n");
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::closed_early);
  CHECK(analysis.attempts.open == 0);
}

TEST_CASE("a host that has an older connection with the same ports is not silent") {
  Scene scene;
  for (const auto at : {0s, 1s, 3s, 7s}) {
    scene.ask(at, 40000);
    scene.answer(at + 1ms, 40000, tcp_flag::ack, 61, 99999, 0, 424242);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.attempts.total == 1);
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  REQUIRE(analysis.verdict.explanations.size() == 1);
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::filter_drop);
  CHECK(says(analysis, CaveatId::forged_replies));
}

TEST_CASE("RSTs with other numbers make it doubtful that the host is silent") {
  Scene scene;
  for (const auto at : {0s, 1s, 3s}) {
    scene.ask(at, 40000);
    scene.answer(at + 1ms, 40000, tcp_flag::rst, 61, 0, 0, 0);
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.explanations.front().mechanism == Mechanism::filter_drop);
}

TEST_CASE("a service that waits for a client which says nothing may grow tired") {
  Scene scene;
  scene.port = 443;
  accept(scene);
  const auto flags = GENERATE(as<std::uint8_t>{}, reset_ack, tcp_flag::fin | tcp_flag::ack);
  SECTION("after a while") {
    scene.answer(60s, 40000, flags, 61, 501);
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::open);
    CHECK(analysis.attempts.open == 1);
  }
  SECTION("not at once") {
    scene.answer(100ms, 40000, flags, 61, 501);
    CHECK(scene.verdict().verdict.outcome == Outcome::closed_early);
  }
}

TEST_CASE("a SYN/ACK that is repeated in vain to who asked once shows no open port") {
  Scene scene;
  scene.ask(0s, 40000, 55);
  for (const auto at : {0s, 1s, 3s, 7s}) scene.answer(at + 1ms, 40000, syn_ack, 64, 500);
  SECTION("never acknowledged") {
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::inconclusive);
    CHECK(analysis.attempts.other == 1);
    CHECK(says(analysis, CaveatId::short_run));
  }
  SECTION("at last") {
    scene.acknowledge(8s, 40000);
    scene.reply(8001ms, 40000, "SSH-2.0-x");
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("while others get through") {
    scene.connect(10s, 40001);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("a RST that came over one router more or less may be the host's all the same") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.answer(1h, 40000, reset_ack, 60, 521);
  const auto verdict = scene.verdict().verdict;
  REQUIRE(verdict.explanations.size() == 3);
  CHECK(verdict.explanations[0].mechanism == Mechanism::injected_reset);
  CHECK(verdict.explanations[1].mechanism == Mechanism::middlebox_reset);
  CHECK(verdict.explanations[2].mechanism == Mechanism::accept_then_close);
}

TEST_CASE("host unreachable about packets of a connection may be a route that is gone") {
  Scene scene;
  scene.connect(0s, 40000);
  for (const auto at : {5s, 6s, 8s, 12s}) {
    scene.hears(at, 521, 10);
    IcmpError error{3, 1, Quote{}, {}};
    error.quote->flow = scene.flow(40000);
    error.quote->tcp_sequence = 1001;
    scene.see(at + 1ms, {Transport::icmp, {router, 0}, {client, 0}}, 63, error);
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  REQUIRE(verdict.explanations.size() == 2);
  CHECK(verdict.explanations[0].mechanism == Mechanism::host_down);
  CHECK(verdict.explanations[1].mechanism == Mechanism::no_route);
}

TEST_CASE("a filter on SYN, FIN and RST leaves out what was said") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  SECTION("the server ends it in order") {
    scene.answer(9s, 40000, tcp_flag::fin | tcp_flag::ack, 61, 900, 0, 1300);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("without a word") {
    scene.answer(9s, 40000, tcp_flag::fin | tcp_flag::ack, 61, 501);
    CHECK(scene.verdict().verdict.outcome == Outcome::closed_early);
  }
  SECTION("the server resets it") {
    scene.answer(9s, 40000, reset_ack, 61, 900, 0, 1300);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::closed_early);
    CHECK(verdict.explanations.front().mechanism == Mechanism::accept_then_close);
  }
  CHECK(scene.only_target().misfits == 0);
}

TEST_CASE("a RST far from any number of the connection is no end of it") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  scene.answer(2ms, 40000, reset_ack, 61, 900'000'000, 0, 1300);
  const auto& target = scene.only_target();
  CHECK(target.misfits == 1);
  CHECK(target.attempts.open == 1);
}

TEST_CASE("an end whose numbers tell of words that the capture missed is not one without a word") {
  const auto shown = [](std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledges) {
    Scene scene;
    scene.shake_hands(0s, 40000);
    scene.answer(10ms, 40000, flags, 61, sequence, 0, acknowledges);
    return scene.verdict().verdict.outcome;
  };
  constexpr auto fin = std::uint8_t(tcp_flag::fin | tcp_flag::ack);
  CHECK(shown(fin, 501, 1001) == Outcome::closed_early);
  CHECK(shown(fin, 501, 1002) == Outcome::open);          // after the client's own
  CHECK(shown(fin, 525, 1001) == Outcome::open);          // it had said 24 bytes
  CHECK(shown(fin, 501, 1081) == Outcome::inconclusive);  // it was asked something
  CHECK(shown(reset_ack, 501, 1002) == Outcome::open);
  CHECK(shown(reset_ack, 501, 1001) == Outcome::closed_early);
  CHECK(shown(reset_ack, 525, 1001) == Outcome::closed_early);
  CHECK(shown(tcp_flag::rst, 501, 1002) == Outcome::closed_early);  // acknowledges nothing
}

TEST_CASE("the FINs of both sides in the wrong order: the client was done first") {
  Scene scene;
  scene.shake_hands(0s, 40000);
  scene.answer(10ms, 40000, tcp_flag::fin | tcp_flag::ack, 61, 501, 0, 1002);
  scene.acknowledge(10ms, 40000, tcp_flag::fin | tcp_flag::ack);
  scene.hears(11ms, 502, 0, 1002);
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("a RST to every SYN/ACK, while the stack asks on, is a rule of the client's") {
  Scene scene;
  scene.kernel = GENERATE(true, false);  // a tool's kernel resets what it knows nothing of
  for (const auto at : {0s, 1s, 3s, 7s}) {
    scene.ask(at, 40000);
    scene.answer(at + 1ms, 40000, syn_ack, 61, 500);
    scene.acknowledge(at + 2ms, 40000, tcp_flag::rst);
  }
  const auto analysis = scene.verdict();
  if (!scene.kernel) {
    CHECK(analysis.verdict.outcome == Outcome::open);
    return;
  }
  CHECK(analysis.attempts.total == 1);
  CHECK(analysis.verdict.outcome == Outcome::local);
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::local_input_filter);
  CHECK(analysis.app_sees.error == ETIMEDOUT);
}

TEST_CASE("a RST after silence on both sides: nobody can tell whether it was missed") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  const auto at = GENERATE(Duration(50ms), Duration(2s), Duration(350s));
  scene.answer(at, 40000, reset_ack, 61, 521);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  CHECK((verdict.culprit.confidence == Confidence::weak) == (at >= 1s));
  const auto& told = verdict.explanations.front().because.back().text.str();
  CHECK((told.find("If the answer was whole") != std::string::npos) == (at >= 1s));
}

TEST_CASE("a RST after something that was never acknowledged") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  for (const auto at : {1s, 2s, 4s}) scene.hears(at, 521, 100);
  scene.answer(9s, 40000, reset_ack, 61, 521);
  CHECK(scene.verdict().verdict.culprit.confidence == Confidence::strong);
}

TEST_CASE("what a RST carries is kept, be it an answer or an end") {
  const std::string words = "BIG-IP: [0x2b4] Port denied";
  const bool after_handshake = GENERATE(true, false);
  Scene scene;
  if (after_handshake)
    scene.shake_hands(0s, 40000);
  else
    scene.ask(0s, 40000);
  auto reset = Scene::with(words, after_handshake ? 501 : 0, 1001);
  reset.flags = reset_ack;
  scene.see(1s, scene.flow(40000).reversed(), 61, reset);
  const auto sample = scene.book.sample_of(scene.only_target());
  const auto& replies = sample.front().exchange.replies;
  const auto found = std::ranges::find(replies, FrameId{scene.frame}, &Reply::frame);
  REQUIRE(found != replies.end());
  CHECK(std::string(found->segment->text.begin(), found->segment->text.end()) == words);
  const auto verdict = scene.verdict().verdict;
  CHECK(std::ranges::any_of(verdict.explanations.front().because, [&](const Evidence& told) {
    return told.text.str().find(words) != std::string::npos;
  }));
}
