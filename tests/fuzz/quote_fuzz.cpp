// Any body of an ICMP error with any length hint.
#include <cstdlib>

#include "capture/quote.hpp"

using namespace hopblame;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::vector<std::uint8_t> body(data + 2, data + size);
  const Family family = (data[0] & 1) != 0 ? Family::ipv6 : Family::ipv4;
  const auto quote = read_quote(family, body, data[1] * 8u);
  if (quote && quote->bytes > body.size()) std::abort();
  return 0;
}
