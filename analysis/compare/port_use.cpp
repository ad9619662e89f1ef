#include "analysis/compare/port_use.hpp"

#include <map>

namespace hopblame::compare {
namespace {

constexpr std::size_t few = 3;  ///< are enough to cite

/// Of one connection, as far as the loss is concerned.
struct Other {
  std::optional<Met> made;  ///< its SYN/ACK, before
  std::optional<Met> asks;  ///< its SYN, in between
  std::optional<Met> says;  ///< a segment after its handshake, in between
  bool ended = false;       ///< before
};

void see(Other& other, const Journey& journey, const Window& loss) {
  const auto& segment = *segment_of(*journey.client);
  const bool before = journey.client->at < loss.from, then = loss.holds(journey.client->at);
  if (before && segment.is_syn_ack()) other.made = met_of(journey);
  if (before && (segment.is_reset() || segment.has(tcp_flag::fin))) other.ended = true;
  if (!then || journey.way != Way::there) return;
  if (segment.is_syn()) other.asks = met_of(journey);
  if (!segment.is_syn() && !segment.is_reset()) other.says = met_of(journey);
}

void keep(std::vector<Met>& list, const std::optional<Met>& met) {
  if (met && list.size() < few) list.push_back(*met);
}

}  // namespace

PortUse port_use(const std::vector<Journey>& met, const Window& loss, const IpAddress& client,
                 const Endpoint& target) {
  std::map<Endpoint, Other> others;
  for (const auto& journey : met) {
    if (!segment_of(*journey.client)) continue;
    const auto& flow = journey.client->flow;
    const auto &near = journey.way == Way::there ? flow.source : flow.destination,
               &far = journey.way == Way::there ? flow.destination : flow.source;
    if (near.address == client && far == target) see(others[near], journey, loss);
  }
  PortUse use;
  for (const auto& [endpoint, other] : others) {
    keep(use.newer, other.asks);
    if (!other.asks) keep(use.older, other.says);
    if (!other.ended) keep(use.held, other.made);
  }
  return use;
}

}  // namespace hopblame::compare
