#include "analysis/plan/gone.hpp"

#include <algorithm>
#include <set>

#include "analysis/path/rejection.hpp"
#include "analysis/path/silence.hpp"

namespace hopblame {
namespace {

/// A search that an earlier packet began has less left of it. No way takes that much longer than
/// the answers of its routers, and what waited for one search is told in one go.
constexpr Duration held_back = std::chrono::seconds(1), in_one_go = std::chrono::milliseconds(10);

std::optional<Duration> fastest(std::span<const Exchange> exchanges) {
  std::optional<Duration> shortest;
  for (const auto& exchange : exchanges)
    if (const auto span = round_trip(exchange); span && !is_rejected(exchange))
      shortest = std::min(shortest.value_or(*span), *span);
  return shortest;
}

/// Told with one that waited, or one itself.
bool joined_search(const Situation& situation, const Exchange& one) {
  const auto usual = fastest(situation.exchanges);
  const auto& told = one.replies.front();
  if (!usual || !is_host_unreachable(told)) return false;
  return std::ranges::any_of(situation.exchanges, [&](const Exchange& other) {
    const auto span = round_trip(other);
    return span && is_rejected(other) && *span > *usual + held_back &&
           std::chrono::abs(other.replies.front().at - told.at) <= in_one_go;
  });
}

/// One of several equal ways may be dead, and one flow or two may have taken it by chance.
constexpr std::size_t enough_flows = 3;

}  // namespace

bool is_gone_on_all_flows(const Situation& situation) {
  std::set<Endpoint> sources;
  for (const auto& exchange : situation.exchanges) {
    if (!exchange.answered() || exchange.spec.flow.transport != Transport::tcp) continue;
    if (exchange.replies.front().kind == ReplyKind::time_exceeded) continue;
    const auto span = round_trip(exchange);
    if (!is_rejected(exchange) || !span) return false;
    if (*span < neighbour_failure) {
      if (!joined_search(situation, exchange)) return false;
      continue;
    }
    sources.insert(exchange.spec.flow.source);
  }
  return sources.size() >= enough_flows;
}

}  // namespace hopblame
