#include "analysis/verdict/kept_back.hpp"

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/rejection_causes.hpp"
#include "analysis/verdict/silence_witnesses.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Somebody on this machine asked the same port just before, and his packets waited first for the
/// neighbour that is not found. Nothing proves that the message is about them: it decides nothing.
struct ToldAnother {
  Evidence evidence;
  std::optional<std::uint8_t> by;  ///< the hop that says so, as far from here as it always is
};

std::optional<std::uint8_t> speaking_hop(const Case& the_case, const Observation& message) {
  const auto hop = the_case.hop_of(message.flow.source.address);
  const auto* passed = hop ? the_case.time_exceeded_at(*hop) : nullptr;
  return passed && passed->hop_limit == message.hop_limit ? hop : std::nullopt;
}

std::optional<ToldAnother> told_another(const Case& the_case) {
  const auto& run = the_case.run;
  const auto is_ours = [&](const Flow& flow) {
    return std::ranges::any_of(the_case.exchanges,
                               [&](const Exchange& one) { return one.spec.flow == flow; });
  };
  for (const auto& seen : run.observations) {
    const auto* error = std::get_if<IcmpError>(&seen.message);
    if (!error || !error->quote || is_foreign(run)) continue;
    const auto& flow = error->quote->flow;
    const bool of_this_machine = flow.transport == Transport::tcp &&
                                 flow.source.address == run.facts.vantage.local &&
                                 flow.destination == run.goal.target;
    if (!of_this_machine || is_ours(flow)) continue;
    if (!is_host_unreachable(the_case.owner().family, error->type, error->code)) continue;
    return ToldAnother{
        {say("{} says \"{}\" of another connection from here to the same port, which "
             "seems to have been tried just before; such messages are few a second, and "
             "none may have been left for these SYNs.",
             seen.flow.source.address, IcmpCode{the_case.owner().family, error->type, error->code}),
         {seen.frame}},
        speaking_hop(the_case, seen)};
  }
  return {};
}

/// A hop sent its message about one flow's packet, and nobody answered the other's.
bool heeds_one_flow(const Case& the_case) {
  const auto tells = [](const Step& step) { return !step.time_exceeded.empty(); };
  const auto mute = [](const Step& step) {
    return step.time_exceeded.empty() && step.ends.empty();
  };
  return std::ranges::any_of(the_case.target.steps, [&](const auto& entry) {
    const auto& [distance, step] = entry;
    const auto found = the_case.control.steps.find(distance);
    if (found == the_case.control.steps.end()) return false;
    const auto& other = found->second;
    return (tells(step) && mute(other)) || (mute(step) && tells(other));
  });
}

/// Messages of routers that were due did not come: one about the host may be among them.
bool are_messages_spent(const Case& the_case) {
  return answers_of_routers(the_case).lost > 0 || heeds_one_flow(the_case);
}

}  // namespace

std::optional<Explanation> host_down_unheard(const Case& the_case, const SilenceFacts& facts) {
  const auto told = told_another(the_case);
  const bool behind = facts.forwarded;
  if (!told && (behind || !are_messages_spent(the_case))) return {};
  auto because = behind ? about_the_silence(the_case, facts) : nothing_beyond(the_case, facts);
  because.push_back(told ? told->evidence
                         : Evidence{say("A router that does not find the host says so, but such "
                                        "messages are few, and of those that were due here some "
                                        "did not come."),
                                    {}});
  Explanation down{Mechanism::host_down,
                   2,
                   behind ? gap_after(the_case, facts) : end_of_all(the_case, facts),
                   std::move(because),
                   {},
                   say("the ARP or neighbour table of the last router named, and the machine "
                       "itself: is it on?")};
  // The last that passes these SYNs says it itself.
  if (told && !behind && told->by && told->by >= facts.passed) {
    down.rank = 1;
    down.where = missing_machine(the_case, static_cast<std::uint8_t>(*told->by + 1));
  }
  return down;
}

std::optional<Explanation> route_unheard(const Case& the_case, const SilenceFacts& facts) {
  if (!are_messages_spent(the_case)) return {};
  auto because = nothing_beyond(the_case, facts);
  because.push_back({say("A router without a route to the host says so, but such messages are few, "
                         "and of those that were due here some did not come."),
                     {}});
  return Explanation{
      Mechanism::no_route,
      2,
      end_of_all(the_case, facts),
      std::move(because),
      {},
      say("`ip route get {}` (or `show ip route`) on the devices named.", the_case.owner())};
}

}  // namespace hopblame
