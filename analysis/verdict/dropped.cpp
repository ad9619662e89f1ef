#include "analysis/verdict/dropped.hpp"

#include <algorithm>

#include "analysis/verdict/another_address.hpp"
#include "analysis/verdict/answered_nearby.hpp"
#include "analysis/verdict/below_capture.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/forward.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/local_neighbour.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/silence_causes.hpp"
#include "analysis/verdict/silence_witnesses.hpp"
#include "analysis/verdict/wrong_numbers.hpp"

namespace hopblame {
namespace {

/// Other segments reach the port's own stack; only the SYN, or its answer, is missing.
std::vector<Explanation> only_syn_missing(const Case& the_case, const SilenceFacts& facts) {
  auto found = list_of(syn_filter(the_case, facts));
  if (facts.to_fin) return found;  // the port is closed: no queue, and a RST would have come back
  if (facts.stopped_before_host) return found;
  found.push_back(queue_full(the_case, facts));
  found.push_back(answer_lost(the_case, facts, 2));
  // Loss alone may have hidden that the SYN got farther than to the next device known.
  if (facts.bound && facts.host && *facts.bound < *facts.host) found[1].rank = 2;
  return found;
}

/// Where ACKs cannot show whether only the SYN is unwelcome.
void add_only_syn_missing(std::vector<Explanation>& found, const Case& the_case,
                          const SilenceFacts& facts) {
  for (auto& other : only_syn_missing(the_case, facts)) {
    other.rank = 2;
    found.push_back(std::move(other));
  }
}

/// The host counts a SYN of these as received, and no SYN/ACK came: whoever drops SYNs on their way
/// there did not drop that one.
void prefer_lost_answer(std::vector<Explanation>& found, const SilenceFacts& facts) {
  const auto lost = std::ranges::find(found, Mechanism::answer_lost, &Explanation::mechanism);
  if (!facts.half_open || lost == found.end()) return;
  for (auto& other : found) other.rank = 2;
  lost->rank = 1;
  std::rotate(found.begin(), lost, lost + 1);
}

std::vector<Explanation> port_missing(const Case& the_case, const SilenceFacts& facts) {
  auto found = list_of(filter_drop(the_case, facts));
  const bool asked =
      !the_case.target.steps.empty() && the_case.target.steps.begin()->first < full_hop_limit.value;
  const bool no_router = facts.host == std::uint8_t{1};
  const bool no_walk = !facts.passed && !no_router && !(asked && the_case.control.last_passed());
  // A NAT on the way may eat lone ACKs, and loss too.
  if (facts.acks_tell_nothing) add_only_syn_missing(found, the_case, facts);
  if (no_walk && lists(found, Mechanism::answer_lost)) found.back().rank = 1;
  prefer_lost_answer(found, facts);
  if (lists(found, Mechanism::answer_lost)) return found;
  // With a walk that ends at the last router the request may have arrived; one that ends earlier
  // shows where it stopped. Without any walk nothing prefers the way there to the way back.
  if (no_walk)
    found.push_back(answer_lost(the_case, facts, 1));
  else if (facts.may_have_arrived)
    found.push_back(answer_lost(the_case, facts, 2));
  return found;
}

/// By somebody else than a run of ours.
bool asked_only_with_syns(const Case& the_case) {
  return the_case.run.sends.empty() &&
         std::ranges::all_of(the_case.exchanges, [](const Exchange& exchange) {
           const auto& question = exchange.spec.question;
           return question.kind == ProbeKind::syn && question.aim == Aim::target;
         });
}

std::vector<Explanation> nothing_heard(const Case& the_case, const SilenceFacts& facts) {
  if (facts.bound) return list_of(filter_drop(the_case, facts));  // the control flow gets farther
  auto filter = filter_drop(the_case, facts);
  filter.because = nothing_beyond(the_case, facts);
  auto found = list_of(host_silent(the_case, facts), std::move(filter), blackhole(the_case, facts));
  add(found, host_down_unheard(the_case, facts));
  add(found, neighbour_unheard(the_case));
  // Nothing else was sent to the host: it may answer all the rest.
  if (asked_only_with_syns(the_case)) add_only_syn_missing(found, the_case, facts);
  return found;
}

/// Only the SYNs that are passed on speak of the host behind the address.
std::vector<Explanation> behind_forward(const Case& the_case, const SilenceFacts& facts) {
  auto found = facts.to_ack ? only_syn_missing(the_case, facts)
                            : list_of(filter_drop(the_case, facts), silent_behind(the_case, facts),
                                      answer_lost(the_case, facts, 2));
  found.insert(found.begin(), port_forward(the_case, at_destination(the_case, facts.host),
                                           about_the_silence(the_case, facts)));
  if (!facts.to_ack) add(found, host_down_unheard(the_case, facts));
  return found;
}

/// This machine asks itself, or the host was heard.
bool is_there(const SilenceFacts& facts) { return facts.host == 0 || facts.alive != nullptr; }

std::vector<Explanation> suspects(const Case& the_case, const SilenceFacts& facts) {
  if (the_case.answered_nearby) return silent_beyond(the_case, silence(the_case, facts));
  if (facts.forwarded) return behind_forward(the_case, facts);
  if (facts.to_ack || facts.to_fin) return only_syn_missing(the_case, facts);
  if (!is_there(facts)) return nothing_heard(the_case, facts);
  auto found = port_missing(the_case, facts);
  if (auto hidden = drop_at_hidden_hop(the_case, facts)) found.push_back(std::move(*hidden));
  return found;
}

}  // namespace

std::optional<Finding> judge_dropped(const Case& the_case) {
  const auto facts = silence_facts(the_case);
  if (facts.tries == 0) return {};
  if (auto found = answered_by_another(the_case))
    return Finding{Outcome::dropped, list_of(std::move(*found)), Confidence::strong};
  Finding finding{Outcome::dropped, suspects(the_case, facts), Confidence::strong};
  const bool bounded = gap_after(the_case, facts).last_hop.has_value();
  const auto after = static_cast<std::uint8_t>(facts.passed.value_or(0) + 1);
  const bool asked_there = facts.bound == facts.host || the_case.target.asked_at(after) >= 2;
  const bool asked_enough = facts.tries >= 3 && asked_there;
  // Behind routers that say nothing the SYN may have arrived all the same, and its answer got lost.
  const bool unlisted =
      facts.mute_before_host && !lists(finding.explanations, Mechanism::answer_lost);
  // Silence alone is never certain; without a control that answers it may even be somebody else's.
  // Nor is the place sure where it goes by the length of another way; the next device is near
  // enough.
  const bool by_other_way = facts.other_way && facts.bound != after;
  if (!bounded || !asked_enough || unlisted || !is_there(facts) || facts.half_open ||
      by_other_way || the_case.run.facts.dropped > 0)
    finding.confidence = Confidence::weak;
  add_below_capture(the_case, facts, finding.explanations);
  if (!the_case.misfit_answers.empty()) add_wrong_numbers(the_case, facts, finding);
  return finding;
}

}  // namespace hopblame
