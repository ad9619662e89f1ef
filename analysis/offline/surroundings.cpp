#include "analysis/offline/surroundings.hpp"

namespace hopblame::offline {

void Surroundings::see(const Observation& packet) {
  const auto& message = packet.message;
  if (std::holds_alternative<TcpSegment>(message)) return;
  if (const auto* lost = std::get_if<Unreadable>(&message)) {
    if (unreadable_++ == 0) why_ = lost->why;
    if (packet.flow.transport == Transport::tcp) return;
  }
  only_tcp_ = false;
  if (const auto* neighbour = std::get_if<NeighbourMessage>(&message))
    neighbours_ = neighbours_ || neighbour->answer;
  if (const auto* error = std::get_if<IcmpError>(&message)) see_error(*error);
  if (looked_at_++ < enough && heard_.size() < most_addresses)
    heard_.insert(packet.flow.destination.address);
}

/// RFC 792 promises the ports and the sequence number: a quote without them was cut by the capture.
void Surroundings::see_error(const IcmpError& error) {
  if (error.quote && (error.quote->tcp_sequence || error.quote->flow.destination.port != 0)) return;
  if (error.quote && error.quote->flow.transport != Transport::tcp) return;
  ++cut_quotes_;
  if (error.quote && about_.size() < most_addresses)
    about_.insert(error.quote->flow.destination.address);
  else
    about_anybody_ = true;
}

}  // namespace hopblame::offline
