// One packet seen at several places is one packet.
#include <functional>
#include <tuple>

#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

TEST_CASE("captures of two places in one file: hop limits of one place are compared") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, reset_ack, 61);
  scene.ask(1h, 40000, 61);
  scene.answer(1h, 40000, reset_ack, 64);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::refused);
  CHECK(std::ranges::any_of(verdict.explanations, [](const Explanation& found) {
    return found.mechanism == Mechanism::closed_port;
  }));
}

TEST_CASE("packets seen twice of a client that numbers none of them") {
  Scene scene;
  const auto unnumbered = [&](auto packet) {
    scene.frame_id = UINT32_MAX;  // the next is 0
    packet();
  };
  const auto place = GENERATE(std::pair(0, 3us), std::pair(1, 3us), std::pair(3, 10'000us));
  const int on = place.first;
  const auto later = place.second;
  const auto behind = static_cast<std::uint8_t>(64 - on);
  unnumbered([&] { scene.ask(0s, 40000); });
  unnumbered([&] { scene.ask(later, 40000, behind); });
  unnumbered([&] { scene.answer(20ms, 40000, reset_ack, 61); });
  unnumbered(
      [&] { scene.answer(20ms + later, 40000, reset_ack, static_cast<std::uint8_t>(61 - on)); });
  const auto analysis = scene.verdict();
  CHECK(analysis.attempts.total == 1);
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::closed_port);
}

TEST_CASE("a machine on the way sees each packet twice: what the service says is said once") {
  const std::uint8_t later = GENERATE(std::uint8_t{0}, std::uint8_t{1});  // a bridge, a router
  Scene scene;
  const auto twice = [&](auto packet) {
    packet(std::uint8_t{0}, 0us);
    --scene.frame_id;
    packet(later, 3us);
  };
  const auto hops = [](int first, std::uint8_t passed) {
    return static_cast<std::uint8_t>(first - passed);
  };
  twice([&](std::uint8_t on, Duration at) { scene.ask(at, 40000, hops(64, on)); });
  twice([&](std::uint8_t on, Duration at) {
    scene.answer(1ms + at, 40000, syn_ack, hops(61, on), 500);
  });
  twice([&](std::uint8_t on, Duration at) { scene.hears(2ms + at, 501, 0, 1001, hops(64, on)); });
  twice([&](std::uint8_t on, Duration at) {
    scene.see(3ms + at, scene.flow(40000).reversed(), hops(61, on),
              Scene::with("SSH-2.0-x\r\n", 501, 1001));
  });
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
  CHECK(scene.inspection->run.connect->greeting == "SSH-2.0-x\r\n");
  CHECK(scene.book.sample_of(scene.book.targets().front()).front().said_in_vain == 0);
}

TEST_CASE(
    "each interface of a machine on the way is written in its turn: later, what came before") {
  Scene scene;
  const auto packets = [&](int on, Duration at) {
    scene.frame_id = 100;
    const auto back = static_cast<std::uint8_t>(61 + on);
    const auto there = static_cast<std::uint8_t>(63 - on);
    scene.ask(at, 40000, there);
    scene.answer(at + 20us, 40000, syn_ack, back, 500);
    scene.hears(at + 40us, 501, 0, 1001, there);
    scene.see(at + 60us, scene.flow(40000).reversed(), back,
              Scene::with("SSH-2.0-x\r\n", 501, 1001));
    scene.ask(at + 80us, 40001, there);
    scene.answer(at + 90us, 40001, reset_ack, back);
  };
  packets(0, 10us);
  packets(-1, 1us);
  scene.tracker.finish(scene.now);
  scene.book.settle();
  const auto& target = scene.book.targets().front();
  CHECK(target.attempts.total == 2);
  CHECK(target.attempts.open == 1);
  CHECK(target.attempts.refused == 1);
}

TEST_CASE("of one exchange the interface behind may be written last") {
  Scene scene;
  const auto unnumbered = [&](auto packet) {
    scene.frame_id = 0;  // as stacks send RSTs
    packet();
  };
  scene.frame_id = 100;
  scene.ask(1us, 40000, 64);
  unnumbered([&] { scene.answer(20us, 40000, reset_ack, 62); });
  scene.frame_id = 100;
  scene.ask(5us, 40000, 63);
  unnumbered([&] { scene.answer(18us, 40000, reset_ack, 63); });
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(analysis.attempts.total == 1);
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::closed_port);
}

TEST_CASE("captures of both ends merged: what the server sent counts when it arrives") {
  Scene scene;
  const auto again = [&](auto packet) {
    --scene.frame_id;
    packet();
  };
  const auto asks = [&](Duration at) {
    scene.ask(at, 40000);
    again([&] { scene.ask(at + 10ms, 40000, 61); });
  };
  SECTION("a RST") {
    asks(0s);
    scene.answer(11ms, 40000, reset_ack, 64);
    again([&] { scene.answer(21ms, 40000, reset_ack, 61); });
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::refused);
    CHECK(verdict.explanations.front().mechanism == Mechanism::closed_port);
    CHECK(verdict.explanations.front().because.front().packets.back() == FrameId{4});
  }
  SECTION("a RST that ends a connection") {
    asks(0s);
    scene.answer(11ms, 40000, syn_ack, 64, 500);
    again([&] { scene.answer(21ms, 40000, syn_ack, 61, 500); });
    scene.acknowledge(22ms, 40000);
    scene.answer(30ms, 40000, tcp_flag::ack, 64, 501, 20);
    again([&] { scene.answer(40ms, 40000, tcp_flag::ack, 61, 501, 20); });
    scene.answer(50ms, 40000, reset_ack, 64, 521);
    again([&] { scene.answer(60ms, 40000, reset_ack, 61, 521); });
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::closed_early);
    CHECK(verdict.explanations.front().mechanism == Mechanism::accept_then_close);
    CHECK(verdict.explanations.front().because.front().packets == std::vector{FrameId{9}});
  }
  SECTION("a RST, and the ping that the host answers") {
    const auto ping = [&](Duration at, std::uint8_t hop_limit, bool reply) {
      const Flow flow{Transport::icmp, {client, 0}, {server, 0}};
      scene.see(at, reply ? flow.reversed() : flow, hop_limit, IcmpEcho{reply, 1, 1});
    };
    ping(0s, 64, false);
    again([&] { ping(10ms, 61, false); });
    ping(11ms, 64, true);
    again([&] { ping(21ms, 61, true); });
    asks(1s);
    scene.answer(1011ms, 40000, reset_ack, 64);
    again([&] { scene.answer(1021ms, 40000, reset_ack, 61); });
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::refused);
    CHECK(verdict.explanations.front().mechanism == Mechanism::closed_port);
  }
  SECTION("what the service says") {
    asks(0s);
    scene.answer(11ms, 40000, syn_ack, 64, 500);
    again([&] { scene.answer(21ms, 40000, syn_ack, 61, 500); });
    scene.acknowledge(22ms, 40000);
    const auto says = [&](Duration at, std::uint8_t hop_limit) {
      scene.see(at, scene.flow(40000).reversed(), hop_limit,
                Scene::with("SSH-2.0-x\r\n", 501, 1001));
    };
    says(30ms, 64);
    again([&] { says(40ms, 61); });
    CHECK(scene.verdict().verdict.outcome == Outcome::open);
    CHECK(scene.inspection->run.connect->greeting == "SSH-2.0-x\r\n");
  }
  SECTION("a SYN/ACK that does not arrive is lost on the way, not on this host") {
    for (const auto at : {0s, 1s, 3s, 7s}) {
      asks(at);
      scene.answer(at + 11ms, 40000, syn_ack, 64, 500);
    }
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::dropped);
    CHECK(verdict.explanations.front().mechanism == Mechanism::answer_lost);
  }
  SECTION("nor does one whose SYN is seen twice on one link") {
    for (const auto at : {0s, 1s, 3s, 7s}) {
      scene.ask(at, 40000);
      again([&] { scene.ask(at + 10us, 40000); });
      scene.answer(at + 20us, 40000, syn_ack, 64, 500);
    }
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::dropped);
    CHECK(verdict.culprit.confidence == Confidence::weak);
    CHECK(verdict.explanations.back().rank == 1);
  }
  SECTION("a router next to the client passes it on, and does not see what becomes of it") {
    for (const auto at : {0s, 1s, 3s, 7s}) {
      scene.ask(at, 40000);
      again([&] { scene.ask(at + 10us, 40000, 63); });
      scene.answer(at + 20us, 40000, syn_ack, 63, 500);
      again([&] { scene.answer(at + 30us, 40000, syn_ack, 62, 500); });
    }
    CHECK(scene.verdict().verdict.outcome == Outcome::dropped);
    CHECK(scene.verdict().verdict.culprit.where.kind == CulpritKind::unknown);
  }
  SECTION("a SYN/ACK that does arrive, and nobody hears it") {
    for (const auto at : {0s, 1s, 3s, 7s}) {
      asks(at);
      scene.answer(at + 11ms, 40000, syn_ack, 64, 500);
      again([&] { scene.answer(at + 21ms, 40000, syn_ack, 61, 500); });
    }
    CHECK(scene.verdict().verdict.outcome == Outcome::local);
  }
}

namespace {

/// The packets of two captures whose clocks do not agree, in the order of a merged file.
class Merged {
 public:
  using Packet = std::function<void(Duration)>;
  explicit Merged(Scene& scene, Duration server_is_late) : scene_(scene), late_(server_is_late) {}
  /// It takes 10 ms over three routers.
  template <class See>
  void from_client(Duration at, See see) {
    add(at, [=](Duration when) { see(when, std::uint8_t{64}); });
    add(at + 10ms + late_, [=](Duration when) { see(when, std::uint8_t{61}); });
    ++id_;
  }
  template <class See>
  void from_server(Duration at, See see) {
    add(at + late_, [=](Duration when) { see(when, std::uint8_t{64}); });
    add(at + 10ms, [=](Duration when) { see(when, std::uint8_t{61}); });
    ++id_;
  }
  void show() {
    std::ranges::stable_sort(all_, {}, [](const auto& one) { return std::get<0>(one); });
    for (const auto& [at, id, packet] : all_) {
      scene_.frame_id = id;
      packet(at);
    }
  }

 private:
  void add(Duration at, Packet packet) { all_.emplace_back(at, id_, std::move(packet)); }

  Scene& scene_;
  Duration late_;
  std::uint32_t id_ = 1;
  std::vector<std::tuple<Duration, std::uint32_t, Packet>> all_;
};

}  // namespace

TEST_CASE("captures of both ends merged, whose clocks do not agree") {
  Scene scene;
  Merged merged(scene, GENERATE(-200ms, -35ms, -15ms, -5ms, 0ms, 5ms, 15ms, 35ms, 200ms));
  merged.from_client(1s, [&](Duration at, std::uint8_t hops) { scene.ask(at, 40000, hops); });
  SECTION("a refusal, and a ping") {
    const Flow flow{Transport::icmp, {client, 0}, {server, 0}};
    merged.from_client(2s, [&](Duration at, std::uint8_t hops) {
      scene.see(at, flow, hops, IcmpEcho{false, 1, 1});
    });
    merged.from_server(2011ms, [&](Duration at, std::uint8_t hops) {
      scene.see(at, flow.reversed(), hops, IcmpEcho{true, 1, 1});
    });
    merged.from_server(
        1011ms, [&](Duration at, std::uint8_t hops) { scene.answer(at, 40000, reset_ack, hops); });
    merged.show();
    const auto analysis = scene.verdict();
    CHECK(analysis.attempts.total == 1);
    CHECK(analysis.verdict.outcome == Outcome::refused);
    CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::closed_port);
    CHECK(analysis.verdict.culprit.where.kind == CulpritKind::destination);
  }
  SECTION("a connection that is reset") {
    merged.from_server(1011ms, [&](Duration at, std::uint8_t hops) {
      scene.answer(at, 40000, syn_ack, hops, 500);
    });
    merged.from_client(
        1022ms, [&](Duration at, std::uint8_t hops) { scene.hears(at, 501, 10, 1001, hops); });
    merged.from_server(1033ms, [&](Duration at, std::uint8_t hops) {
      scene.answer(at, 40000, tcp_flag::ack, hops, 501, 20, 1011);
    });
    merged.from_server(2s, [&](Duration at, std::uint8_t hops) {
      scene.answer(at, 40000, reset_ack, hops, 521, 0, 1011);
    });
    merged.show();
    const auto analysis = scene.verdict();
    CHECK(analysis.attempts.total == 1);
    CHECK(analysis.verdict.outcome == Outcome::closed_early);
    CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::accept_then_close);
  }
}
