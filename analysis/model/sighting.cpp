#include "analysis/model/sighting.hpp"

namespace hopblame {
namespace {

void fill(Sighting& seen, const Observation& from, const TcpSegment& segment) {
  seen.kind = Sighting::Kind::segment;
  seen.key = key_of(from.flow);
  seen.segment = {segment.sequence,
                  segment.acknowledgment,
                  segment.payload,
                  segment.window,
                  segment.flags,
                  static_cast<std::uint8_t>(segment.option_bytes),
                  {}};
  if (segment.has(tcp_flag::syn))
    seen.segment.options = {segment.mss,          segment.timestamps,    segment.sack_permitted,
                            segment.window_scale, segment.joins_another, segment.is_signed};
  seen.text = segment.text;
}

void fill(Sighting& seen, const Observation& from, const IcmpEcho& echo) {
  seen.kind = Sighting::Kind::echo;
  seen.key = key_of(from.flow);
  seen.echo = {echo.identifier, echo.sequence, echo.reply};
}

void fill(Sighting& seen, const Observation& from, const UdpDatagram&) {
  if (from.hop_limit.value > longest_walk) return;
  seen.kind = Sighting::Kind::datagram;
  seen.key = key_of(from.flow);
}

/// What tells the quoted packet from others of its flow.
std::optional<std::uint32_t> number_of(const Quote& quote) {
  if (quote.flow.transport == Transport::udp) return 0;
  if (quote.echo_identifier && quote.echo_sequence)
    return std::uint32_t{*quote.echo_identifier} << 16 | *quote.echo_sequence;
  return quote.tcp_sequence;
}

void fill(Sighting& seen, const Observation& from, const IcmpError& error) {
  if (!error.quote) return;
  const auto& quote = *error.quote;
  const auto number = number_of(quote);
  seen.kind = Sighting::Kind::error;
  seen.key = key_of(quote.flow);
  seen.error = {from.flow.source.address.bytes,
                number.value_or(0),
                error.mtu.value_or(0),
                quote.ip_id_or_flow_label,
                quote.bytes,
                error.type,
                error.code,
                quote.hop_limit.value,
                quote.traffic_class,
                quote.tcp_flags.value_or(0),
                number.has_value(),
                quote.tcp_flags.has_value()};
}

}  // namespace

Sighting sighting_of(const Observation& from) {
  Sighting seen;
  seen.frame = from.frame;
  seen.at = from.at;
  seen.ip_id_or_flow_label = from.ip_id_or_flow_label;
  seen.hop_limit = from.hop_limit;
  seen.traffic_class = from.traffic_class;
  seen.dont_fragment = from.dont_fragment;
  if (from.fragment) return seen;
  std::visit(
      [&]<class Kind>(const Kind& message) {
        if constexpr (requires { fill(seen, from, message); }) fill(seen, from, message);
      },
      from.message);
  return seen;
}

}  // namespace hopblame
