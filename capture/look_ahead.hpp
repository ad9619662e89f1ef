#pragma once
// Records of a mapped file are asked for before they are reached: where the next one lies is known
// only once the one before was read, so each would wait for memory anew.

#include <array>
#include <cstdint>
#include <utility>

namespace hopblame {

class LookAhead {
 public:
  /// At the start of a record. The next 24 are taken to be as long as the last 24: in a long
  /// transfer data and acknowledgements alternate in ones, twos, threes or fours.
  void at(const std::uint8_t* record) {
    const auto* const before = std::exchange(places_[turn_], record);
    turn_ = turn_ + 1 < places_.size() ? turn_ + 1 : 0;
    const auto guess = 2 * address_of(record) - address_of(before);
    __builtin_prefetch(reinterpret_cast<const void*>(guess));
    __builtin_prefetch(reinterpret_cast<const void*>(guess + line));
  }

 private:
  static constexpr std::uintptr_t line = 64;
  /// As a number: the guess may lie anywhere.
  static std::uintptr_t address_of(const std::uint8_t* place) {
    return reinterpret_cast<std::uintptr_t>(place);
  }

  std::array<const std::uint8_t*, 24> places_{};
  unsigned turn_ = 0;
};

}  // namespace hopblame
