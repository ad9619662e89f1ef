#include "analysis/path/silence.hpp"

#include <algorithm>

#include "analysis/path/loss.hpp"

namespace hopblame {
namespace {

constexpr Duration least_patience = std::chrono::milliseconds(250);

/// An answer that took longer than this waited for something else than the wire (ARP, CGN timers).
constexpr Duration longest_round_trip = std::chrono::milliseconds(2500);

/// A server whose SYN/ACK got lost repeats it after a second (RFC 6298 section 2.1): where anything
/// else came sooner, that second is no part of the way.
constexpr Duration first_repetition = std::chrono::seconds(1);

bool may_be_repeated(const Exchange& exchange, Duration span) {
  return exchange.replies.front().kind == ReplyKind::syn_ack && span >= first_repetition;
}

}  // namespace

std::optional<Duration> round_trip(const Exchange& exchange) {
  // The bare ACK of a host that holds the flow half open is due to a SYN before this one.
  const auto first = std::ranges::find_if(exchange.replies, is_due_answer);
  if (first == exchange.replies.end()) return {};
  return first->at - exchange.at;
}

Duration largest_round_trip(std::span<const Exchange> exchanges) {
  Duration largest{}, repeated{};
  for (const auto& exchange : exchanges) {
    const auto span = round_trip(exchange);
    // A retransmitted SYN's answer cannot be timed (RFC 6298 section 3, Karn's algorithm).
    if (!span || exchange.left.size() > 1 || *span >= longest_round_trip) continue;
    auto& known = may_be_repeated(exchange, *span) ? repeated : largest;
    known = std::max(known, *span);
  }
  return largest == Duration{} ? repeated : largest;
}

Duration patience(std::span<const Exchange> exchanges, const Goal& goal) {
  const auto wait = std::max(2 * largest_round_trip(exchanges), least_patience);
  return goal.patience ? std::min(wait, *goal.patience) : wait;
}

}  // namespace hopblame
