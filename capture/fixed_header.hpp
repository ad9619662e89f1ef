#pragma once
// A header whose least size is checked once; after that the compiler proves each field in bounds.

#include <bit>
#include <cstring>

#include "capture/cursor.hpp"

namespace hopblame {

template <std::size_t Size>
class FixedHeader {
 public:
  /// False when there are fewer bytes; then it must not be read. (A std::optional of this would
  /// cost more than the fields.)
  [[nodiscard]] static FixedHeader of(Bytes bytes) noexcept {
    return FixedHeader(bytes.size() < Size ? nullptr : bytes.data());
  }
  [[nodiscard]] explicit operator bool() const noexcept { return start_ != nullptr; }

  template <std::size_t At>
  [[nodiscard]] std::uint8_t u8() const noexcept {
    static_assert(At < Size);
    return start_[At];
  }
  template <std::size_t At>
  [[nodiscard]] std::uint16_t u16() const noexcept {
    const auto value = native<std::uint16_t, At>();
    return std::endian::native == std::endian::big ? value : __builtin_bswap16(value);
  }
  template <std::size_t At>
  [[nodiscard]] std::uint32_t u32() const noexcept {
    const auto value = native<std::uint32_t, At>();
    return std::endian::native == std::endian::big ? value : __builtin_bswap32(value);
  }
  /// In a byte order that is known before.
  template <std::endian order, std::size_t At>
  [[nodiscard]] std::uint32_t u32_in() const noexcept {
    const auto value = native<std::uint32_t, At>();
    return std::endian::native == order ? value : __builtin_bswap32(value);
  }
  template <std::size_t At, std::size_t Count>
  [[nodiscard]] const std::uint8_t* field() const noexcept {
    static_assert(At + Count <= Size);
    return start_ + At;
  }

 private:
  explicit FixedHeader(const std::uint8_t* start) noexcept : start_(start) {}

  template <class Number, std::size_t At>
  [[nodiscard]] Number native() const noexcept {
    static_assert(At + sizeof(Number) <= Size);
    Number value;
    std::memcpy(&value, start_ + At, sizeof value);
    return value;
  }

  const std::uint8_t* start_;
};

}  // namespace hopblame
