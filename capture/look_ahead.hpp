#pragma once
// Records of a file lie one after the other, and where the next one lies is known only once the one
// before was read, so each would wait for memory anew: those of the next batch are asked for while
// this one is looked at.

#include <cstdint>
#include <span>

#include "capture/frame.hpp"

namespace hopblame {

class LookAhead {
 public:
  /// The next batch is taken to be as long as this one: in a long transfer data and
  /// acknowledgements alternate in ones, twos, threes or fours.
  explicit LookAhead(std::span<const Frame> batch) {
    if (!batch.empty())
      length_ = address_of(batch.back()) + batch.back().bytes.size() - address_of(batch.front());
  }
  void at(const Frame& frame) const {
    const auto guess = address_of(frame) + length_;
    __builtin_prefetch(reinterpret_cast<const void*>(guess));
    __builtin_prefetch(reinterpret_cast<const void*>(guess + line));
  }

 private:
  static constexpr std::uintptr_t line = 64;
  /// As a number: the guess may lie anywhere.
  static std::uintptr_t address_of(const Frame& frame) {
    return reinterpret_cast<std::uintptr_t>(frame.bytes.data());
  }

  std::uintptr_t length_ = 0;
};

}  // namespace hopblame
