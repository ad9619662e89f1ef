#pragma once
// Of an IP packet that was cut in pieces (RFC 791 section 3.2, RFC 8200 section 4.5).

#include <cstdint>

namespace hopblame {

struct IpPiece {
  std::uint32_t id = 0;              ///< that all pieces of the packet bear
  std::uint32_t begin = 0, end = 0;  ///< which bytes of what follows the IP header
  bool last = false;
  bool operator==(const IpPiece&) const = default;
};

}  // namespace hopblame
