#include "analysis/offline/surroundings.hpp"

#include <string_view>

namespace hopblame::offline {

void Surroundings::see(const Observation& packet) {
  const auto& message = packet.message;
  if (std::holds_alternative<TcpSegment>(message)) return;
  if (const auto* lost = std::get_if<Unreadable>(&message)) {
    if (unreadable_++ == 0) why_ = lost->why;
    if (packet.flow.transport == Transport::tcp) {
      const bool cut = std::string_view(lost->why).starts_with("TCP header");
      if (cut && cut_headers_++ == 0) cut_flow_ = packet.flow;
      return;
    }
  }
  only_tcp_ = false;
  if (const auto* neighbour = std::get_if<NeighbourMessage>(&message))
    see_neighbour(*neighbour, packet.flow.source.address);
  if (const auto* error = std::get_if<IcmpError>(&message)) see_error(*error);
  if (looked_at_++ < enough && heard_.size() < most_addresses)
    heard_.insert(packet.flow.destination.address);
}

/// Who has no address yet asks whether one is free, and hopes for no answer (RFC 5227, RFC 4862
/// section 5.4); who asks for its own announces it.
void Surroundings::see_neighbour(const NeighbourMessage& message, const IpAddress& sender) {
  neighbours_ = neighbours_ || message.answer;
  const auto known = sought_.find(message.target);
  if (message.answer) {
    if (known != sought_.end()) known->second.answered = true;
    return;
  }
  if (sender.is_unspecified() || sender == message.target) return;
  if (known == sought_.end() && sought_.size() >= most_addresses) return;
  auto& sought = sought_[message.target];
  sought.by = sender;
  ++sought.times;
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
