#pragma once
// Numbers and records as few bytes, in this machine's order: they never leave it.

#include <array>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>

namespace hopblame::offline {

class Packer {
 public:
  /// Seven bits to a byte, small ones first.
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) room_[size_++] = static_cast<std::uint8_t>(value | 0x80);
    room_[size_++] = static_cast<std::uint8_t>(value);
  }
  /// Of either sign, near 0.
  void distance(std::int64_t value) {
    number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  template <class Value>
  void whole(const Value& value) {
    std::memcpy(room_.data() + size_, &value, sizeof value);
    size_ += sizeof value;
  }
  void bytes(const char* from, std::size_t count) {
    std::memcpy(room_.data() + size_, from, count);
    size_ += count;
  }
  [[nodiscard]] std::span<const std::uint8_t> packed() const {
    return std::span(room_).first(size_);
  }

 private:
  std::array<std::uint8_t, 2040> room_;  // more than the largest trail with all its answers
  std::size_t size_ = 0;
};

/// Takes what was put, in the same order.
class Unpacker {
 public:
  explicit Unpacker(const std::uint8_t* packed) : at_(packed) {}

  [[nodiscard]] std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = *at_++;
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
  }
  /// Into a smaller field: it came from there.
  template <std::unsigned_integral Field>
  void number(Field& field) {
    field = static_cast<Field>(number());
  }
  [[nodiscard]] std::int64_t distance() {
    const auto value = number();
    return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
  }
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

 private:
  const std::uint8_t* at_;
};

}  // namespace hopblame::offline
