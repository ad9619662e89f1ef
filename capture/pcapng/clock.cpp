#include "capture/pcapng/clock.hpp"

#include <algorithm>

namespace hopblame::pcapng {
namespace {

constexpr std::uint64_t most = std::uint64_t{1} << 62;
constexpr std::uint64_t second = 1'000'000'000;

std::uint64_t power_of_ten(unsigned exponent) {
  std::uint64_t value = 1;
  while (exponent-- > 0) value *= 10;
  return value;
}

std::uint64_t times(std::uint64_t ticks, std::uint64_t scale) {
  return ticks > most / scale ? most : ticks * scale;
}

/// Nanoseconds of ticks of 2^-shift seconds. A fraction is cut to 30 bits before it is multiplied:
/// finer than a nanosecond, and it cannot overflow.
std::uint64_t from_binary(std::uint64_t ticks, unsigned shift) {
  const std::uint64_t whole = shift < 64 ? ticks >> shift : 0;
  std::uint64_t fraction = shift < 64 ? ticks & ((std::uint64_t{1} << shift) - 1) : ticks;
  if (shift > 30) {
    const unsigned surplus = shift - 30;
    fraction = surplus < 64 ? fraction >> surplus : 0;
    shift = 30;
  }
  return std::min(most, times(whole, second) + (fraction * second >> shift));
}

}  // namespace

void Clock::set_resolution(std::uint8_t resolution) {
  const unsigned exponent = resolution & 0x7f;
  const bool binary = (resolution & 0x80) != 0 && exponent != 0;
  binary_ = binary ? exponent : 0;
  if (!binary && exponent > 28) binary_ = 127;  // 64 bits of such ticks are less than 1 ns
  const unsigned decimal = (resolution & 0x80) != 0 ? 0 : exponent;
  coarse_ = decimal <= 9;
  scale_ = power_of_ten(coarse_ ? 9 - decimal : std::min(decimal - 9, 19u));
  most_ticks_ = coarse_ ? most / scale_ : most;
}

TimePoint Clock::at(std::uint64_t ticks) const {
  constexpr std::int64_t bound = std::int64_t{1} << 32;
  std::uint64_t ns = 0;
  if (binary_ != 0)
    ns = from_binary(ticks, binary_);
  else
    ns = coarse_ ? std::min(ticks, most_ticks_) * scale_ : std::min(most, ticks / scale_);
  if (offset_ == 0) return TimePoint(Duration(ns));
  const std::int64_t shift = std::clamp(offset_, -bound, bound) * std::int64_t{second};
  const std::int64_t moved = static_cast<std::int64_t>(ns) + shift;  // below 2^63: 2^62 + 2^32 s
  return TimePoint(Duration(std::clamp<std::int64_t>(moved, 0, most)));
}

}  // namespace hopblame::pcapng
