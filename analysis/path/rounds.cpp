#include "analysis/path/rounds.hpp"

#include <algorithm>

namespace hopblame {

bool is_let_through(const Reply& reply) {
  return reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::reset ||
         reply.kind == ReplyKind::reset_ack;
}

bool went_round(const Exchange& exchange) {
  const bool whole = exchange.spec.question.hop_limit == full_hop_limit && !exchange.left_with;
  const auto is_end = [](const Reply& reply) {
    return reply.kind == ReplyKind::time_exceeded && !reply.to_later_segment;
  };
  return whole && std::ranges::any_of(exchange.replies, is_end) &&
         (exchange.origin == Origin::kernel ||
          std::ranges::none_of(exchange.replies, is_let_through));
}

}  // namespace hopblame
