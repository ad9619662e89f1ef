#pragma once
// A bounds-checked reader over bytes that came from outside. A read past the end fails, and from
// then on every read fails, yielding 0 or nothing: so a parser may read a whole header and ask
// once. A length that was received can only shrink what is left, never widen it.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "analysis/model/address.hpp"

namespace hopblame {

using Bytes = std::span<const std::uint8_t>;

class Cursor {
 public:
  explicit Cursor(Bytes bytes, std::endian order = std::endian::big) noexcept
      : rest_(bytes), order_(order) {}

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] std::size_t left() const noexcept { return rest_.size(); }
  [[nodiscard]] Bytes rest() const noexcept { return rest_; }

  /// The next `count` bytes, or none and failure.
  Bytes take(std::size_t count) noexcept {
    if (count > rest_.size()) return fail();
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  void skip(std::size_t count) noexcept { take(count); }

  /// Drops what lies beyond `count` bytes from here: padding, trailers.
  void shrink(std::size_t count) noexcept {
    if (count < rest_.size()) rest_ = rest_.first(count);
  }

  std::uint8_t u8() noexcept { return number<std::uint8_t>(); }
  std::uint16_t u16() noexcept { return number<std::uint16_t>(); }
  std::uint32_t u32() noexcept { return number<std::uint32_t>(); }
  std::uint64_t u64() noexcept { return number<std::uint64_t>(); }

  IpAddress v4() noexcept {
    const Bytes octets = take(4);
    return octets.empty() ? IpAddress{} : IpAddress::v4(octets.first<4>());
  }
  IpAddress v6() noexcept {
    const Bytes octets = take(16);
    return octets.empty() ? IpAddress{} : IpAddress::v6(octets.first<16>());
  }

 private:
  Bytes fail() noexcept {
    ok_ = false;
    rest_ = {};
    return {};
  }

  template <class Number>
  Number number() noexcept {
    const Bytes octets = take(sizeof(Number));
    if (octets.empty()) return 0;
    Number value = 0;
    std::memcpy(&value, octets.data(), sizeof value);
    return order_ == std::endian::native ? value : swapped(value);
  }

  static std::uint8_t swapped(std::uint8_t value) noexcept { return value; }
  static std::uint16_t swapped(std::uint16_t value) noexcept { return __builtin_bswap16(value); }
  static std::uint32_t swapped(std::uint32_t value) noexcept { return __builtin_bswap32(value); }
  static std::uint64_t swapped(std::uint64_t value) noexcept { return __builtin_bswap64(value); }

  Bytes rest_;
  std::endian order_;
  bool ok_ = true;
};

}  // namespace hopblame
