#include "analysis/path/met_nearer.hpp"

#include <algorithm>

#include "analysis/path/rejection.hpp"

namespace hopblame {

std::uint8_t met_nearer(const Walk& target, const Walk& control, std::uint8_t met_at) {
  const auto& answer = *control.steps.at(met_at).ends.front();
  const auto alike = [&](const Reply& reply) {
    const bool accepts = reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::other_segment;
    return (accepts || is_rejection(reply)) && reply.from == answer.from &&
           reply.hop_limit == answer.hop_limit;
  };
  const auto met = [&](const Exchange* probe) {
    return std::ranges::any_of(probe->replies, alike);
  };
  auto nearest = met_at;
  for (auto hop = static_cast<std::uint8_t>(met_at - 1); hop > 0; --hop) {
    if (target.time_exceeded_at(hop) || control.time_exceeded_at(hop)) break;
    const auto step = target.steps.find(hop);
    if (step != target.steps.end() && std::ranges::any_of(step->second.exchanges, met))
      nearest = hop;
  }
  return nearest;
}

}  // namespace hopblame
