// What other connections, pings and ports tell of SYNs that nobody answers.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// Words of the server, and their acknowledgment, on a connection that was made at 0 s.
void goes_on(Scene& scene, Duration at, std::uint32_t said) {
  scene.answer(at, 40000, tcp_flag::ack, 61, 501 + said, 20);
  scene.hears(at + 1ms, 521 + said);
}

void in_vain(Scene& scene, Duration at, std::uint16_t from) { scene.ask(at, from); }

}  // namespace

TEST_CASE("new connections fail while one to the same port is used on: no rule on every packet") {
  Scene scene;
  scene.port = 9004;
  const bool used = GENERATE(true, false);
  scene.connect(0s, 40000);
  scene.hears(4ms, 521);
  for (std::uint32_t i = 0; i < 8; ++i) {
    if (i == 1 || i == 2 || i == 4) in_vain(scene, i * 1s, 40001);
    if (used) goes_on(scene, i * 1s + 500ms, 20 + i * 20);
  }
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(lists(verdict.explanations, Mechanism::filter_drop) == !used);
  if (!used) return;
  REQUIRE(verdict.explanations.size() >= 2);
  CHECK(verdict.explanations[0].mechanism == Mechanism::rate_limit);
  CHECK(verdict.explanations[1].mechanism == Mechanism::syn_filter);
  CHECK(verdict.explanations[1].rank == 1);
  CHECK(verdict.culprit.where.last_hop == std::uint8_t{4});
}

TEST_CASE("ports that answer from farther back than pings are passed on, this one perhaps too") {
  Scene scene;
  const std::uint8_t of_port = GENERATE(std::uint8_t{60}, std::uint8_t{61});
  scene.see(0s, {Transport::icmp, {client, 0}, {server, 0}}, 64, IcmpEcho{false, 7, 1});
  scene.see(1ms, {Transport::icmp, {server, 0}, {client, 0}}, 61, IcmpEcho{true, 7, 1});
  scene.port = 80;
  scene.ask(10ms, 30000);
  scene.answer(11ms, 30000, syn_ack, of_port, 500);
  scene.acknowledge(12ms, 30000);
  scene.port = 82;
  for (const auto at : {20ms, 1020ms, 3020ms}) scene.ask(at, 40000);
  const auto verdict = scene.verdict_of(82).verdict;
  const bool behind = of_port == 60;
  CHECK(lists(verdict.explanations, Mechanism::port_forward) == behind);
  CHECK(verdict.culprit.where.last_hop == (behind ? std::uint8_t{5} : std::uint8_t{4}));
}

TEST_CASE("a SYN that an older connection answers is not lost") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, tcp_flag::ack, 61, 9000, 0, 7777);  // RFC 9293 section 3.10.7.4
  auto reset = Scene::with("", 7777, 0);
  reset.flags = tcp_flag::rst;
  scene.see(2ms, scene.flow(40000), 64, reset);
  scene.ask(1s, 40000);
  scene.answer(1001ms, 40000, syn_ack, 61, 500);
  scene.acknowledge(1002ms, 40000);
  CHECK_FALSE(says(scene.verdict(), CaveatId::path_loss));
}

TEST_CASE("what another port drops for good is no loss on the way of one that is open") {
  Scene scene;
  scene.port = 9003;
  scene.connect(0s, 40000);
  scene.port = 9100;
  scene.connect(1s, 40010);
  for (std::uint16_t i = 0; i < 3; ++i)
    for (const auto at : {2s, 3s, 5s, 9s}) scene.ask(at + i * 10ms, 40020 + i);
  CHECK_FALSE(says(scene.verdict_of(9003), CaveatId::path_loss));
}

TEST_CASE("a SYN/ACK that is sent again though acknowledged: only the SYN of the client arrives") {
  Scene scene;
  scene.port = 8080;
  scene.shake_hands(0s, 40000);
  for (const auto at : {1s, 3s, 7s}) {
    scene.say(at - 900ms, 40000, "GET / HTTP/1.1\r\n\r\n");
    scene.answer(at + 1ms, 40000, syn_ack, 61, 500);
    scene.acknowledge(at + 2ms, 40000);
  }
  for (const auto at : {8s, 9s}) scene.say(at, 40000, "GET / HTTP/1.1\r\n\r\n");
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  REQUIRE_FALSE(verdict.explanations.empty());
  const auto& because = verdict.explanations.front().because;
  CHECK(std::ranges::any_of(because, [](const Evidence& one) {
    return one.text.str().find("sees one direction only") != std::string::npos;
  }));
  CHECK(std::ranges::none_of(because, [](const Evidence& one) {
    return one.text.str().find("MTU") != std::string::npos;
  }));
}
