#include "analysis/model/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace hopblame {
namespace {

// Addresses are written as inet_ntop does, without its sprintf: a report has dozens of them.

std::string_view by_library(const std::array<std::uint8_t, 16>& bytes,
                            std::array<char, INET6_ADDRSTRLEN>& text) {
  return inet_ntop(AF_INET6, bytes.data(), text.data(), INET6_ADDRSTRLEN);
}

using Groups = std::array<std::uint16_t, 8>;

Groups groups_of(const std::array<std::uint8_t, 16>& bytes) {
  Groups groups{};
  for (std::size_t i = 0; i < groups.size(); ++i)
    groups[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  return groups;
}

/// The first of the longest runs of groups that are 0 (RFC 5952 section 4.2).
struct Zeros {
  std::size_t first = 0, count = 0;
};
Zeros longest_zeros(const Groups& groups) {
  Zeros longest, run;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    run = groups[i] != 0 ? Zeros{i + 1, 0} : Zeros{run.first, run.count + 1};
    if (run.count > longest.count) longest = run;
  }
  return longest;
}

/// "0." to "255.", and how long each is.
struct Octet {
  std::array<char, 4> text{};
  std::uint8_t length = 0;
};
constexpr auto octets_in_decimal = [] {
  std::array<Octet, 256> all{};
  for (unsigned value = 0; value < all.size(); ++value) {
    auto& [text, length] = all[value];
    if (value >= 100) text[length++] = static_cast<char>('0' + value / 100);
    if (value >= 10) text[length++] = static_cast<char>('0' + value / 10 % 10);
    text[length++] = static_cast<char>('0' + value % 10);
    text[length++] = '.';
  }
  return all;
}();

/// Each returns where it ended. All four characters of an octet are copied: the next one, or
/// whatever is written then, covers those that are too many.
char* put_v4(char* at, const std::array<std::uint8_t, 16>& bytes) {
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& [text, length] = octets_in_decimal[bytes[i]];
    std::copy(text.begin(), text.end(), at);
    at += length;
  }
  return at - 1;  // no dot at the end
}

char* put_v6(char* at, const Groups& groups) {
  const auto zeros = longest_zeros(groups);
  bool apart = true;  // from the group before
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == zeros.first && zeros.count > 1) {
      *at++ = ':';
      *at++ = ':';
      i += zeros.count - 1;
      apart = true;
      continue;
    }
    if (!apart) *at++ = ':';
    at = std::to_chars(at, at + 4, groups[i], 16).ptr;
    apart = false;
  }
  return at;
}

}  // namespace

IpAddress IpAddress::v4(std::uint32_t host_order) {
  IpAddress address;
  for (unsigned i = 0; i < 4; ++i)
    address.bytes[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return address;
}

IpAddress IpAddress::v4(std::span<const std::uint8_t, 4> network_order) {
  IpAddress address;
  std::copy(network_order.begin(), network_order.end(), address.bytes.begin());
  return address;
}

IpAddress IpAddress::v6(std::span<const std::uint8_t, 16> network_order) {
  IpAddress address;
  address.family = Family::ipv6;
  std::copy(network_order.begin(), network_order.end(), address.bytes.begin());
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != text.size() || terminated.find('\0') != std::string::npos) return {};
  IpAddress address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) return address;
  address.family = Family::ipv6;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return {};
}

std::span<const std::uint8_t> IpAddress::octets() const {
  return std::span(bytes).first(family == Family::ipv4 ? 4u : 16u);
}

bool IpAddress::is_unspecified() const {
  return std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; });
}

bool IpAddress::is_loopback() const {
  if (family == Family::ipv4) return bytes[0] == 127;
  return bytes[15] == 1 &&
         std::all_of(bytes.begin(), bytes.end() - 1, [](auto b) { return b == 0; });
}

bool IpAddress::is_multicast() const {
  return family == Family::ipv4 ? bytes[0] >= 224 && bytes[0] < 240 : bytes[0] == 0xff;
}

bool IpAddress::is_link_local() const {
  if (family == Family::ipv4) return bytes[0] == 169 && bytes[1] == 254;
  return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

char* write_address(char* at, const IpAddress& address) {
  const auto& bytes = address.bytes;
  if (address.family == Family::ipv4) return put_v4(at, bytes);
  // ::, ::1 and the addresses that hold an IPv4 address.
  if (std::all_of(bytes.begin(), bytes.begin() + 10, [](auto byte) { return byte == 0; })) {
    std::array<char, INET6_ADDRSTRLEN> room;
    const auto text = by_library(bytes, room);
    return std::copy(text.begin(), text.end(), at);
  }
  return put_v6(at, groups_of(bytes));
}

std::string to_string(const IpAddress& address) {
  std::array<char, longest_address> text;
  return {text.data(), write_address(text.data(), address)};
}

const char* to_string(Family family) { return family == Family::ipv4 ? "ipv4" : "ipv6"; }

}  // namespace hopblame
