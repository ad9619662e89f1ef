#include "analysis/verdict/limit_place.hpp"

#include <algorithm>

#include "analysis/model/level.hpp"
#include "analysis/path/border.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/path/passages.hpp"
#include "analysis/verdict/ban_place.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/place.hpp"

namespace hopblame {
namespace {

/// The nearest hop that is missed on the way to the port and not on that to the other one, though
/// it had an answer to give.
std::optional<std::uint8_t> first_missed(const Case& the_case) {
  for (const auto& [hop, step] : the_case.target.steps) {
    if (hop >= full_hop_limit.value) break;
    const bool missed = std::ranges::any_of(step.exchanges, [&](const Exchange* syn) {
      return !syn->answered() && is_fair(the_case, *syn);
    });
    if (missed && the_case.time_exceeded_at(hop) &&
        asked_between(the_case.control, hop, hop).lost == 0)
      return hop;
  }
  return {};
}

/// No answer of the other port or of a router on the way to it got lost.
bool is_lossless(const Case& the_case) {
  auto answers = direct_answers(the_case.control);
  for (const auto& [hop, step] : the_case.control.steps)
    if (hop < full_hop_limit.value && the_case.time_exceeded_at(hop))
      answers += asked_between(the_case.control, hop, hop);
  return answers.lost == 0;
}

/// Where packets get lost a single one that is missed is no sign: the nearest hop before which more
/// were missed than chance takes.
std::uint8_t end_of_place(const Case& the_case, std::uint8_t begin, std::uint8_t host) {
  const auto beyond_chance = [&](std::uint8_t last) {
    return chance_to_be_spared(asked_between(the_case.target, begin, last),
                               asked_between(the_case.control, begin, last)) < level::place;
  };
  const auto before_host = static_cast<std::uint8_t>(host - 1);
  if (is_lossless(the_case)) return beyond_chance(before_host) ? begin : host;
  for (auto hop = begin; hop <= before_host; ++hop)
    if (beyond_chance(hop)) return hop;
  return host;
}

/// A limit lets the first of a burst pass, all of them, so that many may have passed it and died
/// beyond: that is no luck. The nearest hop where one would have treated all that pass it as well
/// as the one at `first` does, or as well as chance loss lets it look.
std::uint8_t nearest_limit(const Case& the_case, std::uint8_t first) {
  const auto passages = [&](std::uint8_t hop) {
    return passages_beyond(the_case.exchanges, hop, Aim::target);
  };
  const auto fewest = misfits_of_best_limit(passages(first));
  const bool lossless = is_lossless(the_case);
  for (std::uint8_t hop = 1; hop < first; ++hop) {
    const auto passed = passages(hop);
    if (misfits_of_best_limit(passed) <= fewest || (!lossless && !fits_no_limit(passed)))
      return hop;
  }
  return first;
}

}  // namespace

Where limit_place(const Case& the_case) {
  const auto host = host_distance(the_case);
  if (!host) return within(the_case, last_router(the_case).value_or(1), host);
  const auto& walk = the_case.target;
  const auto begin = std::min(first_missed(the_case).value_or(*host), *host);
  const auto beyond = asked_between(walk, begin, full_hop_limit.value);
  const double share =
      beyond.due == 0 ? 1 : static_cast<double>(beyond.due - beyond.lost) / beyond.due;
  const auto first = nearest_place_of_rule(
      begin, share, [&](std::uint8_t hop) { return asked_between(walk, hop, hop); });
  return within(the_case, nearest_limit(the_case, first), end_of_place(the_case, begin, *host));
}

}  // namespace hopblame
