#include "capture/checksum.hpp"

namespace hopblame {
namespace {

std::uint32_t fold(std::uint32_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

}  // namespace

std::uint32_t ones_sum(Bytes bytes, std::uint32_t start) {
  std::uint32_t sum = fold(start);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum = fold(sum + (i % 2 == 0 ? bytes[i] * 256u : bytes[i]));
  }
  return sum;
}

std::uint32_t pseudo_header_sum(std::uint32_t addresses, std::uint8_t protocol,
                                std::uint32_t length) {
  return fold(fold(addresses) + protocol + (length >> 16) + (length & 0xffff));
}

std::uint16_t repaired(std::uint16_t checksum, std::uint32_t before, std::uint32_t after) {
  if (before == after) return checksum;
  const std::uint32_t inverse = static_cast<std::uint16_t>(~checksum);
  const std::uint32_t gone = static_cast<std::uint16_t>(~before);
  return static_cast<std::uint16_t>(~fold(inverse + gone + after));
}

}  // namespace hopblame
