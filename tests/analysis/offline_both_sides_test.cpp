// A capture on all interfaces of a router: what passes is seen coming in and going out.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// Comes in, and goes out with one hop less.
template <class Packet>
void passes(Scene& scene, Packet packet) {
  packet(0us, std::uint8_t{0});
  --scene.frame_id;
  packet(10us, std::uint8_t{1});
}

void asks(Scene& scene, Duration at, std::uint16_t from, std::uint8_t hop_limit = 63) {
  passes(scene, [&](Duration later, std::uint8_t less) {
    scene.ask(at + later, from, static_cast<std::uint8_t>(hop_limit - less));
  });
}

void accepts(Scene& scene, Duration at, std::uint16_t to, std::uint8_t hop_limit = 63) {
  passes(scene, [&](Duration later, std::uint8_t less) {
    scene.answer(at + later, to, syn_ack, static_cast<std::uint8_t>(hop_limit - less), 500);
  });
}

/// Another port works, before and after.
void works(Scene& scene, Duration at, std::uint16_t from, std::uint8_t there = 63,
           std::uint8_t back = 63) {
  const auto port = std::exchange(scene.port, std::uint16_t{8080});
  asks(scene, at, from, there);
  accepts(scene, at + 1ms, from, back);
  passes(scene, [&](Duration later, std::uint8_t less) {
    scene.see(at + 2ms + later, scene.flow(from), static_cast<std::uint8_t>(there - less),
              Scene::with("GET / HTTP/1.1\r\n\r\n", 1001, 501));
  });
  scene.port = port;
}

constexpr std::array<Duration, 4> timer{0s, 1s, 3s, 7s};

}  // namespace

TEST_CASE("what comes in and does not go out is stopped by the machine of the capture") {
  Scene scene;
  scene.port = 82;
  works(scene, 0s, 30000);
  for (const auto at : timer) scene.ask(1s + at, 40000, 63);
  works(scene, 9s, 30001);
  const auto verdict = scene.verdict_of(82).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.where == Where{CulpritKind::router, 1, 1, {}});
  CHECK(verdict.explanations.front().mechanism == Mechanism::filter_drop);
  CHECK_FALSE(lists(verdict.explanations, Mechanism::answer_lost));
  CHECK_FALSE(lists(verdict.explanations, Mechanism::accept_queue_full));
}

TEST_CASE("what a bridge or a VLAN shows twice as it comes in is stopped all the same") {
  Scene scene;
  scene.port = 82;
  works(scene, 0s, 30000);
  for (const auto at : timer) {
    scene.ask(1s + at, 40000, 63);
    --scene.frame_id;
    scene.ask(1s + at + 5us, 40000, 63);
  }
  works(scene, 9s, 30001);
  const auto verdict = scene.verdict_of(82).verdict;
  CHECK(verdict.culprit.where == Where{CulpritKind::router, 1, 1, {}});
  CHECK(verdict.explanations.front().mechanism == Mechanism::filter_drop);
}

TEST_CASE("what goes out under another address is not stopped") {
  Scene scene;
  scene.port = 82;
  works(scene, 0s, 30000);
  for (const auto at : timer) {
    scene.port = 82;
    scene.ask(1s + at, 40000, 63);
    scene.port = 8082;  // forwarded to another port
    --scene.frame_id;
    scene.ask(1s + at + 10us, 40000, 62);
  }
  scene.port = 82;
  works(scene, 9s, 30001);
  const auto verdict = scene.verdict_of(82).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.where.kind != CulpritKind::router);
}

TEST_CASE("SYN/ACKs that come in and do not go out are stopped there as well") {
  Scene scene;
  scene.port = 8083;
  works(scene, 0s, 30000);
  for (const auto at : timer) {
    asks(scene, 1s + at, 40000);
    scene.answer(1s + at + 1ms, 40000, syn_ack, 63, 500);
  }
  const auto verdict = scene.verdict_of(8083).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.where == Where{CulpritKind::router, 1, 1, {}});
  REQUIRE(verdict.explanations.size() == 1);
  CHECK(verdict.explanations.front().mechanism == Mechanism::answer_lost);
}

TEST_CASE("there and back distances count from the same place of a router") {
  Scene scene;
  scene.port = 9101;
  works(scene, 0s, 30000, 64, 62);  // on the first router of three
  for (const auto at : timer) asks(scene, 1s + at, 40000, 64);
  works(scene, 9s, 30001, 64, 62);
  const auto verdict = scene.verdict_of(9101).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.where.last_hop == std::uint8_t{4});
}

TEST_CASE("of two interfaces that are written one after the other the way counts from one place") {
  Scene scene;
  const auto exchanged = [&](Duration later, std::uint8_t there, std::uint8_t back) {
    scene.frame_id = 0;
    scene.port = 81;
    scene.ask(1ms + later, 40000, there);
    scene.answer(2ms - later, 40000, reset_ack, back);
    scene.port = 8080;
    scene.ask(3ms + later, 30000, there, 7000);
    scene.answer(4ms - later, 30000, syn_ack, back, 500, 0, 7001);
    scene.see(5ms + later, scene.flow(30000), there,
              Scene::with("GET / HTTP/1.1\r\n\r\n", 7001, 501));
  };
  const bool server_side_first = GENERATE(true, false);
  if (server_side_first) exchanged(20us, 63, 63);
  exchanged(0us, 64, 62);
  if (!server_side_first) exchanged(20us, 63, 63);
  const auto verdict = scene.verdict_of(81).verdict;
  CHECK(verdict.outcome == Outcome::refused);
  CHECK(verdict.culprit.where.kind == CulpritKind::destination);
  CHECK_FALSE(lists(verdict.explanations, Mechanism::middlebox_reset));
}

TEST_CASE("a RST that does not pass is not simply the host's") {
  Scene scene;
  scene.port = 9003;
  asks(scene, 0s, 40000);
  accepts(scene, 1ms, 40000);
  passes(scene, [&](Duration later, std::uint8_t less) {
    scene.hears(2ms + later, 501, 0, 1001, static_cast<std::uint8_t>(63 - less));
  });
  passes(scene, [&](Duration later, std::uint8_t less) {
    scene.answer(3ms + later, 40000, tcp_flag::ack, static_cast<std::uint8_t>(63 - less), 501, 20);
  });
  const bool goes_out = GENERATE(true, false);
  const auto resets = [&](Duration later, std::uint8_t less) {
    scene.answer(3s + later, 40000, tcp_flag::rst, static_cast<std::uint8_t>(63 - less), 521);
  };
  if (goes_out)
    passes(scene, resets);
  else
    resets(0us, 0);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  CHECK((verdict.culprit.where == Where{CulpritKind::router, 1, 1, {}}) == !goes_out);
  CHECK(verdict.culprit.confidence == Confidence::weak);
}

TEST_CASE("a RST of somebody else's was made between the client's side and the host") {
  Scene scene;
  asks(scene, 0s, 40000);
  accepts(scene, 1ms, 40000, 63);  // two routers before the host, of which this is one
  passes(scene, [&](Duration later, std::uint8_t less) {
    scene.see(2ms + later, scene.flow(40000), static_cast<std::uint8_t>(63 - less),
              Scene::with("GET / HTTP/1.1\r\n\r\n", 1001, 501));
  });
  passes(scene, [&](Duration later, std::uint8_t less) {
    scene.answer(3ms + later, 40000, tcp_flag::ack, static_cast<std::uint8_t>(63 - less), 501, 20,
                 1019);
  });
  passes(scene, [&](Duration later, std::uint8_t less) {
    scene.answer(2s + later, 40000, reset_ack, static_cast<std::uint8_t>(60 - less), 521, 0, 1019);
  });
  const auto verdict = scene.verdict().verdict;
  REQUIRE(verdict.explanations.front().mechanism == Mechanism::injected_reset);
  CHECK(verdict.explanations.front().where == Where{CulpritKind::between, 1, 3, {}});
}
