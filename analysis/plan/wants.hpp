#pragma once
// What is worth knowing in the present state of things, most urgent first. Recomputed from the
// exchanges at every step, so that there is no plan to go stale.

#include <vector>

#include "analysis/plan/planner.hpp"
#include "analysis/plan/rest.hpp"

namespace hopblame {

/// How the tries of one question follow each other.
enum class Rhythm : std::uint8_t {
  together,  ///< at once: two losses in a row are rarer than one
  prompt,    ///< once the answer could be here, by the round trips measured
  quick,     ///< after the patience for one answer
  slow,      ///< on the beat of try_spacing, so that no rate limit or burst of loss fakes silence
};

struct Want {
  Question question;
  unsigned tries = 1;
  Rhythm rhythm = Rhythm::quick;
};

struct Wants {
  std::vector<Want> questions;
  /// Probes that live this long may reach the target, as far as is known.
  HopLimit reach{1};
  /// Nothing ends before this moment while it is in the future: something is still owed an answer.
  std::optional<TimePoint> not_before;
  bool call_again = false;
  Rest rest{};  ///< what is on the slow beat keeps to it
};

[[nodiscard]] Wants wants_of(const Situation& situation);

}  // namespace hopblame
