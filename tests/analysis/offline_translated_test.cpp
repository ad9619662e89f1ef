// The SYN of a client that a machine passes on under another address, or with another number.

#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

const IpAddress backend = IpAddress::v4(0xac1e0002), node = IpAddress::v4(0xac1e0001);

Flow to_backend(const IpAddress& from) { return {Transport::tcp, {from, 40000}, {backend, 8080}}; }

TcpSegment segment(std::uint8_t flags, std::uint32_t sequence, std::uint32_t heard = 0) {
  TcpSegment made;
  made.flags = flags;
  made.sequence = sequence;
  made.acknowledgment = heard;
  made.sack_permitted = flags == tcp_flag::syn;
  if (flags == syn_ack) made.window = 64240;
  return made;
}

/// The client's SYN, as it is sent, and as it goes on.
void ask_twice(Scene& scene, Duration at, Flow on, std::uint32_t number = 1000,
               std::uint8_t hop_limit = 64) {
  scene.ask(at, 40000);
  --scene.frame_id;
  scene.see(at + 30us, on, hop_limit, segment(tcp_flag::syn, number));
}

bool lists(const Analysis& analysis, Mechanism mechanism) {
  return std::ranges::any_of(analysis.verdict.explanations, [&](const Explanation& found) {
    return found.mechanism == mechanism;
  });
}

Mechanism first(const Analysis& analysis) {
  return analysis.verdict.explanations.front().mechanism;
}

}  // namespace

TEST_CASE("a Service of Kubernetes, seen on the node: one connection is one attempt") {
  Scene scene;
  scene.ask(0us, 40000);
  if (GENERATE(true, false)) {  // on the bridge, with only one end translated
    --scene.frame_id;
    scene.see(30us, to_backend(client), 64, segment(tcp_flag::syn, 1000));
  }
  --scene.frame_id;
  scene.see(40us, to_backend(node), 63, segment(tcp_flag::syn, 1000));
  scene.see(60us, to_backend(node).reversed(), 64, segment(syn_ack, 500, 1001));
  --scene.frame_id;
  scene.answer(70us, 40000, syn_ack, 63, 500);
  scene.acknowledge(80us, 40000);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK(analysis.attempts.total == 1);
}

TEST_CASE("a published port is passed on: who refuses stands behind it") {
  Scene scene;
  ask_twice(scene, 0us, to_backend(client), 1000, 63);
  const std::uint8_t hops = GENERATE(std::uint8_t{64}, std::uint8_t{62});
  scene.see(60us, to_backend(client).reversed(), hops, segment(reset_ack, 0, 1001));
  scene.answer(70us, 40000, reset_ack, static_cast<std::uint8_t>(hops - 1));
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(first(analysis) == Mechanism::port_forward);
  CHECK(analysis.verdict.explanations.front().because.front().packets ==
        std::vector{FrameId{1}, FrameId{2}, FrameId{3}});
  CHECK(lists(analysis, Mechanism::closed_port));
  CHECK(lists(analysis, Mechanism::middlebox_reset) == (hops != 64));  // no router between
}

TEST_CASE("a published port is passed on, and nobody answers there") {
  Scene scene;
  for (const auto at : {0s, 1s, 3s, 7s}) ask_twice(scene, at, to_backend(client), 1000, 63);
  SECTION("at all") {
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::dropped);
    CHECK(first(analysis) == Mechanism::port_forward);
    CHECK(lists(analysis, Mechanism::filter_drop));
  }
  SECTION("but its SYN/ACK, which goes no farther") {
    scene.see(8s, to_backend(client).reversed(), 64, segment(syn_ack, 500, 1001));
    const auto analysis = scene.verdict();
    CHECK(analysis.verdict.outcome == Outcome::dropped);
    CHECK(first(analysis) == Mechanism::answer_lost);
    CHECK(analysis.verdict.explanations.size() == 1);
  }
}

TEST_CASE("two SYNs of a stack to two addresses at one moment are two") {
  Scene scene;
  scene.ask(0us, 40000);
  scene.see(30us, to_backend(client), 64, segment(tcp_flag::syn, 1000));  // another packet
  scene.tracker.finish(scene.now);
  scene.book.settle();
  CHECK(scene.book.targets().size() == 2);
}

TEST_CASE("a firewall that gives each SYN another number") {
  Scene scene;
  const std::uint32_t number = 90'001'000;
  const auto on = scene.flow(40000);
  SECTION("and keeps the answer to itself") {
    for (const auto at : {0s, 1s, 3s, 7s}) {
      ask_twice(scene, at, on, number);
      scene.see(at + 20ms, on.reversed(), 61, segment(syn_ack, 500, number + 1));
    }
    const auto analysis = scene.verdict();
    CHECK(analysis.attempts.total == 1);
    CHECK(analysis.verdict.outcome == Outcome::dropped);
    CHECK(first(analysis) == Mechanism::answer_lost);
    CHECK_FALSE(lists(analysis, Mechanism::local_input_filter));
  }
  SECTION("and passes on all the rest") {
    const std::uint32_t far = 70'000'000;
    ask_twice(scene, 0us, on, number);
    const auto answer = [&](Duration at, std::uint8_t flags, std::uint32_t said,
                            std::uint32_t heard) {
      scene.see(at, on.reversed(), 61, segment(flags, far + said, number + heard));
      --scene.frame_id;
      scene.answer(at + 60us, 40000, flags, 61, 500 + said, 0, 1000 + heard);
    };
    answer(20ms, syn_ack, 0, 1);
    scene.hears(21ms, 501, 0);
    --scene.frame_id;
    scene.see(21060us, on, 64, segment(tcp_flag::ack, number + 1, far + 1));
    SECTION("a RST of the server") {
      answer(30ms, reset_ack, 1, 1);
      const auto analysis = scene.verdict();
      CHECK(analysis.attempts.total == 1);
      CHECK(analysis.verdict.outcome == Outcome::closed_early);
    }
    SECTION("a RST without an acknowledgment") {
      scene.see(30ms, on.reversed(), 61, segment(tcp_flag::rst, far + 1));
      --scene.frame_id;
      scene.see(30060us, on.reversed(), 61, segment(tcp_flag::rst, 501));
      const auto analysis = scene.verdict();
      CHECK(analysis.attempts.total == 1);
      CHECK(analysis.verdict.outcome == Outcome::closed_early);
    }
  }
}

TEST_CASE("files of both sides of a firewall, merged: clocks may differ by seconds") {
  Scene scene;
  const auto late = GENERATE(100ms, 2500ms);
  const std::uint8_t routers = GENERATE(std::uint8_t{1}, std::uint8_t{3});
  const auto there = static_cast<std::uint8_t>(64 - routers);
  const auto back = static_cast<std::uint8_t>(61 - routers);
  const auto with_id = [&](std::uint32_t id, auto packet) {
    scene.frame_id = id - 1;
    packet();
  };
  SECTION("the nearer one first") {
    with_id(7, [&] { scene.ask(0s, 40000); });
    with_id(0, [&] { scene.answer(20ms, 40000, reset_ack, back); });
    with_id(7, [&] { scene.ask(late, 40000, there); });
    with_id(0, [&] { scene.answer(late + 10ms, 40000, reset_ack, 61); });
  }
  SECTION("the farther one first") {
    with_id(7, [&] { scene.ask(0s, 40000, there); });
    with_id(0, [&] { scene.answer(10ms, 40000, reset_ack, 61); });
    with_id(7, [&] { scene.ask(late, 40000); });
    with_id(0, [&] { scene.answer(late + 20ms, 40000, reset_ack, back); });
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.attempts.total == 1);
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(first(analysis) == Mechanism::closed_port);
}
