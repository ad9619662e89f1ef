#include "src/ours.hpp"

#include <algorithm>

namespace hopblame {

bool is_ours(const Observation& observation, const IpAddress& target,
             std::span<const Exchange> exchanges) {
  const auto* error = std::get_if<IcmpError>(&observation.message);
  if (error == nullptr || !error->quote) return true;
  const auto& quoted = error->quote->flow;
  if (quoted.destination.address == target) return true;
  return std::ranges::any_of(exchanges, [&](const Exchange& exchange) {
    const auto& flow = exchange.spec.flow;
    return flow.source.port != 0 && flow.source.port == quoted.source.port &&
           flow.destination.port == quoted.destination.port;
  });
}

}  // namespace hopblame
