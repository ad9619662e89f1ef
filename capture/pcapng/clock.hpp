#pragma once
// The clock of a pcapng interface: if_tsresol and if_tsoffset (draft-ietf-opsawg-pcapng).

#include <cstdint>

#include "analysis/model/time.hpp"

namespace hopblame::pcapng {

class Clock {
 public:
  /// `resolution` as in the file: 10^-n seconds, or 2^-n with the highest bit set.
  void set_resolution(std::uint8_t resolution);
  void set_offset(std::int64_t seconds) { offset_ = seconds; }

  /// Ticks to a moment, kept within 0 and 2^62 ns so that no later sum overflows.
  [[nodiscard]] TimePoint at(std::uint64_t ticks) const;

 private:
  std::uint64_t scale_ = 1000;  ///< nanoseconds per tick, or ticks per nanosecond
  bool coarse_ = true;          ///< `scale_` is nanoseconds per tick
  unsigned binary_ = 0;         ///< not 0: ticks per second are 2^binary_
  std::uint64_t most_ticks_ = (std::uint64_t{1} << 62) / 1000;
  std::int64_t offset_ = 0;  ///< seconds
};

}  // namespace hopblame::pcapng
