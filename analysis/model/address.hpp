#pragma once
// An IPv4 or IPv6 address as a plain value.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hopblame {

enum class Family : std::uint8_t { ipv4, ipv6 };

struct IpAddress {
  Family family = Family::ipv4;
  std::array<std::uint8_t, 16> bytes{};  ///< network order; IPv4 uses the first four, the rest is 0

  auto operator<=>(const IpAddress&) const = default;

  [[nodiscard]] static IpAddress v4(std::uint32_t host_order);
  [[nodiscard]] static IpAddress v4(std::span<const std::uint8_t, 4> network_order);
  [[nodiscard]] static IpAddress v6(std::span<const std::uint8_t, 16> network_order);
  /// Reads "192.0.2.1" or "2001:db8::1" (RFC 5952 and the older forms); nothing else, no zone.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] std::span<const std::uint8_t> octets() const;  ///< 4 or 16 bytes
  [[nodiscard]] bool is_unspecified() const;
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] bool is_multicast() const;
  [[nodiscard]] bool is_link_local() const;
};

[[nodiscard]] std::string to_string(const IpAddress& address);
inline constexpr std::size_t longest_address = 45;
/// The same, without an end mark, to where there is room for the longest; returns where it ended.
char* write_address(char* at, const IpAddress& address);
[[nodiscard]] const char* to_string(Family family);  ///< "ipv4", "ipv6"

}  // namespace hopblame
