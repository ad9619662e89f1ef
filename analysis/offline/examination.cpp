#include "analysis/offline/examination.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "analysis/analyse.hpp"
#include "analysis/offline/at_times.hpp"
#include "analysis/offline/behind.hpp"
#include "analysis/offline/beside.hpp"
#include "analysis/offline/by_ecn.hpp"
#include "analysis/offline/by_proxy.hpp"
#include "analysis/offline/flooded.hpp"
#include "analysis/offline/in_vain.hpp"
#include "analysis/offline/let_through.hpp"
#include "analysis/offline/lossy.hpp"
#include "analysis/offline/midstream.hpp"
#include "analysis/offline/misanswered.hpp"
#include "analysis/offline/neighbours.hpp"
#include "analysis/offline/one_behind.hpp"
#include "analysis/offline/other_hosts.hpp"
#include "analysis/offline/shut_out.hpp"
#include "analysis/offline/soften.hpp"
#include "analysis/offline/translated.hpp"
#include "analysis/path/path_builder.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/judge.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

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

std::uint64_t answers_in(const Exhibits& exhibits) {
  std::uint64_t count = 0;
  for (const auto& exchange : exhibits.exchanges) count += exchange.replies.size();
  return count;
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

}  // namespace

Examination::Examination(const Question& question, Inspection& inspection)
    : asked_(question),
      exhibits_(exhibits_of(question.capture.book, question.target, question.sample,
                            question.outcome, question.client)),
      inspection_(inspection) {
  const auto& [capture, target, sample, outcome, client] = asked_;
  if (asks_for(Outcome::refused))
    compare_with_neighbours(exhibits_, capture.book, target, sample, capture.counts.arrivals);
  inspection_.run = run_of(capture, target, exhibits_);
}

void Examination::judge_as_run() {
  analysis() = analyse(inspection_.run,
                       {exhibits_.exchanges, {}, asked_.target.misfits, answers_in(exhibits_)});
  soften(analysis().verdict, exhibits_);
}

void Examination::weigh_silence() {
  auto& verdict = analysis().verdict;
  const bool dropped = verdict.outcome == Outcome::dropped;
  if (asked_.target.misfits > 0 && dropped) doubt_silence(verdict);
  if (exhibits_.sign && dropped) tell_sign(verdict, *exhibits_.sign);
  if (exhibits_.others && dropped) tell_others(verdict, *exhibits_.others);
  if (exhibits_.in_vain && dropped) tell_pings(verdict, *exhibits_.in_vain);
  if (dropped && !exhibits_.walked) look_behind(verdict, exhibits_);
  // Not all that was asked of the host is an exhibit.
  if (exhibits_.asked_otherwise && !exhibits_.sign &&
      lists(verdict.explanations, Mechanism::host_silent))
    forget_claims_of_nothing(verdict);
  if (exhibits_.other_time) tell_other_time(verdict, *exhibits_.other_time);
  // Without a walk the end of the path is not measured, whoever was found to be it.
  if (!exhibits_.walked && !exhibits_.local && analysis().path.distance.target_flow)
    analysis().path = build_path(walk_of(exhibits_.exchanges, ProbeKind::syn, Aim::target),
                                 walk_of(exhibits_.exchanges, ProbeKind::syn, Aim::control), {});
}

/// What is worth bearing in mind of the capture stays so.
void Examination::replace(Verdict found) {
  auto& verdict = analysis().verdict;
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

/// And the program hears of nothing but time.
void Examination::replace_told(std::optional<Verdict> found) {
  if (!found) return;
  replace(*std::move(found));
  analysis().app_sees = {ETIMEDOUT, true};
}

void Examination::follow_connection() {
  const auto& [capture, target, sample, outcome, client] = asked_;
  if (!outcome) return;
  if (auto died = midstream(target, sample, *outcome, capture.facts.horizon)) {
    keep_proxy(analysis().verdict, example_of(sample, *outcome), *died);
    replace(*std::move(died));
    if (ends_in_timeout(sample, *outcome)) analysis().app_sees = {ETIMEDOUT, false};
  }
  if (asks_for(Outcome::refused)) follow_refusal();
  if (!asks_for(Outcome::dropped)) return;
  replace_told(misanswered(sample));
  if (auto lost = answered_in_vain(sample, capture.counts.arrivals)) {
    replace_told(std::move(lost));
    // The answers to the same SYN are no answers to its copies.
    forget_loss(analysis().verdict.caveats);
  }
  if (!exhibits_.passages.comes_in) return;
  if (auto stopped = stopped_here(sample, client, exhibits_.passages)) replace(*std::move(stopped));
}

void Examination::follow_refusal() {
  auto& explanations = analysis().verdict.explanations;
  if (auto unread = refused_unread(asked_.sample, asked_.capture.counts.arrivals))
    return replace_told(std::move(unread));
  auto unheard = refused_in_vain(asked_.sample);
  if (!unheard || explanations.empty()) return;
  explanations.front().because.push_back(*std::move(unheard));
  analysis().app_sees = {ETIMEDOUT, true};
}

void Examination::look_for_limits() {
  const auto& [capture, target, sample, outcome, client] = asked_;
  auto& verdict = analysis().verdict;
  if (!asks_for(Outcome::dropped)) return;
  if (verdict.outcome == Outcome::dropped)
    if (auto beside = only_new_ones(sample, client, verdict)) replace(*std::move(beside));
  if (verdict.outcome == Outcome::dropped)
    if (auto limit = let_through(sample, client, verdict))
      verdict = {limit->outcome, culprit_of(*limit), std::move(limit->explanations),
                 std::move(verdict.caveats)};
  if (verdict.outcome == Outcome::dropped) suspect_ban_or_limit(verdict, target, sample, exhibits_);
  if (target.several_clients) blame_flood(verdict, sample, client);
  const auto* pings = capture.book.pings_to(target.endpoint.address);
  if (pings) blame_loss(verdict, sample, client, *pings);
}

void Examination::doubt() {
  auto& verdict = analysis().verdict;
  if (verdict.outcome == Outcome::open && exhibits_.ignored) {
    verdict.culprit.confidence = Confidence::weak;
    analysis().app_sees = {};
  }
  if (asked_.outcome) tell_translation(verdict, asked_.sample, *asked_.outcome, asked_.client);
  tell_of_ecn(verdict, asked_.sample, asked_.client);
}

/// What others meet at the same time.
void Examination::look_at_others() {
  const auto& [capture, target, sample, outcome, client] = asked_;
  auto& verdict = analysis().verdict;
  if (!outcome || verdict.explanations.empty()) return;
  auto& because = verdict.explanations.front().because;
  if (verdict.outcome == Outcome::dropped)
    for (auto& evidence : of_other_hosts(capture.book, target, sample, client))
      because.push_back(std::move(evidence));
  add(because, fails_together(capture.book, target, sample, *outcome, client));
}

/// Attempts that fail in several ways meet several faults.
void Examination::add_faults_beside() {
  const auto& [capture, target, sample, outcome, client] = asked_;
  auto& verdict = analysis().verdict;
  for (const auto other : other_failures(sample, *outcome, client)) {
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

}  // namespace hopblame::offline
