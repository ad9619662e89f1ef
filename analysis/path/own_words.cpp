#include "analysis/path/own_words.hpp"

#include <algorithm>
#include <map>

namespace hopblame {
namespace {

/// Nothing either side says is longer; a number beyond that lies before the first byte.
constexpr std::uint32_t most_bytes = 1 << 16;

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
    if (own.frames.empty()) own = {offset, segment->payload, {}, seen.at, seen.at};
    own.frames.push_back(seen.frame);
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

}  // namespace hopblame
