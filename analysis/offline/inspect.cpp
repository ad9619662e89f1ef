#include "analysis/offline/inspect.hpp"

#include <algorithm>
#include <utility>

#include "analysis/offline/at_the_end.hpp"
#include "analysis/offline/at_times.hpp"
#include "analysis/offline/by_flow.hpp"
#include "analysis/offline/examination.hpp"
#include "analysis/offline/flooded.hpp"
#include "analysis/offline/missed.hpp"
#include "analysis/offline/other_family.hpp"
#include "analysis/offline/rejected_always.hpp"
#include "analysis/offline/remarks.hpp"
#include "analysis/offline/stuck.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

/// A change that came once is news; one that comes and goes is the verdict, unless it is another
/// client each time.
bool comes_and_goes(const Target& target) { return target.changes > 1; }

/// It worked, and nobody hears one of the two ends any more: that a new one can be made does not
/// mend it, and it is no door that was closed before.
bool has_died(const Attempt& attempt) {
  return attempt.outcome == Outcome::silent_service && attempt.talk.spoke && is_stuck(attempt);
}

bool hides_death(const Target& target, const std::vector<Attempt>& sample) {
  return target.latest == Outcome::open && target.attempts.other > 0 &&
         std::ranges::any_of(sample, has_died);
}

std::optional<Outcome> in_question(const Target& target, bool changes, bool one_died) {
  if (changes) return target.worst;
  return one_died ? Outcome::silent_service : target.latest;
}

void count(Attempts& attempts, const Target& target) {
  if (target.attempts.total == 0) return;  // probes of a walk only: one question in all
  attempts = target.attempts.attempts();
  attempts.first = target.first;
  attempts.last = target.last;
  if (target.changes > 0) attempts.since = target.since;
}

/// Silence proves nothing where nobody could have seen an answer, or waited for it. A SYN that its
/// sender repeats got no answer that the sender saw.
bool proves_nothing(const Capture& capture, const Target& target, const Exhibits& exhibits,
                    const Verdict& verdict) {
  if (verdict.outcome != Outcome::dropped) return false;
  if (target.latest == Outcome::inconclusive) return true;
  if (capture.around.may_be_about(target.endpoint.address)) return true;
  if (target.repeated) return false;
  // Some answers are known to be missing, and none of them is there.
  if (target.answer_unseen && !target.seen) return true;
  if (!exhibits.local && !sees_inbound(capture, exhibits.client)) return true;
  // What was answered before and after is not turned away by a router for good.
  return capture.around.only_tcp() && exhibits.asked_once && !comes_and_goes(target);
}

/// What the packets are not enough for, or what they leave open.
bool leaves_open(const Exhibits& exhibits, std::optional<Outcome> outcome, const Verdict& verdict) {
  // What the server was asked before it ended the connection is not shown.
  const bool unasked = outcome == Outcome::inconclusive && verdict.outcome == Outcome::closed_early;
  return exhibits.half_open != HalfOpen::no || unasked;
}

void tell_that_it_changes(Verdict& verdict, Examination& examination, const Question& asked) {
  tell_of_stretch(verdict, asked.target, asked.sample, *asked.outcome);
  if (asked.outcome == Outcome::dropped && !verdict.explanations.empty())
    add(verdict.explanations.front().because,
        goes_by_flow(asked.target, asked.sample, asked.client));
  examination.add_faults_beside();
  verdict.outcome = Outcome::intermittent;
  verdict.culprit.confidence = Confidence::weak;
}

/// The client turned to another address of the name: nothing was waited for.
void tell_of_other_family(Analysis& analysis, const Question& asked) {
  auto other = went_on_by_other_family(asked.capture.book, asked.target, asked.sample);
  if (!other) return;
  auto& caveats = analysis.verdict.caveats;
  std::erase_if(caveats, [](const Caveat& caveat) { return caveat.id == CaveatId::short_run; });
  caveats.push_back({CaveatId::short_run, *std::move(other)});
  analysis.app_sees = {};
}

Inspection inspect(const Capture& capture, const Target& target,
                   const std::vector<Attempt>& sample) {
  const bool one_died = hides_death(target, sample);
  const auto rejected = comes_and_goes(target) ? rejected_always(target, sample) : std::nullopt;
  const bool changes = comes_and_goes(target) && !rejected;
  const auto outcome = rejected ? rejected : in_question(target, changes, one_died);
  const Question asked{capture, target, sample, outcome,
                       client_in_question(target, sample, outcome)};
  Inspection inspection;
  Examination examination(asked, inspection);
  examination.judge_as_run();
  examination.weigh_silence();
  examination.follow_connection();
  examination.look_for_limits();
  examination.doubt();
  examination.look_at_others();
  const auto& exhibits = examination.exhibits();
  auto& analysis = inspection.analysis;
  auto& verdict = analysis.verdict;
  if (verdict.outcome == Outcome::dropped && asks_no_more(capture, target, exhibits))
    analysis.app_sees = {};
  const bool unproven = proves_nothing(capture, target, exhibits, verdict);
  if (unproven || leaves_open(exhibits, outcome, verdict)) {
    verdict = {Outcome::inconclusive, {}, {}, std::move(verdict.caveats)};
    analysis.app_sees = {};
  }
  const bool by_client = capture.book.differs_by_client(target);
  if (by_client) tell_clients_apart(verdict, sample, *outcome, asked.client);
  if ((changes || one_died) && !by_client) tell_that_it_changes(verdict, examination, asked);
  count(analysis.attempts, target);
  if (unproven && verdict.outcome == Outcome::inconclusive)
    analysis.attempts.other += std::exchange(analysis.attempts.dropped, 0u);
  // The last change is no news where another client asked, nor where it is one of many.
  if (by_client || rejected || verdict.outcome == Outcome::intermittent)
    analysis.attempts.since = {};
  remark(verdict, capture, target, exhibits);
  if (auto undecided = undecided_at_end(capture, target, sample))
    verdict.caveats.push_back(*std::move(undecided));
  const bool asked_in_vain = verdict.outcome == Outcome::dropped || unproven;
  if (asked_in_vain && exhibits.asked_once) tell_of_other_family(analysis, asked);
  return inspection;
}

}  // namespace

bool sees_inbound(const Capture& capture, const IpAddress& client) {
  return capture.counts.inbound > 0 || capture.around.comes_in(client);
}

Inspection inspect(const Capture& capture, const Target& target) {
  const auto sample = capture.book.sample_of(target);
  const auto steady = without_missed(target, sample);
  if (!steady) return inspect(capture, target, sample);
  auto inspection = inspect(capture, *steady, sample);
  inspection.analysis.verdict.caveats.push_back(of_missed(target));
  return inspection;
}

}  // namespace hopblame::offline
