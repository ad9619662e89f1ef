#include "analysis/offline/midstream.hpp"

#include "analysis/model/services.hpp"
#include "analysis/offline/by_proxy.hpp"
#include "analysis/offline/disowned.hpp"
#include "analysis/offline/reset_verdict.hpp"
#include "analysis/offline/stuck.hpp"
#include "analysis/offline/unanswered.hpp"

namespace hopblame::offline {

const Attempt* example_of(const std::vector<Attempt>& sample, Outcome outcome) {
  for (auto attempt = sample.rbegin(); attempt != sample.rend(); ++attempt)
    if (attempt->outcome == outcome) return &*attempt;
  return nullptr;
}

std::optional<Verdict> midstream(const Target& target, const std::vector<Attempt>& sample,
                                 Outcome outcome, TimePoint horizon) {
  const auto* attempt = example_of(sample, outcome);
  if (attempt == nullptr) return {};
  const auto& talk = attempt->talk;
  const bool reset = talk.end && talk.end->reset;
  if (outcome == Outcome::closed_early && talk.end && talk.end->disowned)
    return disowned_verdict(target, *attempt);
  const bool outlived = talk.end && talk.end->outlived;
  const bool halfway = talk.spoke || attempt->joined || outlived || ends_words(*attempt);
  // The judges know what a service says that turns a client away, and that it ends it then.
  if (outcome == Outcome::closed_early && reset && halfway &&
      !turns_away(target.endpoint.port, talk.greeting))
    return reset_verdict(target, *attempt);
  if (outcome == Outcome::silent_service && attempt->gapped) return gap_verdict(*attempt, horizon);
  if (outcome == Outcome::silent_service && is_stuck(*attempt) && !by_proxy(*attempt))
    return stuck_verdict(*attempt);
  if (outcome == Outcome::silent_service && is_unanswered(*attempt) && !by_proxy(*attempt))
    return unanswered_verdict(*attempt, horizon);
  return {};
}

}  // namespace hopblame::offline
