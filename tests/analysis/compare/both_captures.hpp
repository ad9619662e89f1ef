#pragma once
// Two captures of one attempt, in virtual time: a client and a server with routers between.
#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "analysis/compare/matched.hpp"
#include "analysis/compare/verdict.hpp"
#include "tests/support/catch.hpp"

namespace hopblame::compare {

using namespace std::chrono_literals;

inline constexpr std::uint8_t syn = tcp_flag::syn, ack = tcp_flag::ack, rst = tcp_flag::rst,
                              fin = tcp_flag::fin;
inline constexpr int routers = 3;
inline const IpAddress client = IpAddress::v4(0xc000020a), server = IpAddress::v4(0xcb00710a),
                       other_client = IpAddress::v4(0xc0000263);
inline const Flow usual{Transport::tcp, {client, 40000}, {server, 443}};

enum class Seen { both, at_sender, at_receiver };

/// A client and a server three routers apart, one capture at each. Times are the client's.
struct Wire {
  std::vector<Observation> here, far;
  std::vector<FrameId> torn_here, torn_far;  ///< first fragments without the others
  Duration offset = 0ms, delay_there = 10ms, delay_back = 10ms;
  std::function<void(Observation&)> nat_there = [](auto&) {}, as_sent = [](auto&) {};
  std::uint16_t next_id = 1;
  bool has_ids = true;
  Flow flow = usual;

  static TcpSegment segment(std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledges,
                            std::uint32_t payload = 0) {
    TcpSegment made;
    made.flags = flags;
    made.sequence = sequence;
    made.acknowledgment = acknowledges;
    made.payload = payload;
    made.window = 502;
    if (flags & syn) {
      made.mss = std::uint16_t{1460};
      made.timestamps = made.sack_permitted = made.window_scale = true;
    }
    return made;
  }

  Observation packet(const Flow& along, std::uint8_t limit, Message message) {
    Observation made;
    made.flow = along;
    made.hop_limit = {limit};
    if (has_ids) made.ip_id_or_flow_label = next_id++;
    made.message = std::move(message);
    return made;
  }

  /// About a segment with that number; "too big" tells how much would fit.
  static IcmpError rejected(const Flow& along, std::uint8_t code, std::uint32_t sequence,
                            std::uint16_t mtu) {
    IcmpError error{3, code, Quote{}, {}};
    if (code == 4) error.mtu = mtu;
    error.quote->flow = along;
    error.quote->tcp_sequence = sequence;
    return error;
  }

  static void put(std::vector<Observation>& capture, const Observation& packet, Duration at) {
    capture.push_back(packet);
    capture.back().at = TimePoint(at);
    capture.back().frame = {capture.size()};
  }

  void there(Duration at, const TcpSegment& sent, Seen seen = Seen::both) {
    auto made = packet(flow, 64, sent);
    if (seen != Seen::at_receiver) put(here, made, at);
    made.hop_limit.value -= routers;
    nat_there(made);
    if (seen != Seen::at_sender) put(far, made, at + delay_there + offset);
  }
  /// As the client gets it; `as_sent` makes of it what the server's capture shows.
  void back(Duration at, const TcpSegment& sent, Seen seen = Seen::both,
            std::uint8_t arrives_with = 64 - routers) {
    auto made = packet(flow.reversed(), 64, sent);
    auto got = made;
    got.hop_limit = {arrives_with};
    as_sent(made);
    if (seen != Seen::at_receiver) put(far, made, at + offset);
    if (seen != Seen::at_sender) put(here, got, at + delay_back);
  }

  void ping(Duration at) {
    IcmpEcho echo{false, 7, next_id++};
    auto made = packet({Transport::icmp, {client, 0}, {server, 0}}, 64, echo);
    put(here, made, at);
    made.hop_limit.value -= routers;
    put(far, made, at + delay_there + offset);
    echo.reply = true;
    auto reply = packet({Transport::icmp, {server, 0}, {client, 0}}, 64, echo);
    put(far, reply, at + delay_there + offset);
    reply.hop_limit.value -= routers;
    put(here, reply, at + delay_there + delay_back);
  }

  static Side side(std::vector<Observation>& packets) {
    std::ranges::stable_sort(packets, {}, &Observation::at);
    if (packets.empty()) return {};
    return {packets, packets.front().at, packets.back().at};
  }
  Comparison compare() {
    auto first = side(here), second = side(far);
    first.torn = torn_here, second.torn = torn_far;
    return compare_captures(Matched(first, second), {flow.destination, {}});
  }
  Analysis verdict(const Analysis& alone = {}) {
    const auto comparison = compare();
    return judge(comparison, side(here), side(far), flow.destination, alone);
  }
};

/// Pings around three SYNs that got no answer.
inline Wire around(const std::function<void(Wire&)>& middle) {
  Wire wire;
  wire.ping(0s);
  middle(wire);
  wire.ping(9s);
  return wire;
}

inline void handshake(Wire& wire, Duration at = 1s) {
  wire.there(at, Wire::segment(syn, 1000, 0));
  wire.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001));
  wire.there(at + 20ms, Wire::segment(ack, 1001, 5001));
}

inline const AttemptFinding& only(const Comparison& comparison) {
  REQUIRE(comparison.attempts.size() == 1);
  return comparison.attempts.front();
}

inline const Rewrite* rewrite(const Comparison& comparison, Field field, Way way) {
  for (const auto& found : comparison.rewrites)
    if (found.field == field && found.way == way) return &found;
  return nullptr;
}

/// A connection of somebody else in the server's capture: no filter hides the port.
inline void others_use_the_port(Wire& wire) {
  const auto mine = std::exchange(wire.flow, {Transport::tcp, {other_client, 1234}, {server, 443}});
  wire.there(5s, Wire::segment(ack, 77, 99), Seen::at_receiver);
  wire.back(5s, Wire::segment(ack, 99, 77), Seen::at_sender);
  wire.flow = mine;
}

/// Three SYNs without an answer in the client's capture, as when nothing was seen at both ends.
inline void ask_in_vain(Wire& wire) {
  for (const auto at : {1s, 2s, 4s}) wire.there(at, Wire::segment(syn, 1000, 0), Seen::at_sender);
}

/// What a capture of the client says alone.
inline Analysis alone_dropped() {
  Analysis analysis;
  analysis.verdict.outcome = Outcome::dropped;
  analysis.verdict.culprit.where.kind = CulpritKind::unknown;
  for (const auto mechanism : {Mechanism::host_silent, Mechanism::filter_drop}) {
    Explanation explanation;
    explanation.mechanism = mechanism;
    analysis.verdict.explanations.push_back(explanation);
  }
  return analysis;
}

inline std::string caveat(const Analysis& analysis, CaveatId id) {
  for (const auto& found : analysis.verdict.caveats)
    if (found.id == id) return found.text.str();
  return {};
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace hopblame::compare
