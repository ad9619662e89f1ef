#pragma once
// A bounds-checked reader over bytes that came from outside. A read past the end fails, and from
// then on every read fails, yielding 0 or nothing: so a parser may read a whole header and ask
// once. A length that was received can only shrink what is left, never widen it.

#include <bit>
#include <cstddef>
#include <cstdint>
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

  std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(number<1>()); }
  std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(number<2>()); }
  std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(number<4>()); }

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

  template <std::size_t size>
  std::uint64_t number() noexcept {
    const Bytes octets = take(size);
    if (octets.empty()) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | octets[order_ == std::endian::big ? i : size - 1 - i];
    return value;
  }

  Bytes rest_;
  std::endian order_;
  bool ok_ = true;
};

}  // namespace hopblame
