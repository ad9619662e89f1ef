#pragma once
// `watch` asks the same service again and again: it logs in half-way each time, and whoever counts
// such connections bans their source. So it completes few, and says what a ban looks like.

#include <optional>
#include <string>

#include "src/watch_log.hpp"

namespace hopblame {

class Courtesy {
 public:
  /// The first probe, whatever comes after another answer than `open`, and one in three minutes:
  /// fail2ban as Debian ships it bans a source after five in ten.
  [[nodiscard]] bool wants_handshake(TimePoint at) const;
  /// After `open` an answer that a ban or a limit of this source would give as well: so many words
  /// about what this watch did by then.
  [[nodiscard]] std::optional<std::string> note(TimePoint at, const WatchState& state,
                                                bool handshake);

 private:
  bool was_open_ = false;
  std::optional<TimePoint> last_handshake_;
  unsigned probes_ = 0, connections_ = 0;
};

}  // namespace hopblame
