#include "analysis/compare/sight.hpp"

namespace hopblame::compare {
namespace {

/// RFC 792 promises the sequence number: a quote without it was cut by the capture.
bool is_cut(const Observation& packet) {
  const auto* error = std::get_if<IcmpError>(&packet.message);
  if (!error) return false;
  return !error->quote ||
         (error->quote->flow.transport == Transport::tcp && !error->quote->tcp_sequence);
}

void see(OneWay& way, const Observation& packet, std::uint16_t port, const Names& target) {
  way.any = true;
  if (std::holds_alternative<TcpSegment>(packet.message))
    way.service = way.service || target.ports.contains(port);
  if (packet.flow.transport == Transport::icmp) way.icmp = true;
  way.cut = way.cut || is_cut(packet);
}

}  // namespace

Names names_at_server(const Pairing& pairing, const std::vector<Journey>& met,
                      const Endpoint& target) {
  Names names{{target.address}, {target.port}};
  for (const auto& pair : pairing.pairs) {
    if (!pair.server || pair.client->flow.destination != target) continue;
    names.addresses.insert(pair.server->flow.destination.address);
    names.ports.insert(pair.server->flow.destination.port);
  }
  for (const auto& journey : met)
    names.addresses.insert(journey.way == Way::there ? journey.server->flow.destination.address
                                                     : journey.server->flow.source.address);
  return names;
}

Sight sight_of(std::span<const Observation> packets, const Names& target) {
  Sight sight;
  sight.packets = packets.size();
  for (const auto& packet : packets) {
    sight.cut = sight.cut || is_cut(packet);
    // Who is asked for its link address goes to nobody's port: no filter on a direction shows.
    if (std::holds_alternative<NeighbourMessage>(packet.message)) continue;
    const auto &from = packet.flow.source, &to = packet.flow.destination;
    if (target.addresses.contains(to.address)) see(sight.there, packet, to.port, target);
    if (target.addresses.contains(from.address)) see(sight.back, packet, from.port, target);
  }
  return sight;
}

bool shows(const Sight& sight, const Observation& like, Way way) {
  const auto& seen = way == Way::there ? sight.there : sight.back;
  return std::holds_alternative<IcmpError>(like.message) ? seen.icmp && !seen.cut : seen.any;
}

}  // namespace hopblame::compare
