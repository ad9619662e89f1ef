#pragma once
// One flow's walk: what the same segment met at each hop limit.

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "analysis/model/exchange.hpp"

namespace hopblame {

/// Everything learned from the probes of one flow with one hop limit.
struct Step {
  unsigned asked = 0;                       ///< probes seen leaving
  std::vector<const Reply*> time_exceeded;  ///< the segment died here
  std::vector<const Reply*> ends;           ///< any other answer: the segment met its end
  std::vector<const Exchange*> exchanges;
};

/// By hop limit, in its order. A map whose entries lie side by side: most walks are short.
class Steps {
 public:
  using Entry = std::pair<std::uint8_t, Step>;

  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] auto find(std::uint8_t hop_limit) const {
    auto at = begin();
    while (at != end() && at->first < hop_limit) ++at;
    return at != end() && at->first == hop_limit ? at : end();
  }
  [[nodiscard]] const Step& at(std::uint8_t hop_limit) const;
  /// Made where there is none yet.
  Step& operator[](std::uint8_t hop_limit);

 private:
  std::vector<Entry> entries_;
};

struct Walk {
  Steps steps{};  ///< full-length probes included

  /// k: the largest limited hop count that still drew time exceeded. Absent: none did. (At full
  /// length it is not a step of the walk but a loop.)
  [[nodiscard]] std::optional<std::uint8_t> last_passed() const;
  /// f: the smallest hop limit that met its end. Absent: no end was ever seen.
  [[nodiscard]] std::optional<std::uint8_t> first_end() const;
  [[nodiscard]] const Reply* time_exceeded_at(std::uint8_t distance) const {
    const auto step = steps.find(distance);
    const bool found = step != steps.end() && !step->second.time_exceeded.empty();
    return found ? step->second.time_exceeded.front() : nullptr;
  }
  [[nodiscard]] unsigned asked_at(std::uint8_t distance) const;
  [[nodiscard]] bool answered_at(std::uint8_t distance) const;

  /// `met_again`: where it was; `again`: where it would have been first, had it answered there.
  struct Loop {
    std::uint8_t first, again, met_again;
  };
  /// The first router met at two distances, and the distances.
  [[nodiscard]] std::optional<Loop> loop() const;
  /// A router is met again, and not at the next hop: one that does not count the hop limit down
  /// makes its neighbour answer twice in a row.
  [[nodiscard]] bool goes_round() const;

 private:
  [[nodiscard]] std::optional<Loop> repeated_address() const;
  [[nodiscard]] std::optional<std::uint8_t> comes_again(std::uint8_t distance,
                                                        std::uint8_t period) const;
};

/// The walk of the probes of one kind and aim. Probes that were never seen leaving are not asked.
[[nodiscard]] Walk walk_of(std::span<const Exchange> exchanges, ProbeKind kind, Aim aim);

}  // namespace hopblame
