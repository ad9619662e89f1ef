#include "tests/properties/chain.hpp"

#include <fmt/format.h>

namespace hopblame::properties {

std::string text_of(const Chain& chain) {
  const auto delay = fmt::format("delay {:.4f}ms", chain.round_trip_ms / 2 / chain.hops);
  auto text = fmt::format("client 192.0.2.7 {}\n", chain.client);
  for (unsigned hop = 1; hop < chain.hops; ++hop) {
    text += fmt::format("hop r{0} 198.51.{0}.1 {1}", hop, delay);
    if (chain.on_router) text += fmt::format(" {}", chain.on_router(hop));
    if (hop == chain.fault_hop) text += fmt::format(" {}", chain.fault);
    text += "\n";
    if (hop == chain.fault_hop && !chain.after_fault.empty())
      text += fmt::format("{}\n", chain.after_fault);
  }
  return text + fmt::format("host 203.0.113.10 {} {}\n{}", delay, chain.host, chain.more);
}

}  // namespace hopblame::properties
