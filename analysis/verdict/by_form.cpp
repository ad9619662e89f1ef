#include "analysis/verdict/by_form.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/model/level.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/forms.hpp"
#include "analysis/verdict/accepted.hpp"
#include "analysis/verdict/accepted_case.hpp"
#include "analysis/verdict/connect_form.hpp"
#include "analysis/verdict/dropped.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/rejected.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// However they part, no split of fewer is as improbable as level::by_connect: seven SYNs part in
/// 35 ways, eight in 70.
constexpr std::size_t fewest_tries = 8;

struct Difference {
  Forms forms;
  Split split = Split::by_mark;
  bool for_ecn = false;  ///< connect() alone asked for it, and was turned away
  /// Only what its options say differs, or it was turned away alone: it may be its flow that
  /// decides.
  bool doubtful = false;
};

bool asked_enough(const Case& the_case) {
  std::size_t tries = 0;
  for (const auto& exchange : the_case.exchanges)
    if (exchange.spec.question.aim == Aim::target) tries += exchange.left.size();
  return tries >= fewest_tries;
}

bool is_turned_away_alone(const Forms& alone) {
  const bool turned_away = alone.ordinary == SynFate::reset || alone.ordinary == SynFate::rejected;
  return turned_away && alone.marked == SynFate::accepted && alone.chance < level::by_ecn;
}

/// Not in the way and the name of those that accept the others, as one of several machines behind
/// the address would: somebody on the way does it.
bool is_turned_away_on_the_way(const Case& the_case) {
  const auto accepted = accepted_of(the_case);
  if (!accepted || !the_case.kernel_syn || !the_case.kernel_syn->answered()) return false;
  const auto& answer = the_case.kernel_syn->replies.front();
  return answer.from != the_case.owner() ||
         return_hops(answer.hop_limit) != return_hops(accepted->reply->hop_limit);
}

/// Of connect() against all others.
std::optional<Difference> difference_of_connect(const Case& the_case, const Forms& alone) {
  const bool unlike = connect_is_unlike_ours(the_case);
  const bool silence = alone.ordinary == SynFate::silent || alone.marked == SynFate::silent;
  // No limit and no ban lets those before and after it through, and never one of its own.
  const bool only_it_is_silent =
      alone.ordinary == SynFate::silent && alone.marked == SynFate::accepted;
  if (silence && alone.chance < level::by_connect && (unlike || only_it_is_silent))
    return Difference{alone, Split::connect_alone, false, !unlike};
  if (!is_turned_away_alone(alone)) return {};
  if (!unlike && !is_turned_away_on_the_way(the_case)) return {};
  const bool for_ecn = unlike && connect_asks_for_ecn(the_case);
  return Difference{alone, Split::connect_alone, for_ecn, !for_ecn};
}

std::optional<Difference> difference_of(const Case& the_case) {
  if (!asked_enough(the_case)) return {};
  const auto flows = flows_to(the_case.exchanges, Aim::target);
  const auto by_mark = forms_of(flows);
  if (by_mark && by_mark->unmarked >= 2 && by_mark->chance < level::by_form)
    return Difference{*by_mark};
  const auto alone = forms_of(flows, Split::connect_alone);
  return alone ? difference_of_connect(the_case, *alone) : std::nullopt;
}

/// The comparison port's answers are true; its silence, or a refusal like that of the probes, may
/// be for what they bear as well.
bool counts(const Exchange& exchange, const Difference& difference) {
  const auto aim = exchange.spec.question.aim;
  const bool ordinary =
      exchange.origin == Origin::kernel ||
      (difference.split == Split::by_mark && exchange.spec.traffic_class != probe_traffic_class);
  if (ordinary || aim == Aim::none) return true;
  const bool refused =
      difference.forms.marked == SynFate::reset || difference.forms.marked == SynFate::rejected;
  return aim == Aim::control && !refused && exchange.answered();
}

std::vector<Exchange> ordinary_only(const Case& the_case, const Difference& difference) {
  std::vector<Exchange> kept;
  std::ranges::copy_if(the_case.exchanges, std::back_inserter(kept),
                       [&](const Exchange& exchange) { return counts(exchange, difference); });
  return kept;
}

const char* met(SynFate fate) {
  switch (fate) {
    case SynFate::accepted: return "accepted";
    case SynFate::reset: return "refused";
    case SynFate::rejected: return "rejected";
    default: return "never answered";
  }
}

/// All have the same options.
Text values_in_words(const Case& the_case, std::string_view ours, std::string_view ordinary) {
  if (const auto mss = mss_unlike_ours(the_case))
    return say(
        "SYNs to port {} of our own are {}, those of connect(), which announce an MSS of {} where "
        "ours say {}, are {}, though sent between them: something on the way looks at that, or at "
        "another option, or takes this flow another way.",
        port_of(the_case), ours, mss->of_connect, mss->ours, ordinary);
  return say(
      "SYNs to port {} of our own are {}, those of connect() are {}, though sent between them: "
      "something on the way looks at what differs, as what an option says (the window scale), or "
      "takes this flow another way.",
      port_of(the_case), ours, ordinary);
}

Text difference_in_words(const Case& the_case, const Difference& difference) {
  const auto& forms = difference.forms;
  const std::string_view ours = met(forms.marked), ordinary = met(forms.ordinary);
  if (difference.for_ecn)
    return say(
        "SYNs to port {} that do not ask for ECN are {}, that of connect(), which does (ECE and "
        "CWR are set), is {}: something on the way looks at that.",
        port_of(the_case), ours, ordinary);
  if (difference.split == Split::connect_alone && !connect_is_unlike_ours(the_case))
    return values_in_words(the_case, ours, ordinary);
  if (difference.split == Split::connect_alone)
    return say(
        "SYNs to port {} with the usual TCP options are {}, those of connect(), which differ "
        "in options or ask for ECN, are {}: something on the way looks at that.",
        port_of(the_case), ours, ordinary);
  return fmt::format(
      "SYNs to port {} whose {} is 0x{:02x} are {}, those of ordinary programs, with 0, are {}: "
      "something on the way looks at it.",
      port_of(the_case), the_case.owner().family == Family::ipv4 ? "ToS" : "traffic class",
      probe_traffic_class, ours, ordinary);
}

/// The one look that tells ECN from a way or machine that connect() alone met.
Text try_without_ecn() {
  return say(
      "another try with ECN turned off here (`sudo sysctl net.ipv4.tcp_ecn=0`): if it gets "
      "through, the two flags decide.");
}

/// The one look that tells the options from a way or machine that connect() alone met.
Text try_with_usual_options() {
  return say(
      "another try with the usual options here (`sysctl net.ipv4.tcp_timestamps net.ipv4.tcp_sack "
      "net.ipv4.tcp_window_scaling`: each is 1): if it gets through, they decide.");
}

/// The same where it has the usual options already.
Text try_again() {
  return say(
      "a few more tries of a program: if all are refused, what its SYN says decides; if some get "
      "through, it is the way or the machine that each meets.");
}

}  // namespace

std::optional<Evidence> told_by_form(const Case& the_case) {
  const auto difference = difference_of(the_case);
  if (!difference) return {};
  std::vector<FrameId> packets;
  for (const auto& flow : flows_to(the_case.exchanges, Aim::target))
    packets.push_back(flow.tries.front().exchange->left.front());
  return Evidence{difference_in_words(the_case, *difference), std::move(packets)};
}

std::optional<Finding> judge_by_form(const Case& the_case) {
  const auto difference = difference_of(the_case);
  if (!difference) return {};
  const auto evidence = ordinary_only(the_case, *difference);
  const auto ordinary = make_case(the_case, evidence);
  for (const auto judge : {judge_refused, judge_accepted, judge_rejected, judge_dropped}) {
    auto finding = judge(ordinary);
    if (!finding) continue;
    finding->probes_fare_otherwise = true;
    finding->confidence =
        std::min(finding->confidence, difference->doubtful ? Confidence::weak : Confidence::strong);
    const bool refused = difference->forms.ordinary != SynFate::silent;
    for (auto& explanation : finding->explanations) {
      if (explanation.rank != 1) continue;
      explanation.because.push_back(*told_by_form(the_case));
      if (difference->for_ecn)
        explanation.settled_by = try_without_ecn();
      else if (difference->doubtful && refused)
        explanation.settled_by =
            connect_is_unlike_ours(the_case) ? try_with_usual_options() : try_again();
    }
    return finding;
  }
  return {};
}

}  // namespace hopblame
