#include "analysis/verdict/limit_rewritten.hpp"

#include <algorithm>

#include "analysis/path/odd_limits.hpp"
#include "analysis/verdict/answered_nearby.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

using Said = std::optional<Text>;

/// The fault may lie where the host's answers come from.
bool reaches_host(const Case& the_case, const Finding& finding) {
  return std::ranges::any_of(finding.explanations, [&](const Explanation& explanation) {
    const auto& [kind, first, last, address] = explanation.where;
    return !last || *last >= *the_case.host.distance;
  });
}

Said hidden_hops(const Case& the_case, const Finding& finding) {
  if (finding.outcome == Outcome::open || !the_case.may_hide_hops()) return {};
  if (!reaches_host(the_case, finding)) return {};
  const auto before = static_cast<std::uint8_t>(*the_case.host.distance - 1);
  const auto received = the_case.host.witness->hop_limit;
  const int began = received.value + return_hops(the_case.time_exceeded_at(before)->hop_limit) + 1;
  if (is_odd_hop_limit(began)) {
    if (return_hops(received) > the_case.run.goal.max_hops) return {};
    return say(
        "The answers of {} arrive with {} {}, as if it began at {}, which some stacks do, and they "
        "came over as many routers as our probes. Else they take a longer way, or something before "
        "it gives our probes a new {} and hides as many hops.",
        the_case.owner(), limit_word(the_case), received.value, static_cast<unsigned>(began),
        limit_word(the_case));
  }
  return say(
      "The answers of {} come back over {} routers more than those of {} before it: they take a "
      "longer way, or something there gives our probes a new {}, and as many hops before the host "
      "are hidden.",
      the_case.owner(), unsigned{the_case.extra_way_back()}, hop_named(the_case, before),
      limit_word(the_case));
}

Said rewritten_here(const Case& the_case) {
  const auto probe = std::ranges::find_if(the_case.exchanges, &Exchange::rewritten_here);
  if (probe == the_case.exchanges.end()) return {};
  return say(
      "This machine itself rewrites the {}: a probe sent with {} left with {}. The path "
      "cannot be walked from here, and only the ways back tell who answers.",
      limit_word(the_case), probe->spec.question.hop_limit.value, probe->left_with->value);
}

Said rewritten_beyond(const Case& the_case) {
  if (const auto* message = the_case.rejection_from_next())
    return say(
        "The message of {} passed no more routers on its way back than those of hop 1, although "
        "the "
        "packet that it quotes had passed several: something near rewrites the {} (a virtual "
        "machine's or container's own NAT), and nothing beyond it can be located.",
        message->from, limit_word(the_case));
  if (the_case.host_seems_next())
    return say(
        "Answers in the name of {} passed no router on their way back although our probes need to "
        "pass some: something near rewrites the {} (a rule of a router, a virtual machine's or "
        "container's own NAT), and nothing beyond it can be located.",
        the_case.owner(), limit_word(the_case));
  return say(
      "Answers in the name of {} arrive with {} {}, which does not fit the hop where they are met: "
      "something on the way rewrites the {}, and nothing beyond it can be located.",
      the_case.owner(), limit_word(the_case), the_case.host.witness->hop_limit.value,
      limit_word(the_case));
}

}  // namespace

/// An address beyond the gateway that answers a probe with one hop to live: something near answers
/// for it.
std::optional<Text> hop_limit_rewritten(const Case& the_case, const Finding& finding) {
  if (auto here = rewritten_here(the_case)) return here;
  if (the_case.answered_nearby) return told_of_nearby(the_case);
  if (the_case.hop_limits_rewritten()) return rewritten_beyond(the_case);
  if (auto hidden = hidden_hops(the_case, finding)) return hidden;
  const auto& vantage = the_case.run.facts.vantage;
  if (!vantage.gateway || vantage.target_is_local || the_case.target.first_end() != 1) return {};
  const auto& step = the_case.target.steps.at(1);
  if (step.ends.front()->from != the_case.owner() || *vantage.gateway == the_case.owner())
    return {};
  return say(
      "{} answers at hop 1, where the gateway is: it is an address of the gateway's own, or "
      "something near rewrites the {} or answers in its name (a virtual machine's or container's "
      "own NAT, a portal), and nothing beyond it can be located.",
      the_case.owner(), limit_word(the_case));
}

}  // namespace hopblame
