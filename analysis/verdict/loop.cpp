#include "analysis/verdict/loop.hpp"

#include <algorithm>

#include "analysis/path/path_builder.hpp"
#include "analysis/path/rounds.hpp"
#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/resets.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// The walk's answers from the loop on, as far as they came.
std::vector<FrameId> rounds(const Walk& walk, const Walk::Loop& loop) {
  std::vector<FrameId> packets;
  for (const auto& [distance, step] : walk.steps)
    if (distance >= loop.first && distance < full_hop_limit.value && !step.time_exceeded.empty())
      packets.push_back(step.time_exceeded.front()->frame);
  return packets;
}

/// A SYN of full length that died on the way, if a router said so: no path is so long. A device
/// that passes the port on puts its own name, the owner's, on the words of all behind it.
const Reply* death_of_full_length(const Walk& walk) {
  const auto full = walk.steps.find(full_hop_limit.value);
  if (full == walk.steps.end() || full->second.time_exceeded.empty()) return nullptr;
  return full->second.time_exceeded.front();
}

bool heard_from_host(const Case& the_case) {
  return std::ranges::any_of(the_case.exchanges, [&](const Exchange& exchange) {
    return std::ranges::any_of(exchange.replies,
                               [&](const Reply& reply) { return reply.from == the_case.owner(); });
  });
}

/// A walk alone shows it where the router that sees the full length die says nothing: the same name
/// at two distances, and nobody behind.
bool walk_goes_round(const Case& the_case, const Walk& walk) {
  return walk.goes_round() && !the_case.target.first_end() && !heard_from_host(the_case);
}

/// The walk that met a router again: that of the port, else that of the comparison port, whose
/// packets go to the same address.
const Walk& round_walk(const Case& the_case) {
  return the_case.target.loop() || !the_case.control.goes_round() ? the_case.target
                                                                  : the_case.control;
}

/// A router sends only so many messages.
bool may_keep_silent(const Walk& walk, std::uint8_t hop) {
  const auto step = walk.steps.find(hop);
  return step == walk.steps.end() ||
         std::ranges::any_of(step->second.exchanges,
                             [](const Exchange* probe) { return !probe->answered(); });
}

/// The router that a hop before the circle would be, if it belonged to it, keeps silent there too,
/// at times.
bool silent_in_circle(const Walk& walk, const Walk::Loop& loop, std::uint8_t hop) {
  const unsigned period = loop.again - loop.first;
  for (unsigned again = hop + period; again <= loop.met_again; again += period)
    if (may_keep_silent(walk, static_cast<std::uint8_t>(again))) return true;
  return false;
}

/// Of who was never heard at that hop nobody knows: it may have spent its messages before it was
/// asked there, and has some again when it is met farther on (Linux: one a second).
bool may_be_in_circle(const Walk& walk, const Walk::Loop& loop, std::uint8_t hop) {
  return walk.time_exceeded_at(hop) == nullptr ||
         (may_keep_silent(walk, hop) && silent_in_circle(walk, loop, hop));
}

std::uint8_t earliest_begin(const Walk& walk, const Walk::Loop& loop) {
  auto first = loop.first;
  while (first > 1 && may_be_in_circle(walk, loop, static_cast<std::uint8_t>(first - 1))) --first;
  return first;
}

/// A hop that nobody asked may be any router.
bool is_begin_unasked(const Walk& walk, const Walk::Loop& loop) {
  for (auto hop = earliest_begin(walk, loop); hop < loop.first; ++hop)
    if (walk.asked_at(hop) == 0) return true;
  return false;
}

/// From the router met twice, or what may be in the circle before it, to the one before it is met
/// again.
Where place_of_loop(const Case& the_case, const Walk& walk, const Walk::Loop& loop) {
  return within(the_case, earliest_begin(walk, loop), static_cast<std::uint8_t>(loop.again - 1));
}

Confidence confidence_of(const Walk& walk) {
  const auto met = walk.loop();
  return met && !is_begin_unasked(walk, *met) ? Confidence::strong : Confidence::weak;
}

/// The walk may have met it once only, and the full length is the second time.
std::optional<std::uint8_t> met_at(const Case& the_case, const Reply* died) {
  return died && died->from != the_case.owner() ? the_case.hop_of(died->from) : std::nullopt;
}

/// How long the circle is nobody knows: a hop before belongs to it unless it never keeps silent.
Where place_of_second_meeting(const Case& the_case, const Walk& walk, std::uint8_t hop) {
  const auto may_belong = [&](std::uint8_t before) {
    return walk.time_exceeded_at(before) == nullptr || may_keep_silent(walk, before);
  };
  while (hop > 1 && may_belong(static_cast<std::uint8_t>(hop - 1))) --hop;
  return within(the_case, hop, std::nullopt);
}

Where place_by_meetings(const Case& the_case, const Walk& walk, const Reply* died) {
  if (const auto met = walk.loop()) return place_of_loop(the_case, walk, *met);
  if (const auto hop = met_at(the_case, died)) return place_of_second_meeting(the_case, walk, *hop);
  return within(the_case, 1, std::nullopt);
}

Explanation loop_explained(const Case& the_case, const Reply* died, const Walk& walk) {
  const auto met = walk.loop();
  Explanation loop{Mechanism::routing_loop, 1, place_by_meetings(the_case, walk, died), {}, {}, ""};
  if (died)
    loop.because.push_back({say("A SYN sent with {} {} died on the way: {} says time exceeded.",
                                limit_word(the_case), full_hop_limit.value, died->from),
                            {died->frame}});
  if (met)
    loop.because.push_back({say("The walk meets the same router at hop {} and again at hop {}: the "
                                "packets go round.",
                                met->first, met->met_again),
                            rounds(walk, *met)});
  else if (const auto hop = met_at(the_case, died))
    loop.because.push_back(
        {say("The same router stands at hop {}: the packets come back to it.", *hop),
         {the_case.time_exceeded_at(*hop)->frame}});
  const bool behind = died && died->from == the_case.owner();
  loop.settled_by =
      behind ? say("the routes to the host to which {} passes the port, on the routers named: each "
                   "sends it to the other.",
                   the_case.owner())
             : say("the routes to {} on the routers named: each sends it to the other.",
                   the_case.owner());
  return loop;
}

/// SYNs that went round, and that got there.
struct Ways {
  std::vector<const Exchange*> round, through;
};

Ways ways_of(const Case& the_case, Aim aim) {
  Ways ways;
  for (const auto* syn : the_case.probes(ProbeKind::syn, aim)) {
    if (went_round(*syn)) ways.round.push_back(syn);
    if (std::ranges::any_of(syn->replies, is_let_through)) ways.through.push_back(syn);
  }
  return ways;
}

bool is_accepted(const Exchange* syn) {
  return std::ranges::count(syn->replies, ReplyKind::syn_ack, &Reply::kind) > 0;
}

/// Routes go by the address. Where of the SYNs to another port of it some go round and some do not,
/// those to this port had luck so far.
bool had_luck(const Ways& port, const Ways& another) {
  return port.round.empty() && !another.round.empty() && !another.through.empty() &&
         std::ranges::any_of(port.through, is_accepted);
}

Evidence counted(const Case& the_case, const Ways& ways, Aim aim) {
  auto packets = frames(ways.round);
  const auto others = frames(ways.through);
  packets.insert(packets.end(), others.begin(), others.end());
  const auto port = aim == Aim::target ? port_of(the_case) : the_case.run.goal.control_port;
  return {
      say("{} SYN{} to port {} died on the way with all {} hops spent, and {} got through: some "
          "of the ways to the host go round, others do not.",
          ways.round.size(), plural(ways.round.size()), port, full_hop_limit.value,
          ways.through.size()),
      std::move(packets)};
}

Evidence lucky(const Case& the_case, const Ways& ways) {
  return {say("All {} SYNs to port {} that were answered got through, but they go to the same "
              "address: the next one may go round.",
              ways.through.size(), port_of(the_case)),
          frames(ways.through)};
}

/// Those that get there meet a closed port, or whoever refuses: a fault of its own.
void add_refusal(const Case& the_case, const Ways& ways, Finding& finding) {
  if (std::ranges::any_of(ways.through, is_accepted)) return;
  const auto kept = without(
      the_case, [](const Exchange& one) { return is_syn(one, Aim::target) && went_round(one); });
  add_beside(finding, judge_refused(make_case(the_case, kept)),
             {say("A fault of its own beside the loop: SYNs that got through were refused."),
              frames(ways.through)});
}

}  // namespace

std::optional<Finding> judge_loop_on_some_ways(const Case& the_case) {
  if (!death_of_full_length(the_case.target) && !death_of_full_length(the_case.control)) return {};
  const auto port = ways_of(the_case, Aim::target), another = ways_of(the_case, Aim::control);
  const bool by_luck = had_luck(port, another);
  if (port.through.empty() || (port.round.empty() && !by_luck)) return {};
  // Only the walk of a flow that goes round shows where.
  const auto kept = without(the_case, [&](const Exchange& one) {
    const auto same_flow = [&](const Exchange* other) { return other->spec.flow == one.spec.flow; };
    return one.spec.question.kind == ProbeKind::syn &&
           std::ranges::none_of(port.round, same_flow) &&
           std::ranges::none_of(another.round, same_flow);
  });
  const auto alone = make_case(the_case, kept);
  const auto& walk = round_walk(alone);
  const auto& round = by_luck ? another.round : port.round;
  const auto& died =
      *std::ranges::find(round.front()->replies, ReplyKind::time_exceeded, &Reply::kind);
  auto loop = loop_explained(alone, &died, walk);
  if (by_luck) loop.because.insert(loop.because.begin(), lucky(the_case, port));
  loop.because.insert(loop.because.begin(), by_luck ? counted(the_case, another, Aim::control)
                                                    : counted(the_case, port, Aim::target));
  Finding finding{
      Outcome::intermittent, {std::move(loop)}, by_luck ? Confidence::weak : confidence_of(walk)};
  if (alone.target.loop())
    finding.way = {routers_met(alone.target), build_path(alone.target, the_case.control, {})};
  add_refusal(the_case, port, finding);
  return finding;
}

std::optional<Finding> judge_loop(const Case& the_case) {
  const auto* died = death_of_full_length(the_case.target);
  const auto& walk = round_walk(the_case);
  if (!died && !walk_goes_round(the_case, walk)) return {};
  return Finding{Outcome::unreachable, {loop_explained(the_case, died, walk)}, confidence_of(walk)};
}

}  // namespace hopblame
