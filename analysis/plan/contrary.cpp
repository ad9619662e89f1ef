#include "analysis/plan/contrary.hpp"

#include <algorithm>

#include "analysis/path/branching.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/port_flows.hpp"
#include "analysis/path/rounds.hpp"
#include "analysis/path/who_decides.hpp"
#include "analysis/plan/ladder.hpp"
#include "analysis/plan/new_flows.hpp"

namespace hopblame {
namespace {

/// All of them take the same of two equal ways once in 64 runs.
constexpr std::uint8_t new_flows = 7;
/// In turns with a flow that gets through, until it is hopeless to tell a way from chance; where a
/// limit fits already, half as many, for each try may spend what the limit allows.
constexpr unsigned most_tries = 8, enough_for_a_limit = most_tries / 2;

/// One of ours that can be asked again and walked; connect()'s flow cannot.
const PortFlow* ours(const std::vector<PortFlow>& flows) {
  const auto found = std::ranges::find_if(flows, &PortFlow::raw);
  return found == flows.end() ? nullptr : &*found;
}

Want syn(std::uint8_t lane, int hop_limit, unsigned tries, Rhythm rhythm) {
  return {
      {ProbeKind::syn, Aim::target, lane, {static_cast<std::uint8_t>(hop_limit)}}, tries, rhythm};
}

std::vector<Want> on_new_flows() {
  std::vector<Want> wants;
  for (std::uint8_t lane = 1; lane <= new_flows; ++lane)
    wants.push_back(syn(lane, full_hop_limit.value, 1, Rhythm::quick));
  return wants;
}

/// Its own path, on which the others may never have been. One that is answered is asked once more
/// after those that got through, with more hops than it needs; one that is not, again and again.
void walk(std::vector<Want>& wants, const PortFlow& flow, SynFate fate, int host, int passed,
          std::size_t tried, bool enough) {
  const bool silent = fate == SynFate::silent;
  const auto rhythm = fate == SynFate::reset ? Rhythm::quick : Rhythm::slow;
  if (silent && !enough) wants.push_back(syn(flow.lane, full_hop_limit.value, most_tries, rhythm));
  if (!silent) wants.push_back(syn(flow.lane, full_hop_limit.value, 1, rhythm));
  // A limit lets it through by then; and the other walks have spent what routers send at once.
  if (silent && !enough && tried < 3) return;
  // Near hops first: rejections and time exceeded share one allowance of a router (Linux icmp_send,
  // six at once), and that it lets the probe pass that dies there tells where it rejects.
  for (int hop = 1; hop <= (silent ? host - 1 : host + 1); ++hop)
    wants.push_back(syn(flow.lane, hop, silent ? 3 : 2, rhythm));
  // Its machine may be farther away than the one that answers.
  if (silent)
    for (int hop = host; hop <= std::max(host, passed + 1); ++hop)
      wants.push_back(syn(flow.lane, hop, 1, rhythm));
}

/// Ours without the mark, and as many with it: do those fare like connect()'s? Then they can be
/// walked.
std::vector<Want> without_mark(const Situation& situation, const State& state) {
  const auto& forms = *state.forms;
  const bool silent = forms.ordinary == SynFate::silent;
  std::vector<Want> wants;
  for (std::uint8_t lane = first_unmarked_lane; lane < first_unmarked_lane + unmarked_flows; ++lane)
    wants.push_back(syn(lane, full_hop_limit.value, silent ? 2 : 1, Rhythm::quick));
  for (std::uint8_t lane = 1; lane < unmarked_flows; ++lane)
    wants.push_back(syn(lane, full_hop_limit.value, 1, Rhythm::quick));
  if (forms.unmarked == 0 || forms.ordinary == SynFate::accepted) return wants;
  auto host = state.distance_of_host();
  for (const auto& exchange : situation.exchanges)
    if (!host && exchange.spec.question.aim == Aim::target && exchange.answered())
      host = guessed_distance(exchange.replies.front().hop_limit);
  for (int hop = host.value_or(0) + 1; hop >= 1; --hop)
    wants.push_back(
        syn(first_unmarked_lane, hop, silent ? 3 : 2, silent ? Rhythm::slow : Rhythm::quick));
  return wants;
}

/// As far as the way back of its answer makes believe, and a little farther; on two flows, for one
/// may still be half open at the host.
std::vector<Want> find_host(std::vector<Want> wants, const Contrast& contrast) {
  const auto before = wants.size();
  for (const auto& flow : contrast.through) {
    const auto answered = std::ranges::find(flow.tries, contrast.at_host, &SynTry::fate);
    const auto way_back = answered->exchange->replies.front().hop_limit;
    const int top = guessed_distance(way_back) + 1;
    if (!flow.raw || wants.size() - before > static_cast<std::size_t>(top)) continue;
    for (int hop = 1; hop <= top; ++hop) wants.push_back(syn(flow.lane, hop, 1, Rhythm::quick));
  }
  return wants;
}

/// Flows that get through once more after each try of the other, each time with a hop limit of
/// their own: whoever counts or forgets would treat them as it treated the other.
void take_turns(std::vector<Want>& wants, const Contrast& contrast, std::size_t times, int host) {
  std::vector<std::uint8_t> lanes;
  for (const auto& flow : contrast.through)
    if (flow.raw) lanes.push_back(flow.lane);
  const auto most = static_cast<std::size_t>(full_hop_limit.value - host) * lanes.size();
  for (std::size_t i = 0; i < std::min(times, most); ++i)
    wants.push_back(syn(lanes[i % lanes.size()], host + 1 + static_cast<int>(i / lanes.size()), 1,
                        Rhythm::quick));
}

/// A try that still waits counts: the next flow that gets through is asked in the same burst.
std::size_t asked(const Situation& situation, const PortFlow& flow, SynFate fate) {
  if (fate != SynFate::silent) return flow.tries.size();
  const Question question{ProbeKind::syn, Aim::target, flow.lane, full_hop_limit};
  return static_cast<std::size_t>(
      std::ranges::count_if(situation.exchanges, [&](const Exchange& exchange) {
        return exchange.origin == Origin::raw && exchange.spec.question == question;
      }));
}

/// The farthest router at which a SYN of this flow died.
int passed_by(const Situation& situation, std::uint8_t lane) {
  int farthest = 0;
  for (const auto& exchange : situation.exchanges) {
    const auto& question = exchange.spec.question;
    const bool ours = question.kind == ProbeKind::syn && question.aim == Aim::target &&
                      question.lane == lane && question.hop_limit != full_hop_limit;
    if (ours && exchange.answered() && exchange.replies.front().kind == ReplyKind::time_exceeded)
      farthest = std::max<int>(farthest, question.hop_limit.value);
  }
  return farthest;
}

/// Flows that got through keep silent too, a limit would treat the flows so, or enough was asked.
bool is_hopeless(const Situation& situation, const Contrast& contrast, const Beside& beside,
                 const PortFlow& other) {
  if (is_hardly_by_flow(contrast, beside)) return true;
  const auto tries = asked(situation, other, contrast.fate);
  return tries >= most_tries || (tries >= enough_for_a_limit && fits_a_limit(contrast));
}

const Exchange* gone_round(std::span<const Exchange> exchanges, Aim aim) {
  const auto found = std::ranges::find_if(exchanges, [&](const Exchange& exchange) {
    return is_full_syn(exchange, aim) && went_round(exchange);
  });
  return found == exchanges.end() ? nullptr : &*found;
}

/// The flows to the port had luck so far: of those to the other port some never get through.
bool others_tell(const Situation& situation, const State& state) {
  if (state.fate != Fate::accepted && state.fate != Fate::reset) return false;
  const auto until = situation.now - state.patience;
  return gone_round(situation.exchanges, Aim::control) ||
         some_stay_silent(flows_to(situation.exchanges, Aim::control, until));
}

/// Of a flow that goes round, which the ladder does not walk: until a router is met again.
void walk_round(std::vector<Want>& wants, const Situation& situation) {
  const auto* round = gone_round(situation.exchanges, Aim::target);
  if (!round) return;
  std::vector<Exchange> of_flow;
  std::ranges::copy_if(situation.exchanges, std::back_inserter(of_flow),
                       [&](const Exchange& one) { return one.spec.flow == round->spec.flow; });
  const auto walk = walk_of(of_flow, ProbeKind::syn, Aim::target);
  for (int hop = 1; hop <= loop_top(walk, situation.goal.max_hops); ++hop)
    wants.push_back(syn(round->spec.question.lane, hop, 2, Rhythm::slow));
}

}  // namespace

bool may_be_by_flow(const Situation& situation, const State& state) {
  if (state.forms) return true;
  const auto& contrast = state.contrast;
  if (!contrast) return false;
  const auto* other = ours(contrast->others);
  if (!other) return true;
  const auto known = beside(situation.exchanges, *contrast);
  return is_by_flow(*contrast, known) || !is_hopeless(situation, *contrast, known, *other);
}

std::vector<Want> contrary(const Situation& situation, const State& state) {
  if (state.forms) return without_mark(situation, state);
  const auto& contrast = state.contrast;
  if (!contrast) {
    auto wants = others_tell(situation, state) ? on_new_flows() : std::vector<Want>{};
    walk_round(wants, situation);
    return wants;
  }
  const auto* other = ours(contrast->others);
  if (!other || !ours(contrast->through)) return on_new_flows();
  std::vector<Want> wants;
  walk_round(wants, situation);
  if (contrast->fate == SynFate::silent)
    ask_on(wants, Aim::control, 1, new_flows, full_hop_limit, Rhythm::quick);
  const auto measured = state.distance_of_host();
  const auto host = measured ? measured : nearest_arrival(contrast->through);
  if (!host) return find_host(wants, *contrast);
  const auto known = beside(situation.exchanges, *contrast);
  const bool enough =
      is_by_flow(*contrast, known) || is_hopeless(situation, *contrast, known, *other);
  const auto times = std::min<std::size_t>(asked(situation, *other, contrast->fate), most_tries);
  if (!enough) take_turns(wants, *contrast, times, *host);
  walk(wants, *other, contrast->fate, *host, passed_by(situation, other->lane), times, enough);
  return wants;
}

}  // namespace hopblame
