#include "analysis/verdict/steadiness.hpp"

#include <algorithm>

#include "analysis/model/level.hpp"
#include "analysis/path/attempts.hpp"
#include "analysis/path/held_back.hpp"
#include "analysis/verdict/ban_place.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/divided.hpp"
#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/fault_ended.hpp"
#include "analysis/verdict/first_lost.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/forward.hpp"
#include "analysis/verdict/full_queue.hpp"
#include "analysis/verdict/limit_on_all.hpp"
#include "analysis/verdict/limit_on_one.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/outage.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/refused.hpp"
#include "analysis/verdict/tries.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Their answers were lost, but no limit on the way dropped these.
unsigned arrived_unanswered(const Case& the_case) {
  const auto attempts = attempts_of(the_case.target);
  return static_cast<unsigned>(std::ranges::count_if(
      attempts, [](const Attempt& one) { return one.arrived && !one.answered; }));
}

/// One lost answer is nothing: neither a ban nor a limit shows in fewer.
constexpr unsigned least_silence = 3;

/// Three that chance would spare the control flow once in a hundred runs are. Once two of a burst
/// came through, a limit is a rarer guess.
bool beyond_chance(const Case& the_case, const Tally& target, const DueAnswers& others) {
  const double improbable =
      two_in_a_burst(attempts_of(the_case.target)) ? level::after_a_pair : level::limit_or_ban;
  const auto dropped = target.silent - std::min(target.silent, arrived_unanswered(the_case));
  return dropped >= least_silence &&
         chance_to_be_spared({target.asked, dropped}, others) < improbable;
}

/// Of each burst one got through, where loss would have let more.
bool one_a_burst(const Case& the_case, const Tally& target, const DueAnswers& others) {
  const DueAnswers itself{target.asked, target.silent};
  const double loss = (others.lost < others.due ? others : itself).loss();
  return target.silent >= least_silence &&
         chance_of_one_a_burst(attempts_of(the_case.target), loss) < level::limit_or_ban;
}

std::vector<const Exchange*> asked_of(const std::vector<Try>& tries) {
  std::vector<const Exchange*> asked;
  for (const auto& one : tries) asked.push_back(one.exchange);
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  return asked;
}

Evidence statistics(const Case& the_case, const Tally& target, const Others& others) {
  if (others.answers.due == 0)
    return {say("{} of {} SYNs to port {} got an answer; nothing else did.",
                target.asked - target.silent, target.asked, port_of(the_case)),
            frames(asked_of(tries_of(the_case, Aim::target)))};
  return {say("{} of {} SYNs to port {} got an answer; of {} {}, {} did.",
              target.asked - target.silent, target.asked, port_of(the_case), others.answers.due,
              others.name, others.answers.due - others.answers.lost),
          frames(asked_of(tries_of(the_case, Aim::target)))};
}

bool has_answers(const std::vector<Try>& tries) { return std::ranges::any_of(tries, is_answered); }

/// Sent after the first SYN that was swallowed, and answered: the comparison port is not shut.
bool other_port_answers(const Case& the_case, TimePoint first_silence) {
  return std::ranges::any_of(tries_of(the_case, Aim::control), [&](const Try& one) {
    return one.result == TryResult::reset && one.at > first_silence;
  });
}

/// For one port, or for what a device can keep of all connections (sessions, ports of a NAT).
Explanation slow_limit(const Case& the_case, const Explanation& like, bool port_alone) {
  auto looks_alike =
      port_alone ? say("Another port goes on answering. A rule that lets a few new connections to "
                       "port {} through in a minute, or so many at a time, looks like this until "
                       "the next one may pass.",
                       port_of(the_case))
                 : say("Flows that got through before still do. A device that has room for so many "
                       "connections of one client (sessions, ports of a NAT) looks like this "
                       "until some are forgotten.");
  return {Mechanism::rate_limit,
          1,
          like.where,
          {like.because.front(), {std::move(looks_alike), {}}},
          {},
          "the rules that count new connections (`limit`, `hashlimit`, `connlimit`, `recent`) on "
          "the host and on the routers before it: their counters grow while you try"};
}

/// A ban lets nobody pass any more; what was lost once and got farther later is a limit's, unless
/// chance took it.
void prefer_limit(const Case& the_case, std::uint8_t last_passed, Finding& finding) {
  auto& ban = finding.explanations.front();
  Explanation limit{
      Mechanism::rate_limit,
      1,
      within(the_case, last_passed, host_distance(the_case)),
      {ban.because.front(),
       {say("Since then a SYN that was to die behind hop {} got no answer from "
            "there, and a later one did: a slow limit on new connections lets one "
            "through now and then, a ban none.",
            last_passed),
        {}}},
      {},
      "the rules that count new connections (`limit`, `hashlimit`) on the named hops"};
  ban.rank = 2;
  std::erase_if(finding.explanations,
                [](const Explanation& one) { return one.mechanism == Mechanism::rate_limit; });
  finding.explanations.insert(finding.explanations.begin(), std::move(limit));
  finding.confidence = Confidence::weak;
}

/// Up to the last answer.
Text stopped_after(const std::vector<Try>& until_last) {
  const auto answered = static_cast<unsigned>(
      std::ranges::count_if(until_last, [](const Try& one) { return is_answered(one); }));
  const auto all = static_cast<unsigned>(until_last.size());
  const auto* stopped =
      "were answered; then the answers stopped and did not come back, as when a source is shut out "
      "on the way.";
  return answered == all ? say("The first {} {}", all, stopped)
                         : say("{} of the first {} {}", answered, all, stopped);
}

/// One answer is no pattern, and nobody who still answers shows that the way is whole.
bool may_be_broken_way(const Case& the_case, const std::vector<Try>& tries) {
  const auto others = others_of(the_case).answers;
  return std::ranges::count_if(tries, is_answered) < 2 && others.due == others.lost;
}

void doubt_ban(Finding& finding) {
  auto& ban = finding.explanations.front();
  ban.where = {CulpritKind::unknown, 1, {}, {}};
  Explanation broken{Mechanism::blackhole,
                     1,
                     ban.where,
                     {ban.because.front(),
                      {"A link or route that broke after the first answer looks the same.", {}}},
                     {},
                     "another try, and a ping of other addresses on that way"};
  finding.explanations.push_back(std::move(broken));
  finding.confidence = Confidence::weak;
}

Finding ban(const Case& the_case, Evidence counted, std::vector<Try> tries) {
  const auto last = std::find_if(tries.rbegin(), tries.rend(), is_answered);
  const bool port_alone = other_port_answers(the_case, last.base()->at);
  const auto [where, spares_old_flows, let_pass_again] = ban_of(the_case, last->at, !port_alone);
  Explanation found{Mechanism::probe_ban, 1, where, {std::move(counted)}, {}, ""};
  found.because.push_back({stopped_after({tries.begin(), last.base()}),
                           frames(*last->exchange, last->exchange->replies.front())});
  found.settled_by = look_at_bans();
  Finding finding{Outcome::intermittent, {std::move(found)}, Confidence::strong};
  if (may_be_broken_way(the_case, tries)) doubt_ban(finding);
  if (port_alone || spares_old_flows)
    finding.explanations.push_back(slow_limit(the_case, finding.explanations.front(), port_alone));
  if (let_pass_again) prefer_limit(the_case, *let_pass_again, finding);
  if (auto interval = told_by_interval(the_case, tries))
    add_filter(finding, std::move(*interval), look_at_changes());
  if (!port_alone) return finding;
  if (auto full = queue_filled(the_case)) finding.explanations.push_back(std::move(*full));
  return finding;
}

/// Nobody connects: those that are answered meet a fault of their own, a closed port or whoever
/// refuses.
std::optional<Finding> with_refusal(const Case& the_case, const Tally& target,
                                    std::vector<Try> tries, std::optional<Finding> finding) {
  if (!finding || target.accepted > 0 || target.reset == 0) return finding;
  std::erase_if(tries, [](const Try& one) { return one.result != TryResult::reset; });
  const auto all = [](const Exchange&) { return true; };
  add_refusal_beside(
      *finding, the_case, all,
      {say("A fault of its own beside the silence: {} SYN{} were answered, and none of them "
           "was let in.",
           target.reset, plural(target.reset)),
       frames(asked_of(tries))});
  return finding;
}

/// Whoever is to look for the rule has to know that there are two machines.
std::optional<Finding> with_forward(const Case& the_case, std::optional<Finding> finding) {
  if (!finding || !the_case.address_forwards()) return finding;
  auto& found = finding->explanations;
  if (!lists(found, Mechanism::port_forward))
    found.push_back(port_forward(the_case, at_destination(the_case, host_distance(the_case)),
                                 {found.front().because.front()}));
  return finding;
}

std::optional<Finding> limit_or_ban(const Case& the_case) {
  const auto target = tally_of(the_case, Aim::target);
  if (target.silent < least_silence) return {};
  const auto tries = tries_of(the_case, Aim::target);
  if (!has_answers(tries) || target.silent == target.asked) return {};
  // Whoever rejects by ICMP may send only so many messages: its silence between them is no rule.
  if (target.accepted + target.reset == 0) return {};
  const auto others = others_of(the_case);
  if (door_of(attempts_of(the_case.target), attempts_of(the_case.control)) == Door::shut)
    return with_refusal(the_case, target, tries,
                        ban(the_case, statistics(the_case, target, others), tries));
  if (!beyond_chance(the_case, target, others.answers) &&
      !one_a_burst(the_case, target, others.answers)) {
    // A flow that is never answered beside others that lose little shows in no share of all.
    auto finding = judge_limit_on_all(the_case);
    return finding ? finding : judge_perhaps_divided(the_case, level::flow_in_loss);
  }
  if (auto finding = judge_by_connection(the_case)) return finding;
  return with_refusal(the_case, target, tries,
                      limit_on_one(the_case, statistics(the_case, target, others), tries));
}

/// It looks like a limit or a ban where new flows follow each other.
std::optional<Finding> with_first_lost(const Case& the_case, std::optional<Finding> finding) {
  if (!finding || finding->outcome != Outcome::intermittent) return finding;
  auto dropper = drops_first(the_case, finding->explanations.front());
  if (!dropper || lists(finding->explanations, Mechanism::syn_filter)) return finding;
  finding->explanations.push_back(std::move(*dropper));
  finding->confidence = Confidence::weak;
  return finding;
}

}  // namespace

std::optional<Finding> judge_unsteady(const Case& the_case) {
  // Whose calls fail after seconds has not given all of them up yet, and takes SYNs of one flow for
  // one: silence beside that is no fault of its own.
  if (the_case.answered_nearby && are_held_back(the_case.exchanges)) return {};
  if (auto finding = judge_divided(the_case)) return finding;
  if (auto finding = judge_outage(the_case))
    return finding->outcome == Outcome::refused
               ? finding
               : with_refusal(the_case, tally_of(the_case, Aim::target),
                              tries_of(the_case, Aim::target), std::move(finding));
  return with_forward(the_case, with_first_lost(the_case, limit_or_ban(the_case)));
}

}  // namespace hopblame
