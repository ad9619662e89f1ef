#pragma once
// Records and small numbers one after the other, in this machine's order: they never leave it.

#include <cstdint>
#include <cstring>
#include <span>

namespace hopblame::offline {

class Packer {
 public:
  template <class Value>
  void whole(const Value& value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }
  void bytes(const void* from, std::size_t count) {
    std::memcpy(at_, from, count);
    at_ += count;
  }
  /// Of either sign, near 0: seven bits to a byte, small ones first.
  void distance(std::int64_t value) {
    auto left = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
    auto* at = at_;
    for (; left >= 0x80; left >>= 7) *at++ = static_cast<std::uint8_t>(left | 0x80);
    *at++ = static_cast<std::uint8_t>(left);
    at_ = at;
  }
  [[nodiscard]] std::span<const std::uint8_t> packed() const { return {room_, at_}; }

 private:
  std::uint8_t room_[2032];  // more than the largest trail with all its answers
  std::uint8_t* at_ = room_;
};

/// Takes what was put, in the same order.
class Unpacker {
 public:
  explicit Unpacker(const std::uint8_t* packed) : at_(packed) {}

  template <class Value>
  void whole(Value& value) {
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
  }
  [[nodiscard]] std::span<const std::uint8_t> bytes(std::size_t count) {
    const std::span taken(at_, count);
    at_ += count;
    return taken;
  }
  [[nodiscard]] std::int64_t distance() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = *at_++;
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
    }
  }

 private:
  const std::uint8_t* at_;
};

}  // namespace hopblame::offline
