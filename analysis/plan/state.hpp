#pragma once
// The present state of the run, as the planner needs to see it.

#include <algorithm>
#include <optional>

#include "analysis/path/forms.hpp"
#include "analysis/path/walk.hpp"
#include "analysis/plan/planner.hpp"

namespace hopblame {

/// How the full-length SYNs to the port fare.
enum class Fate : std::uint8_t {
  pending,   ///< no answer yet, and one may still come soon
  accepted,  ///< SYN/ACK
  reset,
  icmp,      ///< an ICMP error other than time exceeded, or time exceeded at full length; or a FIN
  silent,    ///< the patience for a first answer is over
  not_sent,  ///< the kernel refused the probe, or the capture never saw it leave
};

struct State {
  Walk target, control;
  Fate fate = Fate::pending;
  Duration patience{};
  Duration first_patience{};             ///< before the first answer to the port counts as silence
  const Reply* first_end = nullptr;      ///< earliest full-length answer on the target's flow
  const Reply* control_end = nullptr;    ///< the same on the control flow
  bool control_waited_for = false;       ///< it was asked, and the patience for it is over
  std::optional<TimePoint> control_due;  ///< while it may still answer: until when
  bool control_unsent = false;           ///< some of its SYNs never left this machine, or not yet
  const Reply* echo_reply = nullptr;
  std::optional<Contrast> contrast;     ///< flows to the port fare differently
  std::optional<Forms> forms;           ///< and whether they bear our mark decides
  bool bad_checksum_answered = false;   ///< the routing or neighbour layer speaks
  unsigned silent_flows = 0;            ///< full-length SYNs to the port, waited for in vain
  bool heard_from_host = false;         ///< anything sent by the target's own address
  bool forwarded = false;               ///< ... time exceeded: the port is a host's behind it
  std::optional<TimePoint> first_sent;  ///< first full-length SYN to the port

  /// The farthest router that a SYN of either flow passed; 0: none.
  [[nodiscard]] std::uint8_t last_passed() const {
    return std::max(target.last_passed().value_or(0), control.last_passed().value_or(0));
  }
  /// Measured: by a SYN/ACK of the port, else by the control port's answer.
  [[nodiscard]] std::optional<std::uint8_t> distance_of_host() const;
};

[[nodiscard]] State state_of(const Situation& situation);

}  // namespace hopblame
