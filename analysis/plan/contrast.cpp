#include "analysis/plan/contrast.hpp"

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/attempts.hpp"
#include "analysis/path/border.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/plan/contrary.hpp"

namespace hopblame {
namespace {

constexpr std::uint8_t flows = 3, most_flows = 21;
/// Probes that reach an open port's host in a fifth of a second, beside what an ordinary connection
/// sends: twenty packets at once and ten a second are allowed.
constexpr unsigned most_when_open = 15;
/// As long as a port answers: with the first SYN, the one of the walk that arrives and connect()'s
/// these are five. Of six in half a minute `ufw limit` turns the last away, and the user after it.
constexpr std::uint8_t flows_to_answering_port = 2;
/// Beyond those of all bursts.
constexpr std::uint8_t first_scout = 40, scouting_flows = 4, asked_after_scouts = 2;

Want want(ProbeKind kind, Aim aim, unsigned tries, Rhythm rhythm) {
  return {{kind, aim, 0, full_hop_limit}, tries, rhythm};
}

/// The same SYN once on each of these flows.
void ask_on(std::vector<Want>& wants, Aim aim, unsigned first, unsigned last, HopLimit hop_limit,
            Rhythm rhythm) {
  for (unsigned lane = first; lane <= last; ++lane)
    wants.push_back({{ProbeKind::syn, aim, static_cast<std::uint8_t>(lane), hop_limit}, 1, rhythm});
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
      want(ProbeKind::echo, Aim::none, state.control_end ? 1 : 2, Rhythm::quick)};
  if (!looks_like_a_filter(state)) return wants;
  wants.push_back(want(ProbeKind::syn_bad_checksum, Aim::target, 1, Rhythm::together));
  wants.push_back(want(ProbeKind::ack, Aim::target, 2, Rhythm::together));
  wants.push_back(want(ProbeKind::fin, Aim::target, 2, Rhythm::together));
  wants.push_back(want(ProbeKind::fin, Aim::control, 2, Rhythm::together));
  return wants;
}

/// A routing table would reject the other port too: is it a rule, or another path?
std::vector<Want> after_rejection(const State& state) {
  const auto& rejection = *state.first_end;
  const bool routing =
      rejection.icmp &&
      is_routing_code(rejection.from.family, rejection.icmp->type, rejection.icmp->code);
  std::vector<Want> wants;
  if (!routing || !state.control_end || !state.control_end->segment) return wants;
  ask_on(wants, Aim::target, 1, flows, full_hop_limit, Rhythm::quick);
  return wants;
}

std::vector<Want> after_silence(const Situation& situation, const State& state) {
  const unsigned tries = situation.goal.tries;
  std::vector<Want> wants{
      want(ProbeKind::echo, Aim::none, tries, Rhythm::slow),
      want(ProbeKind::ack, Aim::target, tries, Rhythm::slow),
      want(ProbeKind::fin, Aim::target, tries, Rhythm::slow),
  };
  // The host lives: one of several equal paths may be dead.
  if (state.heard_from_host) ask_on(wants, Aim::target, 1, flows, full_hop_limit, Rhythm::slow);
  if (state.control_end) {
    wants.push_back(want(ProbeKind::ack, Aim::control, tries, Rhythm::slow));
    wants.push_back(want(ProbeKind::fin, Aim::control, tries, Rhythm::slow));
  }
  return wants;
}

/// A limit on new connections bites only beyond the device that has it: SYNs on new flows that die
/// one hop before the first loss are all answered, if that is where it stands. Three, with the
/// walk's own: a router sends six answers at once. Scouts that got there are as good.
std::vector<Want> border(const Situation& situation, const State& state) {
  auto loss = first_loss(state.target, state.control, situation.now - state.patience);
  for (const auto* walk : {&state.target, &state.control})
    if (const auto end = walk->first_end(); end && (!loss || *end < *loss)) loss = end;
  std::vector<Want> wants;
  if (!loss || *loss < 2 || *loss >= full_hop_limit.value) return wants;
  const HopLimit before{static_cast<std::uint8_t>(*loss - 1)};
  ask_on(wants, Aim::target, first_scout, first_scout + 2, before, Rhythm::slow);
  return wants;
}

constexpr std::uint8_t a_burst = 6, most_bursts = 5;

bool is_full(const Exchange& exchange, Aim aim) {
  const auto& question = exchange.spec.question;
  return question.kind == ProbeKind::syn && question.aim == aim &&
         question.hop_limit == full_hop_limit && exchange.origin == Origin::raw;
}

bool all_waited_for(const Situation& situation, const State& state) {
  return std::ranges::all_of(situation.exchanges, [&](const Exchange& exchange) {
    const bool asked = is_full(exchange, Aim::target) || is_full(exchange, Aim::control);
    return !asked || exchange.answered() || exchange.at + state.patience <= situation.now;
  });
}

/// More SYNs to the port than to the other one went unanswered, and neither chance nor a rule is
/// excluded yet.
bool is_share_in_doubt(const DueAnswers& target, const DueAnswers& control) {
  const auto chance = chance_to_be_spared(target, control);
  return target.lost >= 3 && control.due >= flows && chance > 0.0005 && chance < 0.3;
}

/// No burst had two answers yet, and loss alone may have had it so.
bool is_limit_in_doubt(const std::vector<Attempt>& attempts, const DueAnswers& target,
                       const DueAnswers& control) {
  const auto& witness = control.lost < control.due ? control : target;
  return target.lost >= 2 && !two_in_a_burst(attempts) &&
         chance_of_one_a_burst(attempts, witness.loss()) > 0.005;
}

/// The answers so far leave it in doubt what loses some.
bool is_doubtful(const Situation& situation, const State& state) {
  if (may_be_by_flow(situation, state)) return false;
  const auto full = full_hop_limit.value;
  const auto target = due_answers(state.target, full, full);
  const auto control = due_answers(state.control, full, full);
  const auto attempts = attempts_of(state.target);
  return door_of(attempts, attempts_of(state.control)) == Door::doubt ||
         is_limit_in_doubt(attempts, target, control) || is_share_in_doubt(target, control);
}

/// Routers that answered either flow were due an answer to every probe.
DueAnswers routers_asked(const State& state, TimePoint until) {
  DueAnswers sum;
  for (std::uint8_t hop = 1; hop < full_hop_limit.value; ++hop) {
    if (!state.target.time_exceeded_at(hop) && !state.control.time_exceeded_at(hop)) continue;
    sum += asked_between(state.target, hop, hop, until);
    sum += asked_between(state.control, hop, hop, until);
  }
  return sum;
}

/// Whoever uses an open port wants to know of loss: what may reach the host is used up.
std::uint8_t flows_when_open(const Situation& situation, const State& state) {
  const auto distance = state.distance_of_host().value_or(full_hop_limit.value);
  const auto others = std::ranges::count_if(situation.exchanges, [&](const Exchange& exchange) {
    return exchange.spec.question.hop_limit.value >= distance &&
           !(is_full(exchange, Aim::control) && exchange.spec.question.lane > flows);
  });
  const auto left =
      most_when_open - std::min<unsigned>(static_cast<unsigned>(others), most_when_open);
  return static_cast<std::uint8_t>(flows + left);
}

/// More where routers answered only some of the probes that died there: do they send few messages,
/// or do packets get lost? Direct answers tell, which nobody limits: as many as it takes to lose
/// one, if the routers' share is chance.
std::uint8_t flows_to_see_loss(const Situation& situation, const State& state) {
  const auto until = situation.now - state.patience;
  auto direct = direct_answers(state.target, until);
  direct += direct_answers(state.control, until);
  const auto routers = routers_asked(state, until);
  if (direct.lost > 0) return flows;
  const auto usual = state.fate == Fate::accepted ? flows_when_open(situation, state) : flows;
  if (routers.lost == 0) return usual;
  const auto enough = std::min<unsigned>(tries_to_lose_one(routers.loss()), most_flows);
  return std::max(usual, static_cast<std::uint8_t>(enough));
}

/// How many new flows to ask on: a burst more, and again, while it is in doubt. A burst begun is
/// finished.
std::uint8_t flows_wanted(const Situation& situation, const State& state) {
  unsigned asked = 0;
  for (const auto& exchange : situation.exchanges)
    if (is_full(exchange, Aim::target) && exchange.spec.question.lane < first_scout)
      asked = std::max<unsigned>(asked, exchange.spec.question.lane);
  const unsigned bursts = asked <= flows ? 0 : (asked - flows + a_burst - 1) / a_burst;
  const bool more =
      bursts < most_bursts && all_waited_for(situation, state) && is_doubtful(situation, state);
  return static_cast<std::uint8_t>(flows + (bursts + more) * a_burst);
}

/// On an equal path there may be a rule that no flow met so far. SYNs on more flows that die at the
/// last router meet it too, and spend nothing of what a limit on the port allows. Of two that get
/// no answer the port itself is asked: was it a rule, or did the router send enough messages? Those
/// that die one hop before show loss, too, and cost the target nothing.
std::vector<Want> scouts(const Situation& situation, const State& state) {
  std::vector<Want> wants;
  const auto host = state.distance_of_host();
  if (state.fate != Fate::accepted || !host || *host < 3) return wants;
  const HopLimit last_router{static_cast<std::uint8_t>(*host - 1)};
  const HopLimit before{static_cast<std::uint8_t>(*host - 2)};
  for (const auto hop_limit : {last_router, before})
    ask_on(wants, Aim::target, first_scout, first_scout + scouting_flows - 1, hop_limit,
           Rhythm::quick);
  unsigned silent = 0;
  for (const auto& exchange : situation.exchanges) {
    const auto& [kind, aim, lane, hop_limit] = exchange.spec.question;
    const bool scout = kind == ProbeKind::syn && aim == Aim::target && lane >= first_scout &&
                       hop_limit == last_router;
    if (!scout || exchange.answered() || exchange.at + state.patience > situation.now) continue;
    if (++silent > asked_after_scouts) break;
    wants.push_back({{kind, aim, lane, full_hop_limit}, 1, Rhythm::quick});
  }
  return wants;
}

/// The same SYN on new flows, and as many to the control port: is the answer always the same? What
/// stays silent is asked again, on the slow beat, so that a ban and a rate limit show apart; the
/// control port is then asked as often, or chance could not be told from a rule.
std::vector<Want> steadiness(const Situation& situation, const State& state) {
  const bool silent = state.silent_flows > 0;
  std::vector<Want> wants;
  const auto ask = [&](Aim aim, std::uint8_t lane) {
    wants.push_back(
        {{ProbeKind::syn, aim, lane, full_hop_limit}, situation.goal.tries, Rhythm::slow});
  };
  const bool answering = state.fate == Fate::accepted && !silent;
  for (std::uint8_t lane = 1; lane <= flows; ++lane) {
    if (!answering || lane <= flows_to_answering_port) ask(Aim::target, lane);
    ask(Aim::control, lane);
  }
  for (std::uint8_t lane = flows + 1; silent && lane <= 3 * flows; ++lane) ask(Aim::control, lane);
  const auto wanted = flows_wanted(situation, state);
  for (const auto aim : {Aim::target, Aim::control})
    ask_on(wants, aim, flows + 1, wanted, full_hop_limit, Rhythm::slow);
  const auto to_see_loss = state.control_end ? flows_to_see_loss(situation, state) : flows;
  ask_on(wants, Aim::control, flows + 1, to_see_loss, full_hop_limit, Rhythm::quick);
  wants = with(std::move(wants), scouts(situation, state));
  if (silent) wants = with(std::move(wants), border(situation, state));
  return wants;
}

}  // namespace

std::vector<Want> contrast(const Situation& situation, const State& state) {
  if (state.forms) return {};  // all of these are marked
  switch (state.fate) {
    case Fate::accepted:
      return with({want(ProbeKind::echo, Aim::none, 1, Rhythm::quick)},
                  steadiness(situation, state));
    case Fate::reset: return with(after_reset(state), steadiness(situation, state));
    case Fate::silent: return after_silence(situation, state);
    case Fate::icmp: return after_rejection(state);
    case Fate::pending:
    case Fate::not_sent: return {};
  }
  return {};
}

}  // namespace hopblame
