#include "analysis/verdict/divided.hpp"

#include <algorithm>

#include "analysis/path/branching.hpp"
#include "analysis/path/who_decides.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/divided_beside.hpp"
#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/divided_flows.hpp"
#include "analysis/verdict/divided_words.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/one_at_a_time.hpp"
#include "analysis/verdict/turned_away_later.hpp"

namespace hopblame {
namespace {

std::ptrdiff_t asked(const Case& the_case) {
  return std::ranges::count_if(
      the_case.exchanges, [](const Exchange& exchange) { return is_syn(exchange, Aim::target); });
}

/// By one device: each has its name and its way back.
bool turned_away_alike(const Contrast& contrast) {
  const Reply* first = nullptr;
  for (const auto& flow : contrast.others)
    for (const auto& one : flow.tries) {
      if (one.fate != contrast.fate || !one.exchange->answered()) continue;
      const auto& reply = one.exchange->replies.front();
      if (!first) first = &reply;
      if (reply.from != first->from || reply.hop_limit != first->hop_limit) return false;
    }
  return contrast.neither == 0;
}

/// Where one path is seen, and one answer beside the host's, a count of connections may decide.
bool may_count_flows(const Case& the_case, const Contrast& contrast) {
  return shuts_out_new_flows(contrast) && turned_away_alike(contrast) && answers_agree(contrast) &&
         !branches_at(the_case.target, the_case.control);
}

std::optional<Finding> judge_contrast(const Case& the_case, const std::vector<PortFlow>& flows,
                                      const Contrast& contrast) {
  if (!may_count_flows(the_case, contrast) &&
      is_by_flow(contrast, beside(the_case.exchanges, contrast))) {
    const auto judged = one_path(the_case, contrast.others);
    auto finding = judge_flows(the_case, judged, contrast,
                               counted(the_case, contrast) + who_decides(contrast));
    if (finding && contrast.fate != SynFate::silent)
      add_faults_beside(the_case, flows, judged.front(), *finding);
    return finding;
  }
  if (contrast.fate == SynFate::silent || !answers_agree(contrast)) return {};
  return judge_turned_away(the_case, contrast, counted(the_case, contrast) + '.');
}

}  // namespace

std::optional<Finding> judge_divided(const Case& the_case) {
  if (asked(the_case) < 2) return {};
  const auto flows = flows_to(the_case.exchanges, Aim::target);
  const auto contrast = contrast_of(flows);
  if (!contrast) return {};
  auto finding = judge_contrast(the_case, flows, *contrast);
  if (finding)
    add(finding->explanations, takes_one_at_a_time(the_case, *contrast, finding->explanations));
  return finding;
}

std::optional<Finding> judge_perhaps_divided(const Case& the_case, double level) {
  const auto contrast = contrast_of(flows_to(the_case.exchanges, Aim::target));
  if (!contrast || !leans_to_flow(*contrast, beside(the_case.exchanges, *contrast), level))
    return {};
  auto finding = judge_flows(the_case, one_path(the_case, contrast->others), *contrast,
                             counted(the_case, *contrast) +
                                 ", in turns. Those that were asked again nearly always fared as "
                                 "before, which no usual limit on new connections brings about: it "
                                 "looks as if the flow decides, but some answers got lost.");
  if (finding) finding->confidence = Confidence::weak;
  return finding;
}

std::optional<Finding> judge_by_connection(const Case& the_case) {
  const auto contrast = contrast_of(flows_to(the_case.exchanges, Aim::target));
  if (!contrast || !is_by_connection(*contrast)) return {};
  auto finding = judge_turned_away(
      the_case, *contrast,
      counted(the_case, *contrast) +
          ". A connection that was not answered at first was not answered later either, and a "
          "limit on new connections would hardly have chosen so: it looks as if they were dealt "
          "out to several machines behind the address.");
  // One that others use too may look like anything.
  if (finding && finding->explanations.back().mechanism == Mechanism::rate_limit)
    finding->explanations.back().rank = 2;
  return finding;
}

}  // namespace hopblame
