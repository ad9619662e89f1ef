#pragma once
// What `watch` tells: a line when the state changes, a summary at the end. Reads no clock.

#include <optional>
#include <string>
#include <vector>

#include "analysis/model/time.hpp"

namespace hopblame {

/// How one probe ended, as far as a change of it is news.
struct WatchState {
  std::string outcome, culprit, mechanisms;  ///< culprit: "router 198.51.100.2, hop 2" or empty
  std::string target{}, source{};            ///< addresses; empty: unknown
  bool operator==(const WatchState&) const = default;
};

/// Of one object of the JSON schema; nothing when it is none.
[[nodiscard]] std::optional<WatchState> watch_state(const std::string& json);

[[nodiscard]] std::string to_string(const WatchState& state);

/// An object of the JSON schema for a probe that could not be made, after the report of an earlier
/// one: inconclusive, and why.
[[nodiscard]] std::string without_report(const std::string& earlier, TimePoint at,
                                         const std::string& why);

class WatchLog {
 public:
  /// The text to print, when this is the first state or another than before.
  [[nodiscard]] std::optional<std::string> note(TimePoint at, const WatchState& state);
  /// How long in which state, the last one until `now`; several lines.
  [[nodiscard]] std::string summary(TimePoint now) const;

 private:
  struct Spell {
    WatchState state;
    Duration length{};
  };
  void extend(TimePoint until);

  std::vector<Spell> spells_;  ///< one per state, in the order of their first coming
  std::size_t now_in_ = 0;
  TimePoint first_, last_;
  std::string target_, source_;  ///< last known
  unsigned probes_ = 0, changes_ = 0;
};

/// "3 h 02 min", "1 min 05 s", "40 s"
[[nodiscard]] std::string length_text(Duration span);

}  // namespace hopblame
