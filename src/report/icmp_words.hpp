#pragma once
// ICMP types and codes as words (RFC 792, RFC 1812 section 5.2.7.1, RFC 4443).

#include <cstdint>
#include <string>

#include "analysis/model/address.hpp"

namespace hopblame {

/// "port unreachable"; a pair without a name says its numbers.
[[nodiscard]] std::string icmp_text(Family family, std::uint8_t type, std::uint8_t code);

}  // namespace hopblame
