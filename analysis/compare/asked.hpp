#pragma once
// The SYNs of an attempt and what answered them, sorted by what became of each.

#include "analysis/compare/finding.hpp"

namespace hopblame::compare {

/// An answer that is due takes no longer; kernels repeat their SYN after one second.
inline constexpr Duration answer_due = std::chrono::seconds(1);

struct Asked {
  explicit Asked(const Attempt& attempt);

  std::vector<Journey> arrived, lost, unknown;  ///< SYNs
  std::vector<Journey> heard, unheard;  ///< answers that the client saw, that only the server saw

  /// Never empty: an attempt is a SYN of the client.
  [[nodiscard]] const std::vector<Journey>& syns() const {
    if (!lost.empty()) return lost;
    return arrived.empty() ? unknown : arrived;
  }
  [[nodiscard]] std::size_t count() const { return arrived.size() + lost.size() + unknown.size(); }
};

/// The client acknowledges an answer, be it that its capture does not show it.
[[nodiscard]] bool goes_on(const Attempt& attempt);

}  // namespace hopblame::compare
