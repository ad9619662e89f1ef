#include "analysis/offline/control.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t most_ports_compared = 64;

std::optional<HopLimit> reset_limit(const std::vector<Exchange>& exchanges) {
  for (const auto& exchange : exchanges)
    for (const auto& reply : exchange.replies)
      if (reply.kind == ReplyKind::reset_ack) return reply.hop_limit;
  return {};
}

/// How well another port of the address shows how the host itself answers. A RST that looks like
/// the one in question may come from the same device, whoever that is.
int worth(const Trails& trails, const Trail& trail, std::optional<HopLimit> reset) {
  if (is_limited(trail) && trail.answers > 0) return 3;
  if (trail.has(ReplyKind::syn_ack)) return 2;
  const auto* other = reset ? trails.answer_of(trail, ReplyKind::reset_ack) : nullptr;
  return other && return_hops(other->hop_limit) > return_hops(*reset) ? 1 : 0;
}

/// A router that was silenced by what it has just said may speak again after some seconds.
bool is_near(const Span& time, TimePoint at) {
  constexpr Duration shortly = std::chrono::seconds(10);
  return time.from - shortly <= at && at <= time.until + shortly;
}

bool is_answered_in(const Trails& trails, const Trail& trail, const std::optional<Span>& time) {
  bool found = false;
  if (time)
    trails.each_answer(trail, [&](const Answer& answer) {
      found = found || (answer.kind != ReplyKind::time_exceeded && time->holds(answer.at));
    });
  return found;
}

int worth(const Book& book, const Target& other, std::optional<HopLimit> reset,
          const std::optional<Span>& silence) {
  constexpr int of_that_time = 4;  // more than any other virtue
  int best = 0;
  book.each_kept(other, [&](const Trails& trails, const Trail& trail) {
    // That nothing of the host answers is worth knowing as well.
    if (silence && trail.outcome == Outcome::dropped && silence->holds(trail.at))
      best = std::max(best, 1);
    // A router that has no way says so of whatever it is asked for, two or three times.
    if (silence && trail.outcome == Outcome::unreachable && is_near(*silence, trail.at))
      best = std::max(best, 2);
    const int found = worth(trails, trail, reset);
    const bool then = found > 0 && is_answered_in(trails, trail, silence);
    best = std::max(best, found + (then ? of_that_time : 0));
  });
  return best;
}

}  // namespace

const Target* control_of(const Book& book, const Target& target, const IpAddress& client,
                         const std::vector<Exchange>& exchanges,
                         const std::optional<Span>& silence) {
  const auto reset = reset_limit(exchanges);
  const Target* best = nullptr;
  int most = 0;
  std::size_t looked_at = 0;
  for (auto id = book.first_on_host(target.endpoint.address); id != nothing;) {
    const auto& other = book.targets()[id];
    id = other.next_on_host;
    if (other.endpoint == target.endpoint || other.client != client) continue;
    if (++looked_at > most_ports_compared) break;
    const auto found = worth(book, other, reset, silence);
    if (found <= most) continue;
    most = found;
    best = &other;
  }
  return best;
}

}  // namespace hopblame::offline
