#include "capture/checksum.hpp"

#include "capture/fixed_header.hpp"

namespace hopblame {
namespace {

std::uint32_t fold(std::uint64_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint32_t>(sum);
}

}  // namespace

/// Words of 32 bits fold to the same (RFC 1071 section 2).
std::uint32_t ones_sum(Bytes bytes, std::uint32_t start) {
  std::uint64_t sum = start;
  for (; bytes.size() >= 4; bytes = bytes.subspan(4)) sum += FixedHeader<4>::of(bytes).u32<0>();
  unsigned shift = 24;
  for (const auto byte : bytes) {
    sum += std::uint64_t{byte} << shift;
    shift -= 8;
  }
  return fold(sum);
}

bool is_spoiled(Bytes segment, std::uint32_t pseudo) {
  constexpr std::size_t checksum_at = 16;
  return ones_sum(segment, pseudo) != 0xffff &&
         Cursor(segment.subspan(checksum_at)).u16() != pseudo;
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
