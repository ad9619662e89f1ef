#pragma once
// Hardware addresses of Ethernet (IEEE 802.3 section 3.2.3).

#include <array>
#include <cstdint>
#include <string>

namespace hopblame {

struct LinkAddress {
  std::array<std::uint8_t, 6> bytes{};
  bool operator==(const LinkAddress&) const = default;
};

/// "02:00:5e:10:00:01"
[[nodiscard]] std::string to_string(const LinkAddress& address);

struct LinkEnds {
  LinkAddress from, to;
  bool operator==(const LinkEnds&) const = default;
};

}  // namespace hopblame
