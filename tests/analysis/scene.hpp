#pragma once
// The packets of a capture that nobody announced, one after the other, and what is concluded.
#include <algorithm>

#include "analysis/offline/inspect.hpp"
#include "tests/support/catch.hpp"

namespace hopblame::offline {

using namespace std::chrono_literals;

inline constexpr std::uint8_t reset_ack = tcp_flag::rst | tcp_flag::ack;
inline constexpr std::uint8_t syn_ack = tcp_flag::syn | tcp_flag::ack;

inline const IpAddress client = IpAddress::v4(0xc000020a), server = IpAddress::v4(0xcb00710a),
                       router = IpAddress::v4(0xc6336402);

/// Of a capture that shows what comes in.
inline Surroundings with_neighbours() {
  Observation answer;
  answer.message = NeighbourMessage{true, client};
  Surroundings around;
  around.see(answer);
  return around;
}

struct Scene {
  Surroundings around = with_neighbours();
  Book book;
  TimePoint now;
  std::uint64_t frame = 0;
  std::uint32_t frame_id = 0;  ///< IP ID of the last packet
  Tracker tracker;
  bool kernel = true;            ///< asks as kernels do
  bool spoilt = false;           ///< answers have a wrong checksum
  std::optional<LinkEnds> link;  ///< of the next frames
  std::uint16_t port = 22;
  IpAddress who = client;  ///< asks
  std::optional<Inspection> inspection;

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
    seen.ip_id_or_flow_label = ++frame_id;
    seen.link = link;
    seen.message = std::move(message);
    tracker.observe(seen);
  }
  void ask(Duration at, std::uint16_t from, std::uint8_t hop_limit = 64, std::uint32_t isn = 1000,
           std::uint32_t payload = 0) {
    TcpSegment syn;
    syn.flags = tcp_flag::syn;
    syn.sequence = isn;
    syn.sack_permitted = kernel;
    syn.payload = payload;
    see(at, flow(from), hop_limit, syn);
  }
  void answer(Duration at, std::uint16_t to, std::uint8_t flags, std::uint8_t hop_limit = 61,
              std::uint32_t sequence = 0, std::uint32_t payload = 0,
              std::uint32_t acknowledges = 1001) {
    TcpSegment segment;
    segment.flags = flags;
    segment.sequence = sequence;
    segment.acknowledgment = acknowledges;
    segment.window = flags == syn_ack ? 64240 : 0;
    segment.bad_checksum = spoilt;
    segment.payload = payload;
    see(at, flow(to).reversed(), hop_limit, segment);
  }
  void acknowledge(Duration at, std::uint16_t from, std::uint8_t flags = tcp_flag::ack) {
    TcpSegment ack;
    ack.flags = flags;
    ack.sequence = 1001;
    see(at, flow(from), 64, ack);
  }
  void shake_hands(Duration at, std::uint16_t from) {
    ask(at, from);
    answer(at + 1ms, from, syn_ack, 61, 500);
    acknowledge(at + 2ms, from);
  }
  void connect(Duration at, std::uint16_t from) {
    shake_hands(at, from);
    answer(at + 3ms, from, tcp_flag::ack, 61, 501, 20);
  }
  void time_exceeded(Duration at, std::uint16_t quoted, std::uint32_t isn = 1000) {
    IcmpError error{11, 0, Quote{}, {}};
    error.quote->flow = flow(quoted);
    error.quote->tcp_sequence = isn;
    see(at, {Transport::icmp, {router, 0}, {client, 0}}, 63, error);
  }
  /// The client acknowledges up to there.
  void hears(Duration at, std::uint32_t upto, std::uint32_t payload = 0,
             std::uint32_t sequence = 1001, std::uint8_t hop_limit = 64) {
    TcpSegment segment;
    segment.flags = tcp_flag::ack;
    segment.sequence = sequence;
    segment.acknowledgment = upto;
    segment.payload = payload;
    see(at, flow(40000), hop_limit, segment);
  }
  /// A RST with the client's address.
  void resets(Duration at, std::uint8_t hop_limit, std::uint32_t sequence = 1001) {
    TcpSegment segment;
    segment.flags = reset_ack;
    segment.sequence = sequence;
    segment.acknowledgment = 521;
    see(at, flow(40000), hop_limit, segment);
  }
  /// Words of the client, or of the server.
  void say(Duration at, std::uint16_t from, std::string_view words) {
    see(at, flow(from), 64, with(words, 1001, 501));
  }
  void reply(Duration at, std::uint16_t to, std::string_view words) {
    see(at, flow(to).reversed(), 61, with(words, 501, 1001));
  }
  static TcpSegment with(std::string_view words, std::uint32_t sequence, std::uint32_t heard) {
    TcpSegment segment;
    segment.flags = tcp_flag::ack;
    segment.sequence = sequence;
    segment.acknowledgment = heard;
    segment.window = 64240;
    segment.payload = static_cast<std::uint32_t>(words.size());
    segment.text.assign(words.begin(), words.end());
    return segment;
  }
  [[nodiscard]] Flow flow(std::uint16_t from) const {
    return {Transport::tcp, {who, from}, {server, port}};
  }

  const Target& only_target() {
    tracker.finish(now);
    book.settle();
    REQUIRE(book.targets().size() == 1);
    return book.targets().front();
  }
  Analysis verdict() { return verdict_on(only_target()); }
  /// Of several targets that of this port.
  Analysis verdict_of(std::uint16_t wanted) {
    tracker.finish(now);
    book.settle();
    for (const auto& target : book.targets())
      if (target.endpoint.port == wanted) return verdict_on(target);
    FAIL("nobody asked that port");
    return {};
  }
  Analysis verdict_on(const Target& target) {
    CaptureFacts facts;
    facts.horizon = now;
    inspection = inspect({book, tracker.counts(), facts, around, true}, target);
    return inspection->analysis;
  }
};

inline bool says(const Analysis& analysis, CaveatId id) {
  return std::ranges::any_of(analysis.verdict.caveats,
                             [&](const Caveat& caveat) { return caveat.id == id; });
}

}  // namespace hopblame::offline
