#include "src/ours.hpp"

#include <algorithm>

#include "analysis/correlate/answers.hpp"

namespace hopblame {
namespace {

/// From another address than the target's: it must know the number of a SYN of ours.
bool answers_one(const Observation& observation, const TcpSegment& segment,
                 std::span<const Exchange> exchanges) {
  return std::ranges::any_of(exchanges, [&](const Exchange& exchange) {
    return is_answer_of_another(observation.flow, segment, exchange);
  });
}

}  // namespace

bool is_ours(const Observation& observation, const IpAddress& target,
             std::span<const Exchange> exchanges) {
  const auto& flow = observation.flow;
  if (const auto* segment = std::get_if<TcpSegment>(&observation.message))
    return flow.source.address == target || flow.destination.address == target ||
           answers_one(observation, *segment, exchanges);
  const auto* error = std::get_if<IcmpError>(&observation.message);
  if (error == nullptr || !error->quote) return true;
  const auto& quoted = error->quote->flow;
  if (quoted.destination.address == target) return true;
  return std::ranges::any_of(exchanges, [&](const Exchange& exchange) {
    const auto& asked = exchange.spec.flow;
    return asked.source.port != 0 && asked.source.port == quoted.source.port &&
           asked.destination.port == quoted.destination.port;
  });
}

}  // namespace hopblame
