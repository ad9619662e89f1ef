#include "analysis/verdict/dropped.hpp"

#include "analysis/verdict/forward.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/silence_causes.hpp"
#include "analysis/verdict/silence_witnesses.hpp"

namespace hopblame {
namespace {

/// Other segments reach the port's own stack; only the SYN, or its answer, is missing.
std::vector<Explanation> only_syn_missing(const Case& the_case, const SilenceFacts& facts) {
  std::vector<Explanation> found{syn_filter(the_case, facts)};
  if (facts.to_fin) return found;  // the port is closed: no queue, and a RST would have come back
  if (!facts.bound || !facts.host || *facts.bound >= *facts.host) {
    found.push_back(queue_full(the_case, facts));
    found.push_back(answer_lost(the_case, facts, 2));
  }
  return found;
}

std::vector<Explanation> port_missing(const Case& the_case, const SilenceFacts& facts) {
  std::vector<Explanation> found{filter_drop(the_case, facts)};
  const bool asked =
      !the_case.target.steps.empty() && the_case.target.steps.begin()->first < full_hop_limit.value;
  const bool no_walk = !facts.passed && !(asked && the_case.control.last_passed());
  const bool arrived = reached_last_router(facts);
  const bool only_host_behind = facts.host && facts.bound == facts.host;
  // A NAT on the way may eat lone ACKs: then they cannot show whether only the SYN is unwelcome.
  if (facts.acks_eaten) {
    for (auto& other : only_syn_missing(the_case, facts)) found.push_back(std::move(other));
    for (auto& other : found) other.rank = &other == &found.front() ? 1 : 2;
    if (only_host_behind) return found;
  }
  // With a walk that ends at the last router the request may have arrived; one that ends earlier
  // shows where it stopped. Without any walk nothing prefers the way there to the way back.
  if (no_walk) found.push_back(answer_lost(the_case, facts, 1));
  if (arrived) found.push_back(answer_lost(the_case, facts, 2));
  return found;
}

std::vector<Explanation> nothing_heard(const Case& the_case, const SilenceFacts& facts) {
  if (facts.bound) return {filter_drop(the_case, facts)};  // the control flow gets farther
  auto filter = filter_drop(the_case, facts);
  filter.because = nothing_beyond(the_case, facts);
  return {host_silent(the_case, facts), std::move(filter), blackhole(the_case, facts)};
}

/// Only the SYNs that are passed on speak of the host behind the address.
std::vector<Explanation> behind_forward(const Case& the_case, const SilenceFacts& facts) {
  auto found = facts.to_ack
                   ? only_syn_missing(the_case, facts)
                   : std::vector{filter_drop(the_case, facts), silent_behind(the_case, facts),
                                 answer_lost(the_case, facts, 2)};
  found.insert(found.begin(), port_forward(the_case, at_destination(the_case, facts.host),
                                           about_the_silence(the_case, facts)));
  return found;
}

std::vector<Explanation> suspects(const Case& the_case, const SilenceFacts& facts) {
  if (facts.forwarded) return behind_forward(the_case, facts);
  if (facts.to_ack || facts.to_fin) return only_syn_missing(the_case, facts);
  if (facts.alive) return port_missing(the_case, facts);
  return nothing_heard(the_case, facts);
}

}  // namespace

std::optional<Finding> judge_dropped(const Case& the_case) {
  const auto facts = silence_facts(the_case);
  if (facts.tries == 0) return {};
  Finding finding{Outcome::dropped, suspects(the_case, facts), Confidence::strong};
  const bool bounded = gap_after(the_case, facts).last_hop.has_value();
  const auto after = static_cast<std::uint8_t>(facts.passed.value_or(0) + 1);
  const bool asked_there = facts.bound == facts.host || the_case.target.asked_at(after) >= 2;
  const bool asked_enough = facts.tries >= 3 && asked_there;
  // Silence alone is never certain; without a control that answers it may even be somebody else's.
  if (!bounded || !asked_enough || !facts.alive || facts.half_open ||
      the_case.run.facts.dropped > 0)
    finding.confidence = Confidence::weak;
  return finding;
}

}  // namespace hopblame
