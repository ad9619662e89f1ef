#pragma once
// Who talks to whom.

#include <compare>
#include <cstdint>

#include "analysis/model/address.hpp"

namespace hopblame {

/// IANA protocol numbers, so that an unknown one stays a number.
enum class Transport : std::uint8_t { icmp = 1, tcp = 6, udp = 17, icmp6 = 58 };

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;  ///< 0 where the transport has none
  auto operator<=>(const Endpoint&) const = default;
};

struct Flow {
  Transport transport = Transport::tcp;
  Endpoint source, destination;
  auto operator<=>(const Flow&) const = default;

  [[nodiscard]] Flow reversed() const { return {transport, destination, source}; }
};

}  // namespace hopblame
