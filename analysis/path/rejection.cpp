#include "analysis/path/rejection.hpp"

#include "analysis/model/icmp_codes.hpp"

namespace hopblame {

bool is_rejection(const Reply& reply) {
  return reply.kind == ReplyKind::icmp_error && reply.icmp && !reply.to_later_segment &&
         icmp_errno(reply.from.family, reply.icmp->type, reply.icmp->code) != 0;
}

bool is_rejected(const Exchange& exchange) {
  if (!exchange.answered() || !is_rejection(exchange.replies.front())) return false;
  const auto& flow = exchange.spec.flow;
  return flow.transport == Transport::tcp ||
         exchange.replies.front().from != flow.destination.address;
}

bool is_host_unreachable(const Reply& reply) {
  return reply.icmp && is_host_unreachable(reply.from.family, reply.icmp->type, reply.icmp->code);
}

bool is_of_no_socket(const Exchange& asked, const Reply& message) {
  const auto& flow = asked.spec.flow;
  return flow.transport == Transport::tcp && message.icmp && message.icmp->quote &&
         message.icmp->quote->flow != flow;
}

std::optional<std::uint8_t> quoted_travel(const Exchange& asked, const Reply& message) {
  const auto sent = asked.left_with.value_or(asked.spec.question.hop_limit).value;
  if (!message.icmp || !message.icmp->quote) return {};
  const auto& quote = *message.icmp->quote;
  if (quote.bad_checksum || quote.hop_limit.value > sent) return {};
  return static_cast<std::uint8_t>(sent - quote.hop_limit.value);
}

std::uint8_t hop_of_sender(const Reply& rejection, std::uint8_t met_at, const Walk& walk,
                           const Walk& other) {
  for (auto hop = static_cast<std::uint8_t>(met_at - 1); hop > 0; --hop)
    for (const auto* passed : {walk.time_exceeded_at(hop), other.time_exceeded_at(hop)})
      if (passed && passed->from == rejection.from) return hop;
  return met_at;
}

}  // namespace hopblame
