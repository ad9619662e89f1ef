#include "capture/ip_header.hpp"

namespace hopblame {
namespace {

constexpr int most_extensions = 8;

// IANA protocol numbers of what may stand between an IPv6 header and its payload.
enum Extension : std::uint8_t {
  hop_by_hop = 0,
  routing = 43,
  fragment = 44,
  authentication = 51,
  no_next_header = 59,
  destination_options = 60,
  mobility = 135,
  host_identity = 139,
  shim6 = 140,
};

/// Length in bytes of an extension header that is not a fragment header.
std::size_t length_of(std::uint8_t kind, std::uint8_t field) {
  return kind == authentication ? (field + 2u) * 4 : (field + 1u) * 8;  // RFC 4302 section 2.2
}

void read_fragment(IpHeader& header, Cursor& in) {
  in.skip(1);
  const std::uint32_t offset_and_flags = in.u16(), begin = offset_and_flags & 0xfff8;
  const bool last = (offset_and_flags & 1) == 0;
  const auto id = in.u32();
  header.later_fragment = begin != 0;
  if (begin != 0 || !last) header.fragment = {id, begin, last};
}

bool is_extension(std::uint8_t protocol) {
  switch (protocol) {
    case hop_by_hop:
    case routing:
    case fragment:
    case authentication:
    case destination_options:
    case mobility:
    case host_identity:
    case shim6: return true;
    default: return false;
  }
}

/// Walks to the payload; a later fragment ends the walk, its next header says nothing.
const char* skip_extensions(IpHeader& header, Cursor& in) {
  for (int count = 0; is_extension(header.protocol); ++count) {
    if (count == most_extensions) return "too many IPv6 extension headers";
    const std::uint8_t kind = header.protocol;
    header.protocol = in.u8();
    if (kind == fragment) {
      read_fragment(header, in);
    } else {
      const std::uint8_t field = in.u8();
      in.skip(length_of(kind, field) - 2);
    }
    if (!in.ok()) return "IPv6 extension header cut off";
    if (header.later_fragment) return nullptr;
  }
  return header.protocol == no_next_header ? "IPv6 packet without payload" : nullptr;
}

}  // namespace

std::optional<IpHeader> read_ipv4(Bytes packet) noexcept {
  Cursor in(packet);
  IpHeader header;
  const unsigned version_and_length = in.u8();
  header.traffic_class = in.u8();
  const std::uint16_t total = in.u16();
  header.ip_id_or_flow_label = in.u16();
  const unsigned flags_and_offset = in.u16();
  header.hop_limit = HopLimit{in.u8()};
  header.protocol = in.u8();
  in.skip(2);
  header.source = in.v4();
  header.destination = in.v4();
  if (!in.ok() || version_and_length >> 4 != 4) return {};
  header.dont_fragment = (flags_and_offset & 0x4000) != 0;
  header.later_fragment = (flags_and_offset & 0x1fff) != 0;
  const bool last = (flags_and_offset & 0x2000) == 0;
  if (header.later_fragment || !last)
    header.fragment = {header.ip_id_or_flow_label, (flags_and_offset & 0x1fff) * 8, last};
  header.header_bytes = (version_and_length & 0x0f) * 4;
  if (total != 0) header.total = total;
  if (header.header_bytes < 20) {
    header.why = "IPv4 header length below 20";
  } else if (header.total.value_or(0xffff) < header.header_bytes) {
    header.why = "IPv4 total length below its header";
  } else {
    in.skip(header.header_bytes - 20);
    if (!in.ok()) header.why = "IPv4 options cut off";
    if (header.total) in.shrink(*header.total - header.header_bytes);
    header.payload = in.rest();
  }
  return header;
}

std::optional<IpHeader> read_ipv6(Bytes packet) noexcept {
  Cursor in(packet);
  IpHeader header;
  const std::uint32_t first = in.u32();
  const std::uint32_t length = in.u16();
  header.protocol = in.u8();
  header.hop_limit = HopLimit{in.u8()};
  header.source = in.v6();
  header.destination = in.v6();
  if (!in.ok() || first >> 28 != 6) return {};
  header.traffic_class = static_cast<std::uint8_t>(first >> 20);
  header.ip_id_or_flow_label = first & 0xfffff;
  if (length != 0) {
    header.total = length + 40;
    in.shrink(length);
  }
  const std::size_t after_fixed = in.left();
  header.why = skip_extensions(header, in);
  header.header_bytes = static_cast<std::uint32_t>(40 + after_fixed - in.left());
  header.payload = in.rest();
  return header;
}

}  // namespace hopblame
