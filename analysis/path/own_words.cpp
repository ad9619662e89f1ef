#include "analysis/path/own_words.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

namespace hopblame {
namespace {

/// Nothing either side says is longer; a number beyond that lies before the first byte.
constexpr std::uint32_t most_bytes = 1 << 16;

/// How far our own stack has acknowledged the peer, counted from its first byte.
std::uint32_t heard_bytes(std::span<const Observation> observations, const Exchange& call,
                          std::uint32_t first) {
  std::uint32_t most = 0;
  for (const auto& seen : observations) {
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    if (segment == nullptr || seen.flow != call.spec.flow) continue;
    if (segment->is_reset() || !segment->has(tcp_flag::ack)) continue;
    const auto bytes = segment->acknowledgment - first;
    if (bytes <= INT32_MAX) most = std::max(most, bytes);
  }
  return most;
}

/// A stack that has no connection any more answers what comes with a bare RST (RFC 9293 section
/// 3.10.7.1): so it came. One that ends a connection itself sends RST and ACK.
bool is_turned_away(std::span<const Observation> observations, const Exchange& call,
                    TimePoint since) {
  return std::ranges::any_of(observations, [&](const Observation& seen) {
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    return segment != nullptr && seen.flow == call.spec.flow && seen.at >= since &&
           segment->is_reset() && !segment->has(tcp_flag::ack);
  });
}

}  // namespace

std::vector<OwnSegment> own_segments(std::span<const Observation> observations,
                                     const Exchange& call) {
  std::map<std::uint32_t, OwnSegment> by_offset;
  for (const auto& seen : observations) {
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    if (segment == nullptr || segment->payload == 0 || seen.flow != call.spec.flow) continue;
    const auto offset = segment->sequence - (call.spec.sequence + 1);
    if (offset >= most_bytes) continue;
    auto& own = by_offset[offset];
    if (own.frames.empty()) own = {offset, segment->payload, 0, {}, seen.at, seen.at};
    own.frames.push_back(seen.frame);
    own.last_bytes = segment->payload;
    own.last = seen.at;
  }
  std::vector<OwnSegment> all;
  all.reserve(by_offset.size());
  for (auto& [offset, own] : by_offset) all.push_back(std::move(own));
  return all;
}

std::uint32_t acknowledged_bytes(const Exchange& call) {
  std::uint32_t most = 0;
  for (const auto& reply : call.replies) {
    if (!reply.segment || reply.segment->is_reset() || !reply.segment->has(tcp_flag::ack)) continue;
    const auto bytes = reply.segment->acknowledgment - (call.spec.sequence + 1);
    if (bytes < most_bytes) most = std::max(most, bytes);
  }
  return most;
}

bool has_unfilled_gap(const Exchange& call) {
  std::map<std::uint32_t, std::uint32_t> pieces;  // offset to end, of what the peer said
  std::uint32_t first = 0;
  for (const auto& reply : call.replies) {
    if (!reply.segment || reply.segment->is_reset()) continue;
    if (reply.kind == ReplyKind::syn_ack) first = reply.segment->sequence + 1;
    const auto offset = reply.segment->sequence - first;
    if (offset < most_bytes)
      pieces[offset] = std::max(pieces[offset], offset + reply.segment->payload);
  }
  std::uint32_t filled = 0;
  for (const auto& [offset, end] : pieces) {
    if (offset > filled) return true;
    filled = std::max(filled, end);
  }
  return false;
}

Unheard unheard_words(std::span<const Observation> observations, const Exchange& call) {
  Unheard unheard;
  const auto accepted = std::ranges::find(call.replies, ReplyKind::syn_ack, &Reply::kind);
  if (accepted == call.replies.end() || !accepted->segment) return unheard;
  const auto first = accepted->segment->sequence + 1;
  const auto heard = heard_bytes(observations, call, first);
  if (heard >= most_bytes) return unheard;  // we listen no longer: the window may be closed
  for (const auto& reply : call.replies) {
    if (reply.kind != ReplyKind::data || !reply.segment || reply.segment->sequence != first + heard)
      continue;
    if (unheard.frames.empty()) unheard.first = reply.at;
    unheard.frames.push_back(reply.frame);
  }
  if (!unheard.frames.empty() && is_turned_away(observations, call, unheard.first)) return {};
  return unheard;
}

}  // namespace hopblame
