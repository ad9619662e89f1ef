#include "analysis/path/silence.hpp"

#include <algorithm>

#include "analysis/path/loss.hpp"
#include "analysis/path/rejection.hpp"

namespace hopblame {
namespace {

constexpr Duration least_patience = std::chrono::milliseconds(250);

/// Over two satellites and a full queue: what takes longer was held back by somebody.
constexpr Duration held_back = std::chrono::seconds(5);

/// A server whose SYN/ACK got lost repeats it after a second, less what ways may differ.
constexpr Duration differs = first_repetition / 4;

std::optional<Duration> shortest_of_host(std::span<const Exchange> exchanges) {
  std::optional<Duration> shortest;
  for (const auto& exchange : exchanges) {
    const auto span = round_trip(exchange);
    if (!span || exchange.left.size() > 1) continue;
    const auto& first = *std::ranges::find_if(exchange.replies, is_due_answer);
    if (!first.icmp) shortest = std::min(shortest.value_or(*span), *span);
  }
  return shortest;
}

/// Where the host's answers come sooner by that second, it is no part of the way.
bool may_be_repeated(const Exchange& exchange, Duration span, std::optional<Duration> of_host) {
  return exchange.replies.front().kind == ReplyKind::syn_ack && span >= first_repetition &&
         of_host && span - *of_host >= first_repetition - differs;
}

/// Who looks for a neighbour tells all that wait for it in one go, the last to come as well.
/// Whoever has answered sooner is no farther now.
bool waited_with_others(std::span<const Exchange> exchanges, const Reply& message, Duration span) {
  if (!is_host_unreachable(message)) return false;
  return std::ranges::any_of(exchanges, [&](const Exchange& other) {
    const auto sooner = round_trip(other);
    return sooner && other.replies.front().from == message.from && 2 * *sooner < span;
  });
}

bool waited_for_other(std::span<const Exchange> exchanges, const Exchange& exchange,
                      Duration span) {
  const auto& reply = exchange.replies.front();
  const bool message = reply.kind == ReplyKind::icmp_error;
  return span >= (message ? neighbour_failure : held_back) ||
         (span >= first_repetition && waited_with_others(exchanges, reply, span));
}

}  // namespace

std::vector<const Exchange*> answered_by_repetition(std::span<const Exchange> exchanges) {
  std::vector<const Exchange*> late;
  const auto of_host = shortest_of_host(exchanges);
  for (const auto& exchange : exchanges) {
    const auto span = exchange.left.size() == 1 ? round_trip(exchange) : std::nullopt;
    if (span && may_be_repeated(exchange, *span, of_host)) late.push_back(&exchange);
  }
  return late;
}

std::optional<Duration> round_trip(const Exchange& exchange) {
  // The bare ACK of a host that holds the flow half open is due to a SYN before this one.
  const auto first = std::ranges::find_if(exchange.replies, is_due_answer);
  if (first == exchange.replies.end()) return {};
  return first->at - exchange.at;
}

Duration largest_round_trip(std::span<const Exchange> exchanges) {
  Duration largest{};
  const auto of_host = shortest_of_host(exchanges);
  for (const auto& exchange : exchanges) {
    const auto span = round_trip(exchange);
    // A retransmitted SYN's answer cannot be timed (RFC 6298 section 3, Karn's algorithm).
    if (!span || exchange.left.size() > 1 || waited_for_other(exchanges, exchange, *span)) continue;
    if (!may_be_repeated(exchange, *span, of_host)) largest = std::max(largest, *span);
  }
  return largest;
}

Duration patience(std::span<const Exchange> exchanges, const Goal& goal) {
  const auto wait = std::max(2 * largest_round_trip(exchanges), least_patience);
  return goal.patience ? std::min(wait, *goal.patience) : wait;
}

}  // namespace hopblame
