// Any body of an ICMP error with any length hint.
#include <cstdlib>

#include "capture/quote.hpp"

using namespace hopblame;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::vector<std::uint8_t> body(data + 3, data + size);
  const Family family = (data[0] & 1) != 0 ? Family::ipv6 : Family::ipv4;
  const auto reading = read_quote(family, body, body.size() + data[1], data[2] * 8u);
  if (reading.mpls.size() > 16) std::abort();
  if (reading.quote && reading.quote->bytes > body.size()) std::abort();
  return 0;
}
