#include "analysis/path/window.hpp"

#include <algorithm>

namespace hopblame {
namespace {

/// The host's own SYN/ACK may be passed on behind the proxy's (Linux, measured).
bool opens(const Reply& reply) {
  if (!reply.segment || reply.segment->is_reset()) return false;
  return reply.segment->window > 0 || reply.segment->payload > 0 ||
         reply.segment->has(tcp_flag::fin);
}

}  // namespace

const Reply* opening_of_window(const Exchange& call) {
  const auto found = std::ranges::find_if(call.replies, opens);
  return found == call.replies.end() ? nullptr : &*found;
}

bool is_window_shut(const Exchange& call) {
  const bool none = std::ranges::any_of(call.replies, [](const Reply& reply) {
    return reply.kind == ReplyKind::syn_ack && reply.segment && reply.segment->window == 0;
  });
  return none && opening_of_window(call) == nullptr;
}

}  // namespace hopblame
