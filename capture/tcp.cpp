#include <algorithm>

#include "capture/tcp_options.hpp"
#include "capture/transport.hpp"

namespace hopblame {
namespace {

constexpr std::uint32_t fixed_header = 20;

/// RFC 8684 section 3.2: the subtype is the upper half of the first byte.
bool joins_another(Bytes value) {
  constexpr std::uint8_t join = 1;
  return !value.empty() && value[0] >> 4 == join;
}

void note(HandshakeOptions& options, std::uint8_t kind, Bytes value) {
  switch (kind) {
    case tcp_option::maximum_segment_size:
      if (value.size() == 2 && !options.mss) options.mss = Cursor(value).u16();
      break;
    case tcp_option::window_scale: options.window_scale |= value.size() == 1; break;
    case tcp_option::sack_permitted: options.sack_permitted |= value.empty(); break;
    case tcp_option::timestamps: options.timestamps |= value.size() == 8; break;
    case tcp_option::multipath: options.joins_another |= joins_another(value); break;
    case tcp_option::md5_signature:
    case tcp_option::authentication: options.is_signed = true; break;
    default: break;
  }
}

void read_text(TcpSegment& segment, Cursor in) {
  in.skip(segment.option_bytes);
  const Bytes text = in.rest().first(std::min(in.left(), most_text));
  segment.text.assign(text.begin(), text.end());
}

}  // namespace

/// RFC 9293 section 3.1: every option but the first two has a length that counts itself.
HandshakeOptions read_options(Cursor in) {
  HandshakeOptions options;
  while (in.left() > 0) {
    const std::uint8_t kind = in.u8();
    if (kind == tcp_option::end) break;
    if (kind == tcp_option::no_operation) continue;
    const std::uint8_t length = in.u8();
    if (length < 2) break;
    const Bytes value = in.take(length - 2u);
    if (!in.ok()) break;
    note(options, kind, value);
  }
  return options;
}

Message read_tcp(Bytes payload, std::uint32_t on_wire) {
  Cursor in(payload);
  in.skip(4);  // ports
  TcpSegment segment;
  segment.sequence = in.u32();
  segment.acknowledgment = in.u32();
  const std::uint32_t header = (in.u8() >> 4) * 4u;
  segment.flags = in.u8();
  segment.window = in.u16();
  in.skip(4);  // checksum, urgent pointer
  if (!in.ok()) return Unreadable{"TCP header cut off"};
  if (header < fixed_header) return Unreadable{"TCP data offset below 5"};
  if (header > on_wire) return Unreadable{"TCP data offset beyond the packet"};
  segment.option_bytes = static_cast<std::uint16_t>(header - fixed_header);
  segment.payload = on_wire - header;
  Cursor after_header = in;
  after_header.shrink(segment.option_bytes);
  const auto options = read_options(after_header);
  segment.mss = options.mss;
  segment.timestamps = options.timestamps;
  segment.sack_permitted = options.sack_permitted;
  segment.window_scale = options.window_scale;
  segment.joins_another = options.joins_another;
  segment.is_signed = options.is_signed;
  read_text(segment, in);
  return segment;
}

}  // namespace hopblame
