#pragma once
// The same SYN again and again: do its answers stop for good, does only one of each burst come
// through, or are they lost as chance has it? One rule for who asks and who judges.

#include <vector>

#include "analysis/path/loss.hpp"

namespace hopblame {

struct Attempt {
  TimePoint at;
  bool answered = false;
  /// Answered, or the host's bare ACK to a later SYN shows that it got there (RFC 5961
  /// section 4.2).
  bool arrived = false;
  bool raw = true;  ///< ours; false: connect() repeated it, when is not known exactly
};

/// SYNs of full length in order of time, every repetition by itself; those sent by `until`.
[[nodiscard]] std::vector<Attempt> attempts_of(const Walk& walk,
                                               TimePoint until = TimePoint::max());

/// What a source that is shut out on the way sees.
enum class Door : std::uint8_t {
  open,   ///< answers still come, or too few were asked for since the last
  doubt,  ///< silence since, which loss may explain
  shut,   ///< silence since, over more than a second, longer than the loss seen before explains
};
[[nodiscard]] Door door_of(const std::vector<Attempt>& target, const std::vector<Attempt>& control);

/// A limit of one new connection a second lets one SYN of a burst through, chance has no such rule:
/// how often would loss alone let no burst have two answers?
[[nodiscard]] double chance_of_one_a_burst(const std::vector<Attempt>& attempts, double loss);
/// Two SYNs of one burst got through: there is no such limit.
[[nodiscard]] bool two_in_a_burst(const std::vector<Attempt>& attempts);

}  // namespace hopblame
