#include "analysis/model/link_address.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hopblame {

std::string to_string(const LinkAddress& address) {
  return fmt::format("{:02x}", fmt::join(address.bytes, ":"));
}

}  // namespace hopblame
