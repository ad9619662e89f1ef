#include "analysis/plan/route_or_rule.hpp"

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/rejection.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/plan/ledger.hpp"

namespace hopblame {

bool is_routing_in_question(const Situation& situation, const State& state) {
  const auto& reply = *state.first_end;
  if (reply.from == situation.goal.target.address) return false;
  if (!reply.icmp || !is_routing_code(reply.from.family, reply.icmp->type, reply.icmp->code))
    return false;
  if (is_host_unreachable(reply)) return true;
  return std::ranges::none_of(state.target.steps, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.time_exceeded,
                               [&](const Reply* passed) { return passed->from == reply.from; });
  });
}

bool is_said_once(const Situation& situation, const State& state) {
  if (state.fate != Fate::icmp || !is_routing_in_question(situation, state)) return false;
  const auto first = state.first_sent.value_or(situation.started);
  if (state.first_end->at >= first + try_spacing) return false;
  const Ledger ledger(situation.exchanges);
  const auto& wrong = ledger.of({ProbeKind::syn_bad_checksum, Aim::target, 0, full_hop_limit});
  // Twice, on two beats: not by chance.
  if (wrong.answered || wrong.tries.size() < 2) return false;
  if (situation.now < wrong.tries[1] + state.patience) return false;
  return std::ranges::none_of(situation.exchanges, [&](const Exchange& later) {
    return later.at > wrong.tries.front() && is_rejected(later);
  });
}

}  // namespace hopblame
