// Attempts and targets out of packets that nobody announced.
#include <algorithm>

#include "analysis/offline/inspect.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::offline;
using namespace std::chrono_literals;

namespace {

const IpAddress client = IpAddress::v4(0xc000020a), server = IpAddress::v4(0xcb00710a),
                router = IpAddress::v4(0xc6336402);

struct Scene {
  Book book;
  TimePoint now;
  std::uint64_t frame = 0;
  Tracker tracker;
  bool kernel = true;  ///< asks as kernels do

  explicit Scene(TrackerLimits limits = {})
      : tracker(limits, book.trails(),
                [this](TrailId id, TimePoint horizon) { book.add(id, horizon); }) {}

  void see(Duration at, Flow flow, std::uint8_t hop_limit, Message message) {
    now = TimePoint(at);
    Observation seen;
    seen.frame = {++frame};
    seen.at = now;
    seen.flow = flow;
    seen.hop_limit = {hop_limit};
    seen.ip_id_or_flow_label = static_cast<std::uint32_t>(frame);
    seen.message = std::move(message);
    tracker.observe(seen);
  }
  void ask(Duration at, std::uint16_t from, std::uint8_t hop_limit = 64, std::uint32_t isn = 1000) {
    TcpSegment syn;
    syn.flags = tcp_flag::syn;
    syn.sequence = isn;
    syn.sack_permitted = kernel;
    see(at, flow(from), hop_limit, syn);
  }
  void answer(Duration at, std::uint16_t to, std::uint8_t flags, std::uint8_t hop_limit = 61,
              std::uint32_t sequence = 0, std::uint32_t payload = 0) {
    TcpSegment segment;
    segment.flags = flags;
    segment.sequence = sequence;
    segment.acknowledgment = 1001;
    segment.payload = payload;
    see(at, flow(to).reversed(), hop_limit, segment);
  }
  void acknowledge(Duration at, std::uint16_t from) {
    TcpSegment ack;
    ack.flags = tcp_flag::ack;
    ack.sequence = 1001;
    see(at, flow(from), 64, ack);
  }
  void time_exceeded(Duration at, std::uint16_t quoted, std::uint32_t isn = 1000) {
    IcmpError error{11, 0, Quote{}, {}, {}};
    error.quote->flow = flow(quoted);
    error.quote->tcp_sequence = isn;
    see(at, {Transport::icmp, {router, 0}, {client, 0}}, 63, error);
  }
  static Flow flow(std::uint16_t from) { return {Transport::tcp, {client, from}, {server, 22}}; }

  const Target& only_target() {
    tracker.finish(now);
    book.settle();
    REQUIRE(book.targets().size() == 1);
    return book.targets().front();
  }
  Analysis verdict() {
    const auto& target = only_target();
    CaptureFacts facts;
    facts.horizon = now;
    return inspect({book, tracker.counts(), facts, true, true}, target).analysis;
  }
};

constexpr std::uint8_t reset_ack = tcp_flag::rst | tcp_flag::ack;
constexpr std::uint8_t syn_ack = tcp_flag::syn | tcp_flag::ack;

}  // namespace

TEST_CASE("a SYN and its retransmissions are one attempt") {
  Scene scene;
  for (const auto at : {0s, 1s, 3s, 7s}) scene.ask(at, 40000);
  const auto& target = scene.only_target();
  CHECK(target.attempts.total == 1);
  CHECK(target.attempts.dropped == 1);
  CHECK(scene.book.sample_of(target).front().exchange.left.size() == 4);
}

TEST_CASE("a RST alone names nobody") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.answer(1ms, 40000, reset_ack);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::refused);
  CHECK(verdict.culprit.where.kind == CulpritKind::unknown);
  CHECK(verdict.culprit.confidence == Confidence::weak);
  CHECK(verdict.explanations.size() == 3);
}

TEST_CASE("probes with the same numbers are told apart by their hop limit") {
  Scene scene;  // as tcptraceroute sends them
  scene.ask(0ms, 40000, 1);
  scene.time_exceeded(1ms, 40000);
  scene.ask(2ms, 40000, 2);
  scene.answer(3ms, 40000, reset_ack, 63);
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(analysis.path.distance.target_flow == 2);
  REQUIRE(analysis.path.hops.size() == 2);
  CHECK(analysis.path.hops[0].target_flow == FlowState::passes);
}

TEST_CASE("an attempt is handed on when its client has given up, not before") {
  Scene scene;
  const auto targets_at = [&](Duration at) {
    scene.answer(at, 50000, tcp_flag::rst);  // a stranger's: only its time counts
    scene.book.settle();
    return scene.book.targets().size();
  };
  scene.ask(0s, 40000);
  CHECK(targets_at(29s) == 0);
  SECTION("a SYN that is never repeated") { CHECK(targets_at(60s) == 1); }
  SECTION("a SYN that is repeated slowly") {
    scene.ask(29500ms, 40000);
    CHECK(targets_at(139s) == 0);
    scene.ask(140s, 40000);
    CHECK(targets_at(269s) == 0);
    CHECK(targets_at(310s) == 1);
    CHECK(scene.book.targets().front().attempts.total == 1);
  }
  CHECK(scene.book.targets().front().attempts.dropped == 1);
  CHECK(scene.tracker.counts().early == 0);
}

TEST_CASE("more attempts at a time than are followed are counted, early") {
  TrackerLimits limits;
  limits.live = 10;
  Scene scene(limits);
  for (std::uint16_t port = 0; port < 100; ++port) scene.ask(1ms * port, port);
  CHECK(scene.tracker.counts().early == 90);
  CHECK(scene.only_target().attempts.total == 100);
}

TEST_CASE("a connection that is reset after the service spoke") {
  Scene scene;
  scene.ask(0ms, 40000);
  scene.answer(1ms, 40000, syn_ack, 61, 500);
  scene.acknowledge(2ms, 40000);
  scene.answer(3ms, 40000, tcp_flag::ack, 61, 501, 20);
  SECTION("by somebody else") {
    scene.answer(4ms, 40000, reset_ack, 63, 521);
    const auto verdict = scene.verdict().verdict;
    CHECK(verdict.outcome == Outcome::closed_early);
    REQUIRE(verdict.explanations.size() == 1);
    CHECK(verdict.explanations.front().mechanism == Mechanism::injected_reset);
  }
  SECTION("by the host, as far as the TTL tells") {
    scene.answer(4ms, 40000, reset_ack, 61, 521);
    CHECK(scene.verdict().verdict.explanations.front().mechanism == Mechanism::accept_then_close);
  }
  SECTION("not at all") { CHECK(scene.verdict().verdict.outcome == Outcome::open); }
}

TEST_CASE("a client that acts on what was not captured proves nothing") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.acknowledge(1ms, 40000);
  scene.ask(10s, 40001);
  scene.acknowledge(10001ms, 40001);
  const auto verdict = scene.verdict().verdict;
  CHECK(verdict.outcome == Outcome::inconclusive);
  CHECK(std::ranges::any_of(
      verdict.caveats, [](const Caveat& caveat) { return caveat.id == CaveatId::one_direction; }));
}

TEST_CASE("a SYN of a kernel tells how far from its sender it was captured, a scanner's does not") {
  Scene scene;
  scene.kernel = GENERATE(true, false);
  scene.ask(0s, 40000, 59);
  scene.answer(1ms, 40000, reset_ack);
  scene.ask(2s, 40001, 59);
  const auto& caveats = scene.verdict().verdict.caveats;
  const bool midway = std::ranges::any_of(
      caveats, [](const Caveat& caveat) { return caveat.id == CaveatId::captured_midway; });
  CHECK(midway == scene.kernel);
}

TEST_CASE("an ICMP message that quotes what was never seen is not counted") {
  Scene scene;
  scene.ask(0s, 40000);
  scene.time_exceeded(1ms, 40001);
  scene.time_exceeded(1ms, 40000, 999);
  CHECK(scene.tracker.counts().unverified == 2);
  CHECK_FALSE(scene.only_target().seen);
}

TEST_CASE("when it began to be so") {
  Scene scene;
  for (const auto at : {0s, 10s}) {
    scene.ask(at, 40000);
    scene.answer(at + 1ms, 40000, syn_ack, 61, 500);
  }
  for (const auto at : {200s, 210s}) {
    scene.ask(at, 40001);
    scene.answer(at + 1ms, 40001, reset_ack);
  }
  const auto analysis = scene.verdict();
  CHECK(analysis.verdict.outcome == Outcome::refused);
  CHECK(analysis.attempts.since == TimePoint(200s));
}
