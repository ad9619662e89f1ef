#include "analysis/verdict/loop.hpp"

#include <algorithm>

#include "analysis/verdict/place.hpp"
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
const Reply* death_of_full_length(const Case& the_case) {
  const auto full = the_case.target.steps.find(full_hop_limit.value);
  if (full == the_case.target.steps.end() || full->second.time_exceeded.empty()) return nullptr;
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

/// From the router met twice to the one before it is met again; where that one says nothing, it may
/// be the silent hop before as well.
Where place_of_loop(const Case& the_case, const Walk& walk, const Walk::Loop& loop) {
  const auto last = static_cast<std::uint8_t>(loop.again - 1);
  const auto before = static_cast<std::uint8_t>(loop.first - 1);
  const auto silent = [&](std::uint8_t hop) { return !walk.time_exceeded_at(hop); };
  const bool either = before >= 1 && silent(before) && silent(last);
  return within(the_case, either ? before : loop.first, last);
}

Explanation loop_explained(const Case& the_case, const Reply* died, const Walk& walk) {
  const auto met = walk.loop();
  const auto where = met ? place_of_loop(the_case, walk, *met) : within(the_case, 1, std::nullopt);
  Explanation loop{Mechanism::routing_loop, 1, where, {}, {}, ""};
  if (died)
    loop.because.push_back({say("A SYN sent with {} {} died on the way: {} says time exceeded.",
                                limit_word(the_case), full_hop_limit.value, died->from),
                            {died->frame}});
  if (met)
    loop.because.push_back({say("The walk meets the same router at hop {} and again at hop {}: the "
                                "packets go round.",
                                met->first, met->again),
                            rounds(walk, *met)});
  const bool behind = died && died->from == the_case.owner();
  loop.settled_by =
      behind ? say("the routes to the host to which {} passes the port, on the routers named: each "
                   "sends it to the other.",
                   the_case.owner())
             : say("the routes to {} on the routers named: each sends it to the other.",
                   the_case.owner());
  return loop;
}

}  // namespace

std::optional<Finding> judge_loop(const Case& the_case) {
  const auto* died = death_of_full_length(the_case);
  const auto& walk = round_walk(the_case);
  if (!died && !walk_goes_round(the_case, walk)) return {};
  return Finding{Outcome::unreachable,
                 {loop_explained(the_case, died, walk)},
                 walk.loop() ? Confidence::strong : Confidence::weak};
}

}  // namespace hopblame
