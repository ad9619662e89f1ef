#pragma once
// A finding with its sentence and the packets it is about.

#include "analysis/compare/comparison.hpp"
#include "analysis/compare/journey.hpp"

namespace hopblame::compare {

class Telling {
 public:
  explicit Telling(const CallPair& pair) : pair_(pair) {}
  [[nodiscard]] AttemptFinding finding(Finding finding, Outcome outcome, std::optional<Way> way,
                                       const std::vector<Journey>& about) const;
  /// As good as lost: they arrive with a wrong checksum.
  [[nodiscard]] AttemptFinding spoiled(Finding finding, Outcome outcome, Way way,
                                       const std::vector<Journey>& about) const;

  [[nodiscard]] AttemptFinding not_covered(Outcome outcome, const Journey& about) const {
    return finding(Finding::not_covered, outcome, std::nullopt, {about});
  }
  [[nodiscard]] AttemptFinding not_shown(Outcome outcome, const Journey& about) const {
    return finding(Finding::not_shown, outcome, std::nullopt, {about});
  }
  [[nodiscard]] AttemptFinding unwatched(Outcome outcome, const Journey& about) const {
    return about.fate == Fate::unshown ? not_shown(outcome, about) : not_covered(outcome, about);
  }
  [[nodiscard]] AttemptFinding unclear(Outcome outcome, const std::vector<Journey>& about) const {
    return finding(Finding::unclear, outcome, std::nullopt, about);
  }
  [[nodiscard]] AttemptFinding unclear(Outcome outcome, const Journey& about,
                                       const char* why) const;

 private:
  const CallPair& pair_;
};

/// "SYN", "segment with 21 bytes of data"
[[nodiscard]] std::string packet_text(const Observation& packet);

/// "once", "twice", "3 times"
[[nodiscard]] std::string times(std::size_t count);

/// "TTL 62", "hop limit 62"
[[nodiscard]] std::string limit_text(const Observation& packet);

/// " (client packet 3; server packets 5, 6)", empty without any.
[[nodiscard]] std::string cited(const std::vector<FrameId>& client,
                                const std::vector<FrameId>& server);

}  // namespace hopblame::compare
