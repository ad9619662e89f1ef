#include "analysis/plan/nothing_beside.hpp"

#include <algorithm>

#include "analysis/path/in_its_name.hpp"

namespace hopblame {
namespace {

/// The RST's own round trip tells nothing of the host behind a device that sends it in its name.
/// Over a satellite and two continents an answer takes less than this.
constexpr Duration farthest_host = std::chrono::seconds(1);

/// In the host's name, to something else than the port, or over another number of routers.
bool is_heard_beside(const Situation& situation, const Reply& reset) {
  const auto speaks = [&](const Exchange& exchange) {
    const bool of_port = exchange.spec.question.aim == Aim::target;
    return std::ranges::any_of(exchange.replies, [&](const Reply& reply) {
      return reply.from == situation.goal.target.address &&
             (!of_port || reply.hop_limit != reset.hop_limit);
    });
  };
  return std::ranges::any_of(situation.exchanges, speaks);
}

/// Nothing that could answer for a neighbour on the own link is far from it.
bool may_be_far(const Vantage& vantage) {
  return !vantage.target_is_local && (vantage.gateway || vantage.off_network);
}

}  // namespace

std::optional<TimePoint> host_due(const Situation& situation, const State& state) {
  if (state.fate != Fate::reset || !state.control_due || !may_be_far(situation.vantage)) return {};
  const auto& reset = *state.first_end;
  if (carries_mark(reset) || is_heard_beside(situation, reset)) return {};
  const auto wait = std::min(farthest_host, situation.goal.patience.value_or(farthest_host));
  return *state.control_due - state.patience + std::max(wait, state.patience);
}

}  // namespace hopblame
