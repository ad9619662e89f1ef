#include "analysis/path/who_decides.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/model/level.hpp"
#include "analysis/path/limits.hpp"

namespace hopblame {
namespace {

/// All tries in the order in which they left.
std::vector<SynTry> in_turn(const Contrast& contrast, std::vector<SynTry> tries = {}) {
  for (const auto* flows : {&contrast.through, &contrast.others})
    for (const auto& flow : *flows) tries.insert(tries.end(), flow.tries.begin(), flow.tries.end());
  std::ranges::sort(tries, {},
                    [](const SynTry& one) { return std::pair(one.at, one.exchange->left.back()); });
  return tries;
}

/// A service that came or went, a ban and a limit change the answer once or for a while.
unsigned turns(const std::vector<SynTry>& tries, SynFate at_host) {
  unsigned count = 0;
  for (std::size_t i = 1; i < tries.size(); ++i)
    count += (tries[i].fate == at_host) != (tries[i - 1].fate == at_host);
  return count;
}

std::vector<Passage> passages_of(const std::vector<SynTry>& tries, SynFate at_host) {
  std::vector<Passage> passages;
  passages.reserve(tries.size());
  for (const auto& one : tries) passages.push_back({one.at, one.fate == at_host});
  return passages;
}

/// What was lost of the flows that are answered at all.
DueAnswers losses_of_answered(const std::vector<PortFlow>& flows) {
  DueAnswers sum;
  for (const auto& flow : flows) {
    if (!flow.raw || flow.fate == SynFate::silent) continue;
    sum.due += static_cast<unsigned>(flow.tries.size());
    sum.lost += flow.silences();
  }
  return sum;
}

/// No probe, and none of our flows, got answers of two kinds.
bool is_steady(const Contrast& contrast) {
  const auto steady = [](const PortFlow& flow) { return !flow.raw || flow.steady; };
  return answers_agree(contrast) && std::ranges::all_of(contrast.through, steady) &&
         std::ranges::all_of(contrast.others, steady);
}

std::vector<PortFlow> all_of(const Contrast& contrast) {
  auto flows = contrast.through;
  flows.insert(flows.end(), contrast.others.begin(), contrast.others.end());
  return flows;
}

struct Odds {
  double target = 1, both = 1;
};

Odds odds_of(const Contrast& contrast, const std::vector<PortFlow>& control) {
  const auto target = all_of(contrast);
  auto lost = losses_of_answered(target);
  lost += losses_of_answered(control);
  Odds odds;
  odds.target = odds.both = odds_of_flow(target, lost.loss());
  const bool divided = std::ranges::any_of(
      control, [](const PortFlow& flow) { return flow.fate == SynFate::silent; });
  if (divided) odds.both *= odds_of_flow(control, lost.loss());
  return odds;
}

/// The others keep silent, and chance is left with one in so many cases.
bool silences_follow_flow(const Contrast& contrast, const std::vector<PortFlow>& control,
                          double chance) {
  const auto tries = in_turn(contrast);
  const auto odds = odds_of(contrast, control);
  return is_steady(contrast) && odds.target > level::against_flow && odds.both * chance > 1 &&
         turns(tries, contrast.at_host) >= 3 && fits_no_limit(passages_of(tries, contrast.at_host));
}

}  // namespace

bool answers_agree(const Contrast& contrast) {
  const auto agrees = [](const PortFlow& flow) { return !flow.raced; };
  return std::ranges::all_of(contrast.through, agrees) &&
         std::ranges::all_of(contrast.others, agrees);
}

double odds_of_flow(const std::vector<PortFlow>& flows, double loss) {
  double of_ours = 0, swallowed = 0, tries = 0, silent = 0;
  for (const auto& flow : flows) {
    if (!flow.raw) continue;
    ++of_ours;
    swallowed += flow.fate == SynFate::silent;
    tries += static_cast<double>(flow.tries.size());
    silent += static_cast<double>(flow.silences());
  }
  const double dead = (swallowed + 0.5) / (of_ours + 1), share = (silent + 0.5) / (tries + 1);
  double odds = 1;
  for (const auto& flow : flows) {
    if (!flow.raw) continue;
    const auto lost = static_cast<double>(flow.silences());
    const auto got = static_cast<double>(flow.tries.size()) - lost;
    const auto chance = [&](double each) { return std::pow(each, lost) * std::pow(1 - each, got); };
    odds *= ((got == 0 ? dead : 0) + (1 - dead) * chance(loss)) / chance(share);
  }
  return odds;
}

Beside beside(std::span<const Exchange> exchanges, const Contrast& contrast) {
  Beside found{flows_to(exchanges, Aim::control), {}};
  const auto refusal = nearest_to_meet(contrast.others, contrast.fate);
  if (contrast.fate == SynFate::silent || !refusal) return found;
  for (const auto& exchange : exchanges) {
    const auto& [kind, aim, lane, hop_limit] = exchange.spec.question;
    if (kind != ProbeKind::syn || aim != Aim::target || hop_limit.value < *refusal) continue;
    if (exchange.answered() && exchange.replies.front().kind == ReplyKind::time_exceeded)
      found.passes.push_back({exchange.at, contrast.at_host, &exchange});
  }
  return found;
}

bool is_by_flow(const Contrast& contrast, const Beside& beside) {
  if (contrast.fate == SynFate::silent)
    return silences_follow_flow(contrast, beside.control, level::by_flow);
  const auto tries = in_turn(contrast, beside.passes);
  return is_steady(contrast) && turns(tries, contrast.at_host) >= 2 &&
         misfits_of_best_limit(passages_of(tries, contrast.at_host)) > 0;
}

bool shuts_out_new_flows(const Contrast& contrast) {
  auto last_through = TimePoint::min(), first_other = TimePoint::max();
  for (const auto& flow : contrast.through)
    last_through = std::max(last_through, flow.tries.front().at);
  for (const auto& flow : contrast.others)
    first_other = std::min(first_other, flow.tries.front().at);
  return contrast.fate != SynFate::silent && last_through < first_other;
}

bool leans_to_flow(const Contrast& contrast, const Beside& beside, double level) {
  return contrast.fate == SynFate::silent && silences_follow_flow(contrast, beside.control, level);
}

bool is_hardly_by_flow(const Contrast& contrast, const Beside& beside) {
  return contrast.fate == SynFate::silent &&
         odds_of(contrast, beside.control).target < level::against_flow;
}

bool is_by_connection(const Contrast& contrast) {
  if (contrast.fate != SynFate::silent || contrast.at_host != SynFate::accepted) return false;
  if (!answers_agree(contrast)) return false;
  unsigned asked_again = 0;
  for (const auto* flows : {&contrast.through, &contrast.others})
    for (const auto& flow : *flows) {
      if (!flow.raw) continue;
      for (std::size_t i = 1; i < flow.tries.size(); ++i) {
        if (flow.tries[i - 1].fate != SynFate::silent) continue;
        if (flow.tries[i].fate != SynFate::silent) return false;
        ++asked_again;
      }
    }
  const auto tries = in_turn(contrast);
  return asked_again >= 2 && turns(tries, contrast.at_host) >= 3 &&
         fits_no_limit(passages_of(tries, contrast.at_host));
}

bool fits_a_limit(const Contrast& contrast) {
  return contrast.fate == SynFate::silent &&
         misfits_of_best_limit(passages_of(in_turn(contrast), contrast.at_host)) == 0;
}

}  // namespace hopblame
