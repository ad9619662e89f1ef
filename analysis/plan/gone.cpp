#include "analysis/plan/gone.hpp"

#include <set>

#include "analysis/path/rejection.hpp"
#include "analysis/path/silence.hpp"

namespace hopblame {
namespace {

/// One of several equal ways may be dead, and one flow or two may have taken it by chance.
constexpr std::size_t enough_flows = 3;

}  // namespace

bool is_gone_on_all_flows(const Situation& situation) {
  std::set<Endpoint> sources;
  for (const auto& exchange : situation.exchanges) {
    if (!exchange.answered() || exchange.spec.flow.transport != Transport::tcp) continue;
    if (exchange.replies.front().kind == ReplyKind::time_exceeded) continue;
    const auto span = round_trip(exchange);
    if (!is_rejected(exchange) || !span || *span < neighbour_failure) return false;
    sources.insert(exchange.spec.flow.source);
  }
  return sources.size() >= enough_flows;
}

}  // namespace hopblame
