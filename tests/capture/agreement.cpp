#include "tests/capture/agreement.hpp"

#include <algorithm>

namespace hopblame::test {
namespace {

template <class Value>
bool absent_or_same(const std::optional<Value>& shorter, const std::optional<Value>& longer) {
  return !shorter || shorter == longer;
}

template <class Value>
bool default_or_same(const Value& shorter, const Value& longer) {
  return shorter == Value{} || shorter == longer;
}

bool flows_agree(const Flow& shorter, const Flow& longer) {
  return (shorter.transport == Transport{0} || shorter.transport == longer.transport) &&
         default_or_same(shorter.source.address, longer.source.address) &&
         default_or_same(shorter.destination.address, longer.destination.address) &&
         default_or_same(shorter.source.port, longer.source.port) &&
         default_or_same(shorter.destination.port, longer.destination.port);
}

const char* compare(const TcpSegment& shorter, const TcpSegment& longer) {
  if (shorter.sequence != longer.sequence) return "sequence";
  if (shorter.acknowledgment != longer.acknowledgment) return "acknowledgment";
  if (shorter.flags != longer.flags) return "flags";
  if (shorter.window != longer.window) return "window";
  if (shorter.payload != longer.payload) return "payload";
  if (shorter.option_bytes != longer.option_bytes) return "option bytes";
  if (!absent_or_same(shorter.mss, longer.mss)) return "mss";
  if (shorter.timestamps > longer.timestamps) return "timestamps";
  if (shorter.sack_permitted > longer.sack_permitted) return "sack";
  if (shorter.window_scale > longer.window_scale) return "window scale";
  const auto& text = shorter.text;
  const bool prefix = text.size() <= longer.text.size() &&
                      std::equal(text.begin(), text.end(), longer.text.begin());
  return prefix ? nullptr : "text";
}

const char* compare(const Quote& shorter, const Quote& longer) {
  if (!flows_agree(shorter.flow, longer.flow)) return "quoted flow";
  if (!absent_or_same(shorter.tcp_sequence, longer.tcp_sequence)) return "quoted sequence";
  if (!absent_or_same(shorter.tcp_flags, longer.tcp_flags)) return "quoted flags";
  if (!absent_or_same(shorter.udp_checksum, longer.udp_checksum)) return "quoted checksum";
  if (!absent_or_same(shorter.echo_identifier, longer.echo_identifier)) return "quoted identifier";
  if (!absent_or_same(shorter.echo_sequence, longer.echo_sequence)) return "quoted echo sequence";
  if (shorter.hop_limit != longer.hop_limit) return "quoted hop limit";
  if (shorter.traffic_class != longer.traffic_class) return "quoted class";
  if (shorter.ip_id_or_flow_label != longer.ip_id_or_flow_label) return "quoted id";
  return shorter.bytes <= longer.bytes ? nullptr : "quoted bytes";
}

const char* compare(const IcmpError& shorter, const IcmpError& longer) {
  if (shorter.type != longer.type || shorter.code != longer.code) return "ICMP type or code";
  if (shorter.mtu != longer.mtu) return "MTU";
  if (!shorter.quote) return nullptr;
  return longer.quote ? compare(*shorter.quote, *longer.quote) : "quote";
}

const char* compare(const UdpDatagram& shorter, const UdpDatagram& longer) {
  return shorter == longer ? nullptr : "UDP";
}
const char* compare(const IcmpEcho& shorter, const IcmpEcho& longer) {
  return shorter == longer ? nullptr : "echo";
}
const char* compare(const NeighbourMessage& shorter, const NeighbourMessage& longer) {
  return shorter == longer ? nullptr : "neighbour message";
}
const char* compare(const Unreadable&, const Unreadable&) { return nullptr; }

bool same_text(const Sighting& one, const Sighting& other) {
  return std::equal(one.text.begin(), one.text.end(), other.text.begin(), other.text.end());
}

}  // namespace

const char* disagreement(const Sighting& one, const Sighting& other) {
  if (one.kind != other.kind) return "kind";
  if (one.frame != other.frame || one.at != other.at) return "frame";
  if (one.kind == Sighting::Kind::other) return nullptr;
  if (!(one.key.key == other.key.key) || one.key.from_low != other.key.from_low) return "key";
  if (one.hop_limit != other.hop_limit) return "hop limit";
  if (one.traffic_class != other.traffic_class) return "traffic class";
  if (one.ip_id_or_flow_label != other.ip_id_or_flow_label) return "id";
  if (one.dont_fragment != other.dont_fragment) return "dont fragment";
  if (one.kind == Sighting::Kind::error) return one.error == other.error ? nullptr : "error";
  if (one.segment != other.segment) return "segment";
  return same_text(one, other) ? nullptr : "text";
}

const char* disagreement(const Observation& shorter, const Observation& longer) {
  if (!flows_agree(shorter.flow, longer.flow)) return "flow";
  if (!default_or_same(shorter.hop_limit, longer.hop_limit)) return "hop limit";
  if (!default_or_same(shorter.traffic_class, longer.traffic_class)) return "traffic class";
  if (!default_or_same(shorter.ip_id_or_flow_label, longer.ip_id_or_flow_label)) return "id";
  if (shorter.dont_fragment > longer.dont_fragment) return "don't fragment";
  if (shorter.fragment > longer.fragment) return "fragment";
  if (std::holds_alternative<Unreadable>(shorter.message)) return nullptr;
  if (shorter.message.index() != longer.message.index()) return "kind of message";
  return std::visit(
      [&](const auto& message) {
        return compare(message, std::get<std::decay_t<decltype(message)>>(longer.message));
      },
      shorter.message);
}

}  // namespace hopblame::test
