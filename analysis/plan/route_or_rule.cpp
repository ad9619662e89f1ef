#include "analysis/plan/route_or_rule.hpp"

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/odd_limits.hpp"
#include "analysis/path/rejection.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/plan/ledger.hpp"

namespace hopblame {
namespace {

/// A rejection is told within this and three round trips, of which the patience is two: later tries
/// come too late.
constexpr Duration soon = std::chrono::milliseconds(300);

/// The router that rejects the port named itself, as far away as the probe had come; the hop right
/// before it let the port pass, and the control flow got beyond: its table has a way.
bool is_router_placed(const State& state, int travelled) {
  const int passed = state.target.last_passed().value_or(0);
  const bool before = passed > 0 && passed + 1 >= travelled &&
                      likely_distance(state.first_end->hop_limit) == travelled;
  const bool beyond = state.control_end && state.control_end->kind != ReplyKind::icmp_error &&
                      state.control_end->kind != ReplyKind::time_exceeded;
  return before && beyond;
}

/// In the host's name, from right behind the last router that lets the port pass, by the quote as
/// well as by the way back.
bool is_host_placed(const State& state, int travelled) {
  return state.target.last_passed() == travelled &&
         likely_distance(state.first_end->hop_limit) == travelled + 1;
}

bool is_rejecter_placed(const Situation& situation, const State& state) {
  if (state.fate != Fate::icmp || !state.first_end->icmp || !state.first_end->icmp->quote)
    return false;
  const int travelled = full_hop_limit.value - state.first_end->icmp->quote->hop_limit.value;
  return state.first_end->from == situation.goal.target.address
             ? is_host_placed(state, travelled)
             : is_router_placed(state, travelled);
}

}  // namespace

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

unsigned tries_at_rejecter(const Situation& situation, const State& state, unsigned usual) {
  if (!is_rejecter_placed(situation, state)) return usual;
  const auto beats = (soon + state.patience) / try_spacing;
  return std::min(usual, 1 + static_cast<unsigned>(beats));
}

}  // namespace hopblame
