#include "capture/redact/frame_redaction.hpp"

#include "capture/link_layer.hpp"
#include "capture/redact/ip_redaction.hpp"
#include "capture/redact/link_redaction.hpp"

namespace hopblame {

void redact(StoredFrame& frame, const Scrambler& scrambler) {
  frame.comment.clear();
  const Room bytes(frame.bytes);
  const Unwrapped inner = unwrap(frame.link_type, frame.bytes);
  if (inner.network == Network::none) return blank(bytes);
  const std::size_t below = bytes.size() - inner.packet.size();
  const Room packet = bytes.subspan(below);
  redact_link(frame.link_type, bytes.first(below), scrambler);
  switch (inner.network) {
    case Network::ipv4: return redact_ip(Family::ipv4, packet, scrambler);
    case Network::ipv6: return redact_ip(Family::ipv6, packet, scrambler);
    case Network::arp: return redact_arp(packet, scrambler);
    case Network::none: return;
  }
}

}  // namespace hopblame
