#pragma once
// HOST, HOST:PORT, [V6]:PORT and the names of services.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hopblame {

struct HostPort {
  std::string host;
  std::optional<std::string> port;  ///< as typed
  bool operator==(const HostPort&) const = default;
};

/// Nothing when there is no host in it or the brackets do not close. More than one colon without
/// brackets is an IPv6 address, whole.
[[nodiscard]] std::optional<HostPort> split_host_port(std::string_view text);

/// 1 to 65535, or the TCP port of a service name (services(5)).
[[nodiscard]] std::optional<std::uint16_t> port_number(const std::string& text);

}  // namespace hopblame
