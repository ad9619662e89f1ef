#include "analysis/path/held_back.hpp"

#include <algorithm>

#include "analysis/path/silence.hpp"

namespace hopblame {
namespace {

using namespace std::chrono_literals;

/// Of all that is not of one stack's making, no way differs by so much.
constexpr Duration held = 750ms;

bool is_turned_away(const Reply& reply) {
  return reply.kind == ReplyKind::reset_ack || reply.kind == ReplyKind::fin;
}

}  // namespace

bool are_held_back(std::span<const Exchange> exchanges) {
  auto shortest = Duration::max(), longest = Duration::min();
  for (const auto& exchange : exchanges) {
    const auto span = round_trip(exchange);
    if (!span || exchange.replies.front().icmp) continue;
    shortest = std::min(shortest, *span);
    const bool syn = exchange.spec.question.kind == ProbeKind::syn && exchange.left.size() == 1;
    if (syn && is_turned_away(exchange.replies.front())) longest = std::max(longest, *span);
  }
  return shortest != Duration::max() && longest != Duration::min() && longest - shortest >= held &&
         longest >= 1s;
}

}  // namespace hopblame
