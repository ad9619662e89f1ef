#include "analysis/path/window.hpp"

#include <algorithm>

namespace hopblame {
namespace {

constexpr std::uint16_t few_bytes = 16;

/// The host's own SYN/ACK may be passed on behind the proxy's (Linux, measured).
bool opens(const Reply& reply) {
  if (!reply.segment || reply.segment->is_reset()) return false;
  if (reply.segment->is_syn_ack() && is_made_up(*reply.segment)) return false;
  return reply.segment->window > 0 || reply.segment->payload > 0 ||
         reply.segment->has(tcp_flag::fin);
}

}  // namespace

bool is_made_up(const TcpSegment& syn_ack) {
  return syn_ack.option_bytes == 0 && syn_ack.window > 0 && syn_ack.window <= few_bytes;
}

bool shuts_window(const Reply& reply) {
  return reply.segment && !reply.segment->is_reset() && reply.segment->window == 0 && !opens(reply);
}

const Reply* opening_of_window(const Exchange& call) {
  const auto found = std::ranges::find_if(call.replies, opens);
  return found == call.replies.end() ? nullptr : &*found;
}

bool is_window_shut(const Exchange& call) {
  bool shut = false, established = false;
  for (const auto& reply : call.replies) {
    const bool syn_ack = reply.kind == ReplyKind::syn_ack;
    // A SYN/ACK that comes again says nothing of what came meanwhile.
    if (!reply.segment || (syn_ack && established)) continue;
    established |= !syn_ack;
    shut = opens(reply) ? false : shut || shuts_window(reply);
  }
  return shut;
}

}  // namespace hopblame
