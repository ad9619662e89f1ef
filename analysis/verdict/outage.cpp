#include "analysis/verdict/outage.hpp"

#include <algorithm>
#include <iterator>

#include "analysis/model/in_order.hpp"
#include "analysis/model/level.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/verdict/ban_place.hpp"
#include "analysis/verdict/change_for_good.hpp"
#include "analysis/verdict/dropped.hpp"
#include "analysis/verdict/fault_ended.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/tries.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

using Tries = std::vector<Try>;

/// What a burst loses is over sooner, and so is what a router drops while it looks for a neighbour
/// that answers.
constexpr Duration no_burst = std::chrono::milliseconds(200);

Tries of_both(const Case& the_case) {
  auto tries = tries_of(the_case, Aim::target);
  const auto others = tries_of(the_case, Aim::control);
  tries.insert(tries.end(), others.begin(), others.end());
  put_in_order(tries, &Try::at);
  return tries;
}

bool has_both(Tries::const_iterator first, Tries::const_iterator last) {
  const auto is_of = [&](Aim aim) {
    return std::any_of(first, last,
                       [&](const Try& one) { return one.exchange->spec.question.aim == aim; });
  };
  return is_of(Aim::target) && is_of(Aim::control);
}

/// Were they lost by chance, all that is lost would seldom be the first.
bool is_chance(const Tries& tries, Tries::const_iterator change) {
  const auto silent = static_cast<unsigned>(change - tries.begin());
  const auto answered = static_cast<unsigned>(tries.end() - change);
  return chance_to_be_spared({silent, silent}, {answered, 0}) >= level::limit_on_all;
}

std::optional<Tries::const_iterator> end_of_outage(const Tries& tries) {
  const auto change = change_for_good(tries, is_answered);
  if (!change || is_chance(tries, *change)) return {};
  if (!has_both(tries.begin(), *change) || !has_both(*change, tries.end())) return {};
  if (std::prev(*change)->at - tries.front().at < no_burst) return {};
  return change;
}

Evidence in_words(const Tries& tries, Tries::const_iterator change) {
  const auto silent = static_cast<unsigned>(change - tries.begin());
  const auto answered = static_cast<unsigned>(tries.end() - change);
  return {
      say("The first {} SYNs, to both ports, got no answer, for {} s; from {} s after the first "
          "on every one did ({}): whatever was at fault ended while we asked. Loss would have "
          "gone on.",
          silent, Seconds{std::prev(change)->at - tries.front().at},
          Seconds{change->at - tries.front().at}, answered),
      frames_around(tries, change)};
}

bool can_arrive(const Walk& walk, HopLimit hops) {
  const auto end = walk.first_end();
  return end && hops.value >= *end && walk.steps.at(*end).ends.front()->segment;
}

/// Those with fewer hops, but enough to arrive, that were lost as well after the last one of full
/// length, before any was answered.
std::vector<const Exchange*> shorter_lost(const Case& the_case, TimePoint last, TimePoint change) {
  std::vector<const Exchange*> asked;
  for (const auto* walk : {&the_case.target, &the_case.control})
    for (const auto& [hops, step] : walk->steps)
      if (can_arrive(*walk, HopLimit{hops}))
        std::ranges::copy_if(step.exchanges, std::back_inserter(asked), [&](const Exchange* one) {
          return one->at > last && one->at < change;
        });
  put_in_order(asked, [](const Exchange* one) { return one->at; });
  asked.erase(std::ranges::find_if(asked, &Exchange::answered), asked.end());
  return asked;
}

Evidence shorter_in_words(const Tries& tries, const std::vector<const Exchange*>& shorter) {
  return {
      say("{} SYN{} with fewer hops, but enough to arrive, got none either, the last one {} s "
          "after the first.",
          shorter.size(), plural(shorter.size()), Seconds{shorter.back()->at - tries.front().at}),
      frames(shorter)};
}

/// How far the host is was seen when all was well again.
void end_at_host(const Case& the_case, Where& where) {
  const auto host = host_distance(the_case);
  if (!host || where.last_hop || !where.first_hop) return;
  where = where.kind == CulpritKind::destination || *where.first_hop >= *host
              ? at_destination(the_case, host)
              : within(the_case, *where.first_hop, host);
}

/// Every answer since was a RST: that is what programs meet now, and what has to be mended.
bool is_refused_since(const Case& the_case) {
  const auto tries = tries_of(the_case, Aim::target);
  return std::ranges::all_of(tries, [](const Try& one) {
    return one.result == TryResult::reset || one.result == TryResult::silent;
  });
}

/// What was silent before is over.
std::optional<Finding> refused_after(const Case& the_case, const Finding& silence,
                                     const Evidence& told) {
  auto finding = judge_refused(the_case);
  if (!finding) return {};
  add_beside(*finding, silence, told);
  finding->confidence = std::min(finding->confidence, Confidence::strong);
  return finding;
}

}  // namespace

std::optional<Finding> judge_outage(const Case& the_case) {
  // What a stranger's program did between its attempts is not known.
  if (is_foreign(the_case.run)) return {};
  const auto tries = of_both(the_case);
  const auto change = end_of_outage(tries);
  if (!change) return {};
  // What is asked between the last silence and the first answer may find all well again.
  const auto last = std::prev(*change)->at;
  const auto shorter = shorter_lost(the_case, last, (*change)->at);
  const auto over = (shorter.empty() ? last : shorter.back()->at) + Duration{1};
  const auto kept = asked_before(the_case, over, [](const Exchange&) { return true; });
  auto finding = judge_dropped(make_case(the_case, kept));
  if (!finding) return {};
  auto told = list_of(in_words(tries, *change));
  if (!shorter.empty()) told.push_back(shorter_in_words(tries, shorter));
  for (auto& explanation : finding->explanations) end_at_host(the_case, explanation.where);
  if (is_refused_since(the_case)) return refused_after(the_case, *finding, told.front());
  for (auto& explanation : finding->explanations)
    explanation.because.insert(explanation.because.begin(), told.begin(), told.end());
  finding->outcome = Outcome::intermittent;
  finding->confidence = Confidence::weak;
  return finding;
}

}  // namespace hopblame
