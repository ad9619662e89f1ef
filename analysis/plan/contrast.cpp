#include "analysis/plan/contrast.hpp"

#include <algorithm>

#include "analysis/path/first_tries.hpp"
#include "analysis/plan/doubt.hpp"
#include "analysis/plan/loss_probes.hpp"
#include "analysis/plan/new_flows.hpp"
#include "analysis/plan/scouts.hpp"
#include "analysis/plan/shut_out.hpp"

namespace hopblame {
namespace {

/// As long as a port answers: with the first SYN, the one of the walk that arrives and connect()'s
/// these are five. Of six in half a minute `ufw limit` turns the last away, and the user after it.
constexpr std::uint8_t flows_to_answering_port = 2;

Want want(ProbeKind kind, Aim aim, unsigned tries, Rhythm rhythm) {
  return {{kind, aim, 0, full_hop_limit}, tries, rhythm};
}

std::vector<Want> with(std::vector<Want> wants, const std::vector<Want>& more) {
  wants.insert(wants.end(), more.begin(), more.end());
  return wants;
}

/// A RST that looks like the host's own stack leaves nothing to ask; any other may hide a service.
bool looks_like_a_filter(const State& state) {
  const auto& rst = *state.first_end;
  if (rst.traffic_class != probe_traffic_class) return true;
  return state.control_end && state.control_end->hop_limit != rst.hop_limit;
}

std::vector<Want> after_reset(const State& state) {
  std::vector<Want> wants{
      want(ProbeKind::echo, Aim::none, state.control_end ? 1 : 2, Rhythm::together)};
  if (!looks_like_a_filter(state)) return wants;
  wants.push_back(want(ProbeKind::syn_bad_checksum, Aim::target, 1, Rhythm::together));
  // Who resets it does not look at checksums; or somebody on the way repairs them, which the closed
  // port shows as well.
  if (state.bad_checksum_answered)
    wants.push_back(want(ProbeKind::syn_bad_checksum, Aim::control, 1, Rhythm::quick));
  wants.push_back(want(ProbeKind::ack, Aim::target, 2, Rhythm::together));
  wants.push_back(want(ProbeKind::fin, Aim::target, 2, Rhythm::together));
  wants.push_back(want(ProbeKind::fin, Aim::control, 2, Rhythm::together));
  return wants;
}

/// Is it so on every flow? One of several ways may go round, lack its route or have a rule.
std::vector<Want> after_rejection() {
  std::vector<Want> wants;
  ask_on(wants, Aim::target, 1, few_flows, full_hop_limit, Rhythm::quick);
  return wants;
}

/// The host answers pings: does the router right behind the last that passes SYNs speak of one that
/// dies there? Then it is no silence of its own that the SYNs meet.
std::vector<Want> ping_next_hop(const State& state) {
  if (!state.echo_reply || state.control_end) return {};
  const auto next = static_cast<std::uint8_t>(state.last_passed() + 1);
  const bool vain = state.target.asked_at(next) >= 2 && !state.target.answered_at(next) &&
                    !state.control.answered_at(next);
  if (!vain) return {};
  return {{{ProbeKind::echo, Aim::none, 0, {next}}, 2, Rhythm::quick}};
}

std::vector<Want> after_silence(const Situation& situation, const State& state) {
  const unsigned tries = situation.goal.tries;
  std::vector<Want> wants{
      want(ProbeKind::echo, Aim::none, tries, Rhythm::slow),
      want(ProbeKind::ack, Aim::target, tries, Rhythm::slow),
      want(ProbeKind::fin, Aim::target, tries, Rhythm::slow),
  };
  // The host lives: one of several equal paths may be dead.
  if (state.heard_from_host) ask_on(wants, Aim::target, 1, few_flows, full_hop_limit, Rhythm::slow);
  if (state.control_end) {
    wants.push_back(want(ProbeKind::ack, Aim::control, tries, Rhythm::slow));
    wants.push_back(want(ProbeKind::fin, Aim::control, tries, Rhythm::slow));
  }
  return with(std::move(wants), ping_next_hop(state));
}

/// Where the first SYN of every flow seems to be dropped: new flows beside the repetitions of the
/// others show whether it is that, or a limit.
std::vector<Want> fresh_flows(const Situation& situation, const State& state) {
  std::vector<Want> wants;
  if (is_first_lost(flows_to(situation.exchanges, Aim::target, situation.now - state.patience)))
    for (auto lane = first_fresh; lane < first_fresh + few_flows; ++lane)
      wants.push_back({{ProbeKind::syn, Aim::target, lane, full_hop_limit}, 2, Rhythm::slow});
  return wants;
}

/// The same SYN on new flows, and as many to the control port: is the answer always the same? What
/// stays silent is asked again, on the slow beat, so that a ban and a rate limit show apart; the
/// control port is then asked as often, or chance could not be told from a rule.
std::vector<Want> steadiness(const Situation& situation, const State& state) {
  const bool silent = state.silent_flows > 0;
  // A control port that a rule hides stays silent however often it is asked.
  const bool in_vain = !silent && !state.control_end && !state.control_unsent;
  std::vector<Want> wants;
  const auto ask = [&](Aim aim, std::uint8_t lane) {
    const bool once = in_vain && aim == Aim::control;
    wants.push_back({{ProbeKind::syn, aim, lane, full_hop_limit},
                     once ? 1u : situation.goal.tries,
                     once ? Rhythm::quick : Rhythm::slow});
  };
  const bool answering = state.fate == Fate::accepted && !silent;
  for (std::uint8_t lane = 1; lane <= few_flows; ++lane) {
    if (!answering || lane <= flows_to_answering_port) ask(Aim::target, lane);
    ask(Aim::control, lane);
  }
  for (std::uint8_t lane = few_flows + 1; silent && lane <= 3 * few_flows; ++lane)
    ask(Aim::control, lane);
  const auto wanted = flows_against_doubt(situation, state);
  for (const auto aim : {Aim::target, Aim::control})
    ask_on(wants, aim, few_flows + 1, wanted, full_hop_limit, Rhythm::slow);
  const auto to_see_loss = state.control_end ? flows_to_see_loss(situation, state) : few_flows;
  ask_on(wants, Aim::control, few_flows + 1, to_see_loss, full_hop_limit, Rhythm::quick);
  wants = with(std::move(wants), fresh_flows(situation, state));
  wants = with(std::move(wants), scouts(situation, state));
  if (silent) wants = with(std::move(wants), border_scouts(situation, state));
  wants = with(std::move(wants), walk_of_shut_out(situation, state));
  return wants;
}

/// With the first SYN and connect()'s eleven flows: all of them take the dead one of two equal
/// paths once in two thousand runs. What nobody answers spends nobody's allowance.
constexpr unsigned flows_to_silent_port = 9;

}  // namespace

std::vector<Want> more_flows_in_silence(const State& state) {
  std::vector<Want> wants;
  if (state.fate == Fate::silent && state.heard_from_host && !state.forms)
    ask_on(wants, Aim::target, few_flows + 1, flows_to_silent_port, full_hop_limit, Rhythm::slow);
  // One witness more that answers are not lost; what decides on the place goes first.
  if (state.fate == Fate::silent && state.control_end)
    ask_on(wants, Aim::control, 1, 1, full_hop_limit, Rhythm::quick);
  return wants;
}

std::vector<Want> contrast(const Situation& situation, const State& state) {
  if (state.forms) return {};  // all of these are marked
  switch (state.fate) {
    case Fate::accepted:
      return with({want(ProbeKind::echo, Aim::none, 1, Rhythm::quick)},
                  steadiness(situation, state));
    case Fate::reset: return with(after_reset(state), steadiness(situation, state));
    case Fate::silent: return after_silence(situation, state);
    case Fate::icmp: return after_rejection();
    case Fate::pending:
    case Fate::not_sent: return {};
  }
  return {};
}

}  // namespace hopblame
