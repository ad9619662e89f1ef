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

}  // namespace

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
