// Connections that were there before the capture began.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

constexpr std::uint16_t from = 40000;

/// Of the server, or of the client.
void server_sends(Scene& scene, Duration at, std::uint32_t payload) {
  scene.answer(at, from, tcp_flag::ack, 61, 501, payload);
}
void client_sends(Scene& scene, Duration at, std::uint32_t payload) {
  scene.hears(at, 501, payload);
}

}  // namespace

TEST_CASE("a RST that ends a connection from before the capture is news") {
  Scene scene;
  SECTION("the server acknowledges and speaks") {
    server_sends(scene, 0s, 0);
    server_sends(scene, 1ms, 10);
    scene.hears(2ms, 511);
    scene.answer(1s, from, reset_ack, 61, 511);
  }
  SECTION("the client acknowledges and speaks") {
    client_sends(scene, 0s, 0);
    client_sends(scene, 1ms, 10);
    scene.answer(2ms, from, tcp_flag::ack, 61, 501, 0, 1011);
    scene.answer(1s, from, reset_ack, 61, 501, 0, 1011);
  }
  SECTION("the server acknowledges, the client speaks") {
    server_sends(scene, 0s, 0);
    client_sends(scene, 1ms, 10);
    scene.answer(1s, from, reset_ack, 61, 501, 0, 1011);
  }
  SECTION("the client acknowledges, the server speaks") {
    client_sends(scene, 0s, 0);
    server_sends(scene, 1ms, 10);
    scene.answer(1s, from, reset_ack, 61, 511);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::closed_early);
  CHECK(scene.book.targets().front().endpoint == Endpoint{server, 22});
  CHECK(scene.inspection->run.facts.vantage.local == client);
  CHECK_FALSE(says(analysis, CaveatId::captured_midway));
}

TEST_CASE("who knows nothing of a connection from before the capture may never have had it") {
  Scene scene;
  client_sends(scene, 0s, 0);
  client_sends(scene, 1ms, 10);
  const bool bare = GENERATE(true, false);
  scene.answer(2ms, from, bare ? tcp_flag::rst : reset_ack, 61, 501, 0, 1011);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  const auto lists_it = [&](Mechanism mechanism) {
    return std::ranges::count(verdict.explanations, mechanism, &Explanation::mechanism) == 1;
  };
  CHECK(lists_it(Mechanism::accept_then_close));
  CHECK(lists_it(Mechanism::data_blocked) == bare);
  CHECK(lists_it(Mechanism::host_firewall_reset) == bare);
}

TEST_CASE("a RST unlike all that its server said before is somebody else's") {
  Scene scene;
  client_sends(scene, 0s, 10);
  server_sends(scene, 1ms, 10);
  scene.hears(2ms, 511, 0, 1011);
  const auto limit = GENERATE(std::uint8_t{61}, std::uint8_t{62}, std::uint8_t{63});
  scene.answer(1s, from, reset_ack, limit, 511, 0, 1011);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  const bool another = limit != 61;  // one router more or less is a way back that has changed
  CHECK((verdict.explanations.front().mechanism == Mechanism::injected_reset) == another);
  CHECK(lists(verdict.explanations, Mechanism::middlebox_reset) == another);
  CHECK(lists(verdict.explanations, Mechanism::accept_then_close) == (limit != 63));
}

TEST_CASE("a connection from before the capture that lives on is no attempt") {
  Scene scene;
  server_sends(scene, 0s, 0);
  server_sends(scene, 1ms, 10);
  scene.hears(2ms, 511);
  scene.tracker.finish(scene.now);
  scene.book.settle();
  CHECK(scene.book.targets().empty());
}

TEST_CASE("a bare ACK that is answered with a RST is a scan, and one that is not as well") {
  Scene scene;
  client_sends(scene, 0s, 0);
  if (GENERATE(true, false)) scene.answer(1ms, from, tcp_flag::rst, 61, 501);
  scene.tracker.finish(scene.now);
  scene.book.settle();
  for (const auto& target : scene.book.targets()) CHECK_FALSE(target.latest);
}

TEST_CASE("data whose hop limit is spent goes round: no rule refuses it") {
  Scene scene;
  scene.connect(0s, from);
  for (const auto at : {1s, 2s, 4s, 8s}) {
    client_sends(scene, at, 100);
    scene.time_exceeded(at + 1ms, from, 1001);
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  REQUIRE(verdict.explanations.size() == 1);
  CHECK(verdict.explanations.front().mechanism == Mechanism::routing_loop);
  CHECK(verdict.culprit.where.address == router);
  CHECK(verdict.culprit.confidence == Confidence::weak);
}
