#include "analysis/verdict/fault_ended.hpp"

#include <algorithm>
#include <utility>

#include "analysis/model/level.hpp"
#include "analysis/path/attempts.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/change_for_good.hpp"
#include "analysis/verdict/dropped.hpp"
#include "analysis/verdict/first_lost.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

using Tries = std::vector<Try>;

bool is_to_port(const Exchange& exchange) { return exchange.spec.question.aim == Aim::target; }

/// Of a connect() that got through in the end, its SYNs before that.
Exchange as_before(const Exchange& exchange) {
  auto before = exchange;
  before.left.resize(std::max(1u, silent_copies(exchange)));
  before.replies.clear();
  before.own_reset.reset();
  return before;
}

/// A SYN with few hops met somebody in that time: then it was not silence that ended.
bool has_met_somebody(const std::vector<Exchange>& kept) {
  return std::ranges::any_of(kept, [](const Exchange& one) {
    const auto& question = one.spec.question;
    return question.kind == ProbeKind::syn && question.aim == Aim::target &&
           std::ranges::any_of(one.replies, [](const Reply& reply) {
             return reply.kind != ReplyKind::time_exceeded;
           });
  });
}

Evidence in_words(const Case& the_case, const Tries& tries, Tries::const_iterator change) {
  const auto silent = static_cast<unsigned>(change - tries.begin());
  const auto answered = static_cast<unsigned>(tries.end() - change);
  return {say("The first {} SYNs to port {} got no answer, for {} s; from {} s after the first on "
              "every one did ({}): whatever was at fault ended while we asked.",
              silent, port_of(the_case), Seconds{std::prev(change)->at - tries.front().at},
              Seconds{change->at - tries.front().at}, answered),
          frames_around(tries, change)};
}

Explanation as_limit(const Explanation& limit, Evidence change, bool rarer) {
  auto found = limit;
  found.rank = rarer ? 2 : 1;
  found.because = {std::move(change),
                   {"A limit on new connections that others had used up when we began looks like "
                    "this as well: else it lets the first ones through.",
                    {}}};
  return found;
}

/// One with fewer hops to go got through by then.
bool met_host_before(const Case& the_case, TimePoint at) {
  return std::ranges::any_of(attempts_of(the_case.target),
                             [&](const Attempt& one) { return one.answered && one.at <= at; });
}

}  // namespace

std::vector<FrameId> frames_around(const Tries& tries, Tries::const_iterator change) {
  std::vector<FrameId> packets;
  for (auto one = tries.begin(); one != change; ++one)
    if (packets.empty() || packets.back() != one->exchange->left.front())
      packets.push_back(one->exchange->left.front());
  packets.push_back(change->exchange->replies.front().frame);
  return packets;
}

std::vector<Exchange> asked_before(const Case& the_case, TimePoint change,
                                   bool (*concerns)(const Exchange&)) {
  std::vector<Exchange> kept;
  for (const auto& exchange : the_case.exchanges) {
    if (concerns(exchange) && exchange.at >= change) continue;
    const bool repeated = exchange.origin == Origin::kernel && has_due_answer(exchange);
    kept.push_back(repeated ? as_before(exchange) : exchange);
  }
  return kept;
}

std::optional<Evidence> told_by_interval(const Case& the_case, const Tries& tries) {
  const auto first = std::ranges::find_if(tries, is_answered);
  const auto silent = static_cast<unsigned>(first - tries.begin());
  if (first == tries.end() || silent == 0) return {};
  if (met_host_before(the_case, std::prev(first)->at)) return {};
  if (chance_to_be_spared({silent, silent}, others_of(the_case).answers) >= level::limit_or_ban)
    return {};
  return Evidence{
      say("The first {} SYNs to port {} got no answer, for {} s. Limits and bans let the first "
          "ones "
          "through, unless others have used up a limit: a rule, a link or a way that comes and "
          "goes looks like this as well.",
          silent, port_of(the_case), Seconds{std::prev(first)->at - tries.front().at}),
      {tries.front().exchange->left.front(), first->exchange->replies.front().frame}};
}

Text look_at_changes() {
  return say(
      "what changes there at such times: rules that a program sets, links that go down and up, "
      "routes that come and go (the logs of the devices on the way)");
}

void add_filter(Finding& finding, Evidence why, Text settled_by) {
  const auto& first = finding.explanations.front();
  finding.confidence = Confidence::weak;
  finding.explanations.push_back({Mechanism::filter_drop,
                                  1,
                                  first.where,
                                  list_of(first.because.front(), std::move(why)),
                                  {},
                                  std::move(settled_by)});
}

std::optional<Finding> judge_fault_ended(const Case& the_case, const Tries& tries,
                                         const Explanation& limit) {
  const auto change = change_for_good(tries, is_answered);
  if (!change) return {};
  // The other port's answers tell of the path at any time.
  const auto kept = asked_before(the_case, (*change)->at, is_to_port);
  if (has_met_somebody(kept)) return {};
  auto finding = judge_dropped(make_case(the_case, kept));
  if (!finding) return {};
  const auto told = in_words(the_case, tries, *change);
  for (auto& explanation : finding->explanations)
    explanation.because.insert(explanation.because.begin(), told);
  add_wants_same_again(the_case, **change, finding->explanations);
  // A single answer may be the one that a limit lets through now and then.
  finding->explanations.push_back(as_limit(limit, told, tries.end() - *change > 1));
  finding->outcome = Outcome::intermittent;
  finding->confidence = Confidence::weak;
  return finding;
}

}  // namespace hopblame
