#include "src/cli/as_connected.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace hopblame {

IpAddress as_connected(const IpAddress& address) {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const std::span bytes(address.bytes);
  if (address.family == Family::ipv6 && std::ranges::equal(bytes.first<12>(), mapped))
    return IpAddress::v4(bytes.last<4>());
  if (!address.is_unspecified()) return address;
  return *IpAddress::parse(address.family == Family::ipv4 ? "127.0.0.1" : "::1");
}

}  // namespace hopblame
