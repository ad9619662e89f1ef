#include "analysis/verdict/loop.hpp"

#include <fmt/format.h>

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

}  // namespace

std::optional<Finding> judge_loop(const Case& the_case) {
  const auto full = the_case.target.steps.find(full_hop_limit.value);
  if (full == the_case.target.steps.end() || full->second.time_exceeded.empty()) return {};
  const auto& last = *full->second.time_exceeded.front();
  if (last.from == the_case.owner()) return {};  // a forwarding device in front of the host
  const auto loop_met = the_case.target.loop();
  const Where where =
      loop_met ? within(the_case, loop_met->first, static_cast<std::uint8_t>(loop_met->again - 1))
               : within(the_case, 1, std::nullopt);
  Explanation loop{Mechanism::routing_loop, 1, where, {}, {}, ""};
  loop.because.push_back(
      {fmt::format("A SYN sent with {} {} died on the way: {} says time exceeded.",
                   limit_word(the_case), full_hop_limit.value, to_string(last.from)),
       {last.frame}});
  if (loop_met)
    loop.because.push_back(
        {fmt::format("The walk meets the same router at hop {} and again at hop {}: the "
                     "packets go round.",
                     loop_met->first, loop_met->again),
         rounds(the_case.target, *loop_met)});
  loop.settled_by =
      fmt::format("the routes to {} on the routers named: each sends it to the other.",
                  to_string(the_case.owner()));
  return Finding{
      Outcome::unreachable, {std::move(loop)}, loop_met ? Confidence::strong : Confidence::weak};
}

}  // namespace hopblame
