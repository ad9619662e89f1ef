// Packets that bear the name of one end and are not its, and such as belong to no attempt.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

Mechanism only_mechanism(const Verdict& verdict) {
  REQUIRE(verdict.explanations.size() == 1);
  return verdict.explanations.front().mechanism;
}

std::vector<FrameId> frames(std::initializer_list<std::uint64_t> numbers) {
  std::vector<FrameId> frames;
  for (const auto number : numbers) frames.push_back({number});
  return frames;
}

IpAddress v6(std::uint8_t last) {
  std::array<std::uint8_t, 16> bytes{0x20, 0x01, 0x0d, 0xb8};
  bytes.back() = last;
  return IpAddress::v6(bytes);
}

/// Frames of the end that was somebody else's, and of what shows it.
std::vector<FrameId> shown_as_injected(const Verdict& verdict) {
  CHECK(verdict.outcome == Outcome::closed_early);
  CHECK(only_mechanism(verdict) == Mechanism::injected_reset);
  return verdict.explanations.front().because.front().packets;
}

}  // namespace

TEST_CASE("a RST in the client's name that did not come the client's way") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521, 100);
  scene.resets(1s, GENERATE(std::uint8_t{55}, std::uint8_t{110}), 1101);
  SECTION("ends the connection") {
    scene.hears(1100ms, 521, 50, 1101);
    scene.answer(1101ms, 40000, tcp_flag::rst, 61, 521);
    const auto analysis = scene.verdict();
    CHECK(shown_as_injected(analysis.verdict) == frames({1, scene.frame - 2}));  // SYN and RST
    CHECK(analysis.verdict.culprit.confidence == Confidence::weak);
    CHECK(analysis.attempts.open == 0);
  }
  SECTION("is not heeded") {
    scene.hears(1100ms, 521, 50, 1101);
    scene.answer(1101ms, 40000, tcp_flag::ack, 61, 521, 0, 1151);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("a client that goes on after its RST did not send it") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521, 100);
  scene.resets(1s, 64, 1101);
  SECTION("and is reset for that") {
    scene.hears(1100ms, 521, 50, 1101);
    scene.answer(1101ms, 40000, tcp_flag::rst, 61, 521);
    CHECK(shown_as_injected(scene.verdict().verdict) == frames({scene.frame - 2, scene.frame - 1}));
  }
  SECTION("and is answered all the same") {
    scene.hears(1100ms, 521, 50, 1101);
    scene.answer(1101ms, 40000, tcp_flag::ack, 61, 521, 0, 1151);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("unless that was recorded a little late") {
    scene.hears(1001ms, 521, 50, 1101);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("or was sent before") {
    scene.hears(1100ms, 521, 100, 1001);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("a server that goes on after its FIN did not send it") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521, 100);
  const auto ends = static_cast<std::uint8_t>(tcp_flag::fin | tcp_flag::ack);
  scene.answer(1s, 40000, ends, GENERATE(std::uint8_t{61}, std::uint8_t{63}), 521, 0, 1101);
  SECTION("the client heeds it") {
    scene.acknowledge(1001ms, 40000, ends);
    scene.answer(1100ms, 40000, tcp_flag::ack, 61, 521, 50, 1101);
    CHECK(shown_as_injected(scene.verdict().verdict) == frames({scene.frame - 2, scene.frame}));
  }
  SECTION("the client does not") {
    scene.answer(1100ms, 40000, tcp_flag::ack, 61, 521, 50, 1101);
    scene.hears(1101ms, 571, 10, 1101);
    scene.answer(1102ms, 40000, tcp_flag::ack, 61, 571, 50, 1111);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
  SECTION("what it said before may be recorded late") {
    scene.answer(1001ms, 40000, tcp_flag::ack, 61, 501, 20, 1101);
    scene.acknowledge(2s, 40000, ends);
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("a client may end its connection with a RST") {
  Scene scene;
  SECTION("over a router more than its SYN") {
    scene.connect(0s, 40000);
    scene.resets(1s, 63);
  }
  SECTION("where a SYN proxy has asked in its place") {
    scene.ask(0s, 40000, 62);
    scene.answer(1ms, 40000, syn_ack, 64, 500);
    scene.hears(2ms, 501, 0, 1001, 55);
    scene.answer(3ms, 40000, tcp_flag::ack, 64, 501, 20);
    scene.resets(1s, 55);
  }
  SECTION("of its kernel, where its socket has a hop limit of its own (RFC 5082)") {
    scene.ask(0s, 40000, 255);
    scene.answer(1ms, 40000, syn_ack, 61, 500);
    scene.hears(2ms, 501, 0, 1001, 255);
    scene.answer(3ms, 40000, tcp_flag::ack, 61, 501, 20);
    scene.resets(1s, 64);
  }
  SECTION("after its FIN") {
    scene.connect(0s, 40000);
    scene.acknowledge(1s, 40000, tcp_flag::fin | tcp_flag::ack);
    scene.resets(1001ms, 55);
  }
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("both ends ask at the same time: one connection") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, tcp_flag::syn, 61, 500, 0, 0);
  TcpSegment agreed;
  agreed.flags = syn_ack;
  agreed.sequence = 1000;
  agreed.acknowledgment = 501;
  SECTION("one of their SYN/ACKs comes first") {
    scene.see(2ms, scene.flow(40000), 64, agreed);
    scene.answer(3ms, 40000, syn_ack, 61, 500);
  }
  SECTION("or the other") {
    scene.answer(2ms, 40000, syn_ack, 61, 500);
    scene.see(3ms, scene.flow(40000), 64, agreed);
  }
  scene.hears(4ms, 501, 10);
  scene.answer(5ms, 40000, tcp_flag::ack, 61, 501, 20);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK(analysis.attempts.total == 1);
  CHECK_FALSE(says(analysis, CaveatId::one_direction));
}

TEST_CASE("a stray SYN amid a connection is no attempt") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(4ms, 521, 10);
  scene.ask(1s, 40000, 50, 777'000);
  if (GENERATE(true, false)) scene.answer(1001ms, 40000, tcp_flag::ack, 61, 521, 0, 1011);
  SECTION("when the connection goes on") {
    scene.hears(2s, 521, 10, 1011);
    scene.answer(2001ms, 40000, tcp_flag::ack, 61, 521, 30, 1021);
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::open);
    CHECK(analysis.attempts.total == 1);
    CHECK_FALSE(says(analysis, CaveatId::one_direction));
  }
  SECTION("but where its client has forgotten the connection and asks again, it is") {
    scene.resets(1002ms, 64, 1011);
    scene.ask(2s, 40000, 50, 777'000);
    scene.answer(2001ms, 40000, syn_ack, 61, 9000, 0, 777'001);
    scene.hears(2002ms, 9001, 0, 777'001);
    const auto analysis = scene.verdict();
    CHECK(analysis.attempts.total == 2);
    CHECK(analysis.verdict.outcome == Outcome::open);
  }
}

TEST_CASE("a FIN answers no SYN") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, tcp_flag::fin | tcp_flag::ack, 61, 500);
  for (const auto at : {1s, 3s}) scene.ask(at, 40000);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.confidence == Confidence::weak);
  CHECK(verdict.explanations.front().mechanism == Mechanism::answer_lost);
}

TEST_CASE("a window that closes with the last burst of the capture is not shut for good") {
  Scene scene;
  scene.connect(0s, 40000);
  const auto full = [&](Duration at) { scene.answer(at, 40000, tcp_flag::ack, 61, 521, 0, 2001); };
  scene.hears(1s, 521, 1000);
  for (int i = 0; i < 6; ++i) full(1020ms + i * 1ms);
  SECTION("when nobody asks again") { CHECK(scene.verdict().verdict.outcome == Outcome::open); }
  SECTION("when it stays so, whenever the client asks") {
    for (const auto at : {2s, 3s, 5s, 9s}) {
      scene.hears(at, 521, 0, 2000);
      full(at + 1ms);
    }
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::silent_service);
    CHECK(only_mechanism(verdict) == Mechanism::data_blocked);
  }
}

TEST_CASE("whoever answers each question with a window of 0 is there, and takes nothing") {
  Scene scene;
  scene.port = 443;
  const bool made_up = GENERATE(true, false);
  const auto says = [&](Duration at, std::uint8_t flags, std::uint16_t window,
                        std::uint32_t hears) {
    TcpSegment segment;
    segment.flags = flags;
    segment.sequence = flags == syn_ack ? 500 : 501;
    segment.acknowledgment = hears;
    segment.window = window;
    segment.option_bytes = made_up ? 0 : 20;
    scene.see(at, scene.flow(40000).reversed(), 61, segment);
  };
  scene.ask(0s, 40000);
  says(1ms, syn_ack, made_up ? 5 : 64240, 1001);
  scene.hears(2ms, 501);
  says(3ms, tcp_flag::ack, 0, 1001);
  // A tarpit acknowledges the number that the question bears, which is one less.
  for (const auto at : {200ms, 600ms, 1400ms, 3000ms}) {
    scene.hears(at, 501, 0, 1000);
    says(at + 1ms, tcp_flag::ack, 0, 1000);
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  REQUIRE(verdict.explanations.size() == 2);
  const auto& [first, second] = std::tie(verdict.explanations[0], verdict.explanations[1]);
  CHECK(first.mechanism == (made_up ? Mechanism::tarpit : Mechanism::data_blocked));
  CHECK(second.mechanism == (made_up ? Mechanism::data_blocked : Mechanism::tarpit));
  CHECK(second.rank == 2);
  // In whose name is not known: a router's rule makes it up as well.
  CHECK(verdict.culprit.confidence == (made_up ? Confidence::weak : Confidence::strong));
}

TEST_CASE("an answer with another sender answers the SYN to the address that was asked") {
  const auto& [from, other, target] = GENERATE(
      std::tuple{client, IpAddress::v4(0xc633644d), server}, std::tuple{v6(1), v6(9), v6(4)});
  Scene scene;
  TcpSegment syn;
  syn.flags = tcp_flag::syn;
  syn.sequence = 0x12345678;
  syn.sack_permitted = true;
  TcpSegment answer;
  answer.flags = syn_ack;
  answer.sequence = 500;
  answer.acknowledgment = syn.sequence + 1;
  TcpSegment disown;
  disown.flags = tcp_flag::rst;
  disown.sequence = answer.acknowledgment;
  const Flow asked{Transport::tcp, {from, 40000}, {target, 22}};
  const Flow strange{Transport::tcp, {from, 40000}, {other, 22}};
  for (const auto at : {0s, 1s, 3s, 7s}) {
    scene.see(at, asked, 64, syn);
    scene.see(at + 1ms, strange.reversed(), 61, answer);
    scene.see(at + 2ms, strange, 64, disown);
  }
  const auto analysis = scene.verdict();  // of the only target
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(only_mechanism(analysis.verdict) == Mechanism::answer_lost);
  CHECK(analysis.verdict.explanations.front().because.front().packets == frames({1, 2}));
  CHECK(analysis.attempts.total == 1);
}

TEST_CASE("a SYN/ACK that nobody asked for and its receiver resets opens no port") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, reset_ack);
  const auto asked = std::exchange(scene.port, std::uint16_t{80});
  scene.answer(1s, 40001, syn_ack, 61, 500);
  scene.acknowledge(1001ms, 40001, tcp_flag::rst);
  scene.port = asked;
  CHECK(scene.only_target().endpoint.port == 22);
}

TEST_CASE("a RST in the client's name, over another way than its SYN, to the SYN/ACK") {
  Scene scene;
  scene.kernel = GENERATE(true, false);
  const auto limit = GENERATE(std::uint8_t{61}, std::uint8_t{58}, std::uint8_t{57});
  scene.ask(0s, 40000, 58);
  scene.answer(1ms, 40000, syn_ack, 64, 500);
  TcpSegment reset;
  reset.flags = tcp_flag::rst;
  reset.sequence = 1001;
  scene.see(30ms, scene.flow(40000), limit, reset);
  const auto verdict = scene.verdict().verdict;
  if (!scene.kernel || limit != 61) {
    CHECK(verdict.outcome == Outcome::open);
    return;
  }
  CHECK(shown_as_injected(verdict) == frames({1, 3}));
}
