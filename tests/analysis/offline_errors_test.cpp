// What ICMP errors quote: only packets that were sent.
#include "tests/analysis/scene.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// A router says this of a packet with that number, of the client or of the server.
void told(Scene& scene, Duration at, Flow quoted, std::uint32_t sequence, IcmpError error) {
  error.quote = Quote{};
  error.quote->flow = quoted;
  error.quote->tcp_sequence = sequence;
  scene.see(at, {Transport::icmp, {router, 0}, {quoted.source.address, 0}}, 63, error);
}

const IcmpError prohibited{3, 13, {}, {}}, too_big{3, 4, {}, 1400};

/// In the server's name, of a SYN to port 22 that had this hop limit left; another port answers
/// over three routers.
Verdict rejected_in_its_name(std::uint8_t received, std::uint8_t left, std::uint8_t of_ping = 0) {
  Scene scene;
  scene.port = 443;
  scene.shake_hands(0s, 50000);
  scene.port = 22;
  if (of_ping > 0) {
    const Flow there{Transport::icmp, {client, 0}, {server, 0}};
    scene.see(500ms, there, 64, IcmpEcho{false, 7, 1});
    scene.see(501ms, there.reversed(), of_ping, IcmpEcho{true, 7, 1});
  }
  scene.ask(1s, 40000);
  auto error = prohibited;
  error.quote = Quote{};
  error.quote->flow = scene.flow(40000);
  error.quote->tcp_sequence = 1000;
  error.quote->hop_limit = {left};
  scene.see(1001ms, {Transport::icmp, {server, 0}, {client, 0}}, received, error);
  return scene.verdict_of(22).verdict;
}

bool lists_router(const Verdict& verdict) {
  return std::ranges::any_of(verdict.explanations, [](const Explanation& found) {
    return found.mechanism == Mechanism::icmp_reject_router && found.rank == 1;
  });
}

}  // namespace

TEST_CASE("a rejection in the host's name from nearer than the host may be a router's") {
  const auto of_ping = GENERATE(std::uint8_t{0}, std::uint8_t{61});
  const auto verdict = rejected_in_its_name(63, 63, of_ping);
  CHECK(verdict.outcome == Outcome::rejected);
  CHECK(lists_router(verdict));
  CHECK(verdict.culprit.where.last_hop == 2);
}

TEST_CASE("a rejection that comes over as many routers as the host's answers is the host's") {
  const auto received = GENERATE(std::uint8_t{61}, std::uint8_t{125}, std::uint8_t{252});
  CHECK_FALSE(lists_router(rejected_in_its_name(received, 61)));
}

TEST_CASE("who owns the address may stand before the machine that has its other port") {
  CHECK_FALSE(lists_router(rejected_in_its_name(63, 63, 63)));
}

TEST_CASE("a redirect about any packet is no news") {
  Scene scene;
  scene.connect(0s, 40000);
  told(scene, 1s, scene.flow(40001), 77, {5, 1, {}, {}});
  CHECK(scene.tracker.counts().unverified == 0);
  CHECK(scene.verdict().verdict.outcome == Outcome::open);
}

TEST_CASE("before the client has data nobody can quote any of it") {
  Scene scene;
  scene.connect(0s, 40000);
  const auto quoted = GENERATE(1001u, 1002u, 5'000u, 0x7000'0000u, 999u);
  told(scene, 1s, scene.flow(40000), quoted, prohibited);
  CHECK(scene.tracker.counts().unverified == (quoted == 1001 ? 0u : 1u));
}

TEST_CASE("up to where its data ends an ICMP message may quote a client") {
  Scene scene;
  scene.connect(0s, 40000);
  scene.hears(10ms, 521, 100);
  const auto quoted = GENERATE(1000u, 1001u, 1101u, 1102u, 999u);
  told(scene, 1s, scene.flow(40000), quoted, prohibited);
  CHECK(scene.tracker.counts().unverified == (quoted >= 1000 && quoted <= 1101 ? 0u : 1u));
}

TEST_CASE("a router may quote what the server sent") {
  Scene scene;
  scene.connect(0s, 40000);  // 20 bytes from 501 on
  const auto quoted = GENERATE(500u, 501u, 521u, 522u, 499u);
  const auto message = GENERATE(prohibited, too_big);
  const bool sent = quoted >= 500 && quoted <= 521;
  told(scene, 1s, scene.flow(40000).reversed(), quoted, message);
  CHECK(scene.tracker.counts().unverified == (sent ? 0u : 1u));
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::open);
  CHECK(says(analysis, CaveatId::unverified) == !sent);
}

TEST_CASE("packets of the server that are too big for a link are sent in smaller pieces") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  scene.acknowledge(2ms, 40000);
  scene.reply(3ms, 40000, "SSH-2.0-x\r\n");
  told(scene, 4ms, scene.flow(40000).reversed(), 501, too_big);
  CHECK(says(scene.verdict(), CaveatId::small_mtu));
}
