#include "analysis/offline/inspect.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "analysis/analyse.hpp"
#include "analysis/offline/at_times.hpp"
#include "analysis/offline/behind.hpp"
#include "analysis/offline/beside.hpp"
#include "analysis/offline/by_ecn.hpp"
#include "analysis/offline/by_flow.hpp"
#include "analysis/offline/by_proxy.hpp"
#include "analysis/offline/exhibits.hpp"
#include "analysis/offline/flooded.hpp"
#include "analysis/offline/in_vain.hpp"
#include "analysis/offline/let_through.hpp"
#include "analysis/offline/lossy.hpp"
#include "analysis/offline/midstream.hpp"
#include "analysis/offline/misanswered.hpp"
#include "analysis/offline/missed.hpp"
#include "analysis/offline/neighbours.hpp"
#include "analysis/offline/other_family.hpp"
#include "analysis/offline/rejected_always.hpp"
#include "analysis/offline/remarks.hpp"
#include "analysis/offline/shut_out.hpp"
#include "analysis/offline/soften.hpp"
#include "analysis/offline/stuck.hpp"
#include "analysis/offline/translated.hpp"
#include "analysis/path/path_builder.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/judge.hpp"
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

Run run_of(const Capture& capture, const Target& target, const Exhibits& exhibits) {
  Run run;
  run.goal.target = target.endpoint;
  run.goal.control_port = exhibits.control_port;
  run.facts = capture.facts;
  run.facts.vantage.local = exhibits.client;
  run.facts.vantage.target_is_local = exhibits.local;
  run.connect = exhibits.connect;
  run.started = target.latest ? target.first : capture.facts.started;
  run.ended = exhibits.connect ? exhibits.given_up.value_or(capture.facts.horizon) : target.ended;
  if (run.ended < run.started) run.ended = run.started;
  return run;
}

void count(Attempts& attempts, const Target& target) {
  if (target.attempts.total == 0) return;  // probes of a walk only: one question in all
  attempts = target.attempts.attempts();
  attempts.first = target.first;
  attempts.last = target.last;
  if (target.changes > 0) attempts.since = target.since;
}

std::uint64_t answers_in(const Exhibits& exhibits) {
  std::uint64_t count = 0;
  for (const auto& exchange : exhibits.exchanges) count += exchange.replies.size();
  return count;
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

bool is_of_nothing(const Evidence& evidence) { return evidence.packets.empty(); }

void forget_claims_of_nothing(Verdict& verdict) {
  for (auto& explanation : verdict.explanations) std::erase_if(explanation.because, is_of_nothing);
}

/// RSTs that bear the host's address, whatever their numbers: forged, or it is there.
void doubt_silence(Verdict& verdict) {
  const auto is_silence = [](const Explanation& found) {
    return found.mechanism == Mechanism::host_silent || found.mechanism == Mechanism::blackhole;
  };
  if (std::ranges::all_of(verdict.explanations, is_silence)) return;
  for (auto& found : verdict.explanations) {
    if (is_silence(found)) found.rank = 2;
    std::erase_if(found.because, is_of_nothing);
  }
  std::ranges::stable_sort(verdict.explanations, {}, &Explanation::rank);
}

/// Why it counts for nothing.
void tell_other_time(Verdict& verdict, const OtherTime& other) {
  const bool silent = verdict.outcome == Outcome::dropped;
  if (verdict.explanations.empty() || !(silent || verdict.outcome == Outcome::unreachable)) return;
  // That nothing else was asked is true of that time only.
  if (silent) forget_claims_of_nothing(verdict);
  verdict.explanations.front().because.push_back(
      {say("Nothing of the host was heard at that time. It answered something {} s {} these "
           "SYNs: it was there then, which says nothing of the time in between.",
           Seconds{other.apart}, other.before ? Term("before") : Term("after")),
       {other.frame}});
}

/// Attempts that fail in several ways meet several faults.
void add_faults_beside(Verdict& verdict, const Capture& capture, const Target& target,
                       const std::vector<Attempt>& sample, Outcome outcome,
                       const IpAddress& client) {
  for (const auto other : other_failures(sample, outcome, client)) {
    const auto exhibits = exhibits_of(capture.book, target, sample, other, client);
    auto found = analyse(run_of(capture, target, exhibits), {exhibits.exchanges, {}, 0, 0}).verdict;
    soften(found, exhibits);
    std::erase_if(found.explanations, [&](const Explanation& explanation) {
      const bool known = std::ranges::any_of(verdict.explanations, [&](const Explanation& first) {
        return first.mechanism == explanation.mechanism && first.where == explanation.where;
      });
      return known || (explanation.rank > 1 && !explanation.beside);
    });
    add_beside(verdict.explanations, std::move(found.explanations), fared_otherwise(sample, other));
  }
}

/// The client's kernel gave the connection in question up, and told its program.
bool ends_in_timeout(const std::vector<Attempt>& sample, Outcome outcome) {
  if (outcome != Outcome::silent_service) return false;
  const auto* example = example_of(sample, outcome);
  return example && example->gave_up;
}

void forget_loss(std::vector<Caveat>& caveats) {
  std::erase_if(caveats, [](const Caveat& caveat) { return caveat.id == CaveatId::path_loss; });
}

/// It works, only late: who asks what makes it so need not call that loss.
void tell_of_ecn(Verdict& verdict, const std::vector<Attempt>& sample, const IpAddress& client) {
  if (verdict.outcome != Outcome::open || lists(verdict.explanations, Mechanism::syn_filter))
    return;
  auto rule = drops_ecn(sample, client);
  if (!rule) return;
  forget_loss(verdict.caveats);
  verdict.caveats.push_back(
      {CaveatId::by_form,
       say("Connections begin a second late: their first SYN, which asks for ECN, goes unanswered, "
           "the next one, which does not, is answered.")});
  verdict.explanations.push_back(*std::move(rule));
}

/// What is worth bearing in mind of the capture stays so.
void replace(Verdict& verdict, Verdict found) {
  found.caveats = std::move(verdict.caveats);
  // Neither is so where the client does not heed a router, nor where no proxy is found after all.
  const bool unheeded = lists(found.explanations, Mechanism::local_input_filter);
  const bool proxy = lists(found.explanations, Mechanism::transparent_proxy);
  std::erase_if(found.caveats, [&](const Caveat& caveat) {
    return (unheeded && caveat.id == CaveatId::small_mtu) ||
           (!proxy && caveat.id == CaveatId::transparent_proxy);
  });
  verdict = std::move(found);
}

Inspection inspect(const Capture& capture, const Target& target,
                   const std::vector<Attempt>& sample) {
  const bool one_died = hides_death(target, sample);
  const auto rejected = comes_and_goes(target) ? rejected_always(target, sample) : std::nullopt;
  const bool changes = comes_and_goes(target) && !rejected;
  const auto outcome = rejected ? rejected : in_question(target, changes, one_died);
  const auto client = client_in_question(target, sample, outcome);
  auto exhibits = exhibits_of(capture.book, target, sample, outcome, client);
  if (outcome == Outcome::refused)
    compare_with_neighbours(exhibits, capture.book, target, sample, capture.counts.arrivals);
  Inspection inspection{run_of(capture, target, exhibits), {}};
  auto& analysis = inspection.analysis;
  analysis =
      analyse(inspection.run, {exhibits.exchanges, {}, target.misfits, answers_in(exhibits)});
  auto& verdict = analysis.verdict;
  soften(verdict, exhibits);
  if (target.misfits > 0 && verdict.outcome == Outcome::dropped) doubt_silence(verdict);
  if (exhibits.sign && verdict.outcome == Outcome::dropped) tell_sign(verdict, *exhibits.sign);
  if (verdict.outcome == Outcome::dropped && !exhibits.walked) look_behind(verdict, exhibits);
  // Not all that was asked of the host is an exhibit.
  if (exhibits.asked_otherwise && !exhibits.sign &&
      lists(verdict.explanations, Mechanism::host_silent))
    forget_claims_of_nothing(verdict);
  if (exhibits.other_time) tell_other_time(verdict, *exhibits.other_time);
  // Without a walk the end of the path is not measured, whoever was found to be it.
  if (!exhibits.walked && !exhibits.local && analysis.path.distance.target_flow)
    analysis.path = build_path(walk_of(exhibits.exchanges, ProbeKind::syn, Aim::target),
                               walk_of(exhibits.exchanges, ProbeKind::syn, Aim::control), {});
  if (auto died =
          outcome ? midstream(target, sample, *outcome, capture.facts.horizon) : std::nullopt) {
    keep_proxy(verdict, example_of(sample, *outcome), *died);
    replace(verdict, *std::move(died));
    if (ends_in_timeout(sample, *outcome)) analysis.app_sees = {ETIMEDOUT, false};
  }
  if (auto odd = outcome == Outcome::dropped ? misanswered(sample) : std::nullopt) {
    replace(verdict, *std::move(odd));
    analysis.app_sees = {ETIMEDOUT, true};
  }
  if (auto lost = outcome == Outcome::dropped ? answered_in_vain(sample, capture.counts.arrivals)
                                              : std::nullopt) {
    replace(verdict, *std::move(lost));
    // The answers to the same SYN are no answers to its copies.
    forget_loss(verdict.caveats);
    analysis.app_sees = {ETIMEDOUT, true};
  }
  if (auto stopped = outcome == Outcome::dropped && exhibits.passages.comes_in
                         ? stopped_here(sample, client, exhibits.passages)
                         : std::nullopt)
    replace(verdict, *std::move(stopped));
  if (auto unread = outcome == Outcome::refused ? refused_unread(sample, capture.counts.arrivals)
                                                : std::nullopt) {
    replace(verdict, *std::move(unread));
    analysis.app_sees = {ETIMEDOUT, true};
  } else if (auto unheard = outcome == Outcome::refused ? refused_in_vain(sample) : std::nullopt)
    if (!verdict.explanations.empty()) {
      verdict.explanations.front().because.push_back(*std::move(unheard));
      analysis.app_sees = {ETIMEDOUT, true};
    }
  if (auto beside = outcome == Outcome::dropped && verdict.outcome == Outcome::dropped
                        ? only_new_ones(sample, client, verdict)
                        : std::nullopt)
    replace(verdict, *std::move(beside));
  if (auto limit = outcome == Outcome::dropped && verdict.outcome == Outcome::dropped
                       ? let_through(sample, client, verdict)
                       : std::nullopt)
    verdict = {limit->outcome, culprit_of(*limit), std::move(limit->explanations),
               std::move(verdict.caveats)};
  if (outcome == Outcome::dropped) {
    if (verdict.outcome == Outcome::dropped)
      suspect_ban_or_limit(verdict, target, sample, exhibits);
    if (target.several_clients) blame_flood(verdict, sample, client);
    const auto* pings = capture.book.pings_to(target.endpoint.address);
    if (pings) blame_loss(verdict, sample, client, *pings);
  }
  if (verdict.outcome == Outcome::open && exhibits.ignored) {
    verdict.culprit.confidence = Confidence::weak;
    analysis.app_sees = {};
  }
  if (outcome) tell_translation(verdict, sample, *outcome, client);
  tell_of_ecn(verdict, sample, client);
  if (verdict.outcome == Outcome::dropped && asks_no_more(capture, target, exhibits))
    analysis.app_sees = {};
  const bool unproven = proves_nothing(capture, target, exhibits, verdict);
  // What the server was asked before it ended the connection is not shown.
  const bool unasked = outcome == Outcome::inconclusive && verdict.outcome == Outcome::closed_early;
  if (exhibits.half_open != HalfOpen::no || unproven || unasked) {
    verdict = {Outcome::inconclusive, {}, {}, std::move(verdict.caveats)};
    analysis.app_sees = {};
  }
  const bool by_client = capture.book.differs_by_client(target);
  if (by_client) tell_clients_apart(verdict, sample, *outcome, client);
  if ((changes || one_died) && !by_client) {
    tell_of_stretch(verdict, target, sample, *outcome);
    if (outcome == Outcome::dropped && !verdict.explanations.empty())
      add(verdict.explanations.front().because, goes_by_flow(target, sample, client));
    add_faults_beside(verdict, capture, target, sample, *outcome, client);
    verdict.outcome = Outcome::intermittent;
    verdict.culprit.confidence = Confidence::weak;
  }
  count(analysis.attempts, target);
  if (unproven && verdict.outcome == Outcome::inconclusive)
    analysis.attempts.other += std::exchange(analysis.attempts.dropped, 0u);
  // The last change is no news where another client asked, nor where it is one of many.
  if (by_client || rejected || verdict.outcome == Outcome::intermittent)
    analysis.attempts.since = {};
  remark(verdict, capture, target, exhibits);
  const bool asked_in_vain = verdict.outcome == Outcome::dropped || unproven;
  if (asked_in_vain && exhibits.asked_once)
    if (auto other = went_on_by_other_family(capture.book, target, sample)) {
      std::erase_if(verdict.caveats,
                    [](const Caveat& caveat) { return caveat.id == CaveatId::short_run; });
      verdict.caveats.push_back({CaveatId::short_run, *std::move(other)});
      analysis.app_sees = {};
    }
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
