#pragma once
// What can have caused a finding, and where it lies.

#include "analysis/compare/comparison.hpp"
#include "analysis/model/verdict.hpp"

namespace hopblame::compare {

struct Cause {
  std::vector<Explanation> explanations;
  Culprit culprit;
  std::optional<Outcome> outcome{};  ///< where the client's capture alone knows it better
};

[[nodiscard]] Cause cause_of(const AttemptFinding& finding, const Comparison& comparison,
                             const Endpoint& target, const Analysis& alone);

}  // namespace hopblame::compare
