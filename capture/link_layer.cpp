#include "capture/link_layer.hpp"

#include "capture/link_types.hpp"
#include "capture/pktap.hpp"
#include "capture/wifi.hpp"

namespace hopblame {
namespace {

constexpr int most_layers = 8;

/// What the next header is, in one numbering: EtherTypes, and beyond 16 bits what has none.
constexpr std::uint32_t ether_ipv4 = 0x0800, ether_arp = 0x0806, ether_vlan = 0x8100,
                        ether_ipv6 = 0x86dd, ether_mpls = 0x8847, ether_mpls_upstream = 0x8848,
                        ether_pppoe = 0x8864, ether_qinq = 0x88a8, ether_qinq_old = 0x9100;
constexpr std::uint32_t llc = 0x10000, ppp = 0x10001;
constexpr std::uint32_t by_version = 0x10002;  // IPv4 or IPv6, as the first four bits say
constexpr std::uint32_t nothing = 0x10003;     // no further header, Layer::why tells
constexpr std::uint32_t unknown = 0x10004;

struct Layer {
  std::uint32_t next = unknown;
  Cursor in;
  const char* why = "";
};

Layer ended(const char* why) { return {nothing, Cursor({}), why}; }

Layer from(std::uint32_t next, Cursor in) {
  if (!in.ok()) return ended("link header cut off");
  return {next, in, ""};
}

/// An 802.3 length field announces LLC instead of naming a protocol (IEEE 802.3 section 3.2.6).
std::uint32_t ether_type(std::uint16_t value) { return value <= 1500 ? llc : value; }

Layer after_ethernet(Cursor in) {
  in.skip(12);
  const std::uint32_t next = ether_type(in.u16());
  return from(next, in);
}

Layer after_vlan(Cursor in) {
  in.skip(2);
  const std::uint32_t next = ether_type(in.u16());
  return from(next, in);
}

/// RFC 3032: what follows the last label is not named, so the first four bits must tell.
Layer after_mpls(Cursor in) {
  const bool bottom = (in.u32() & 0x100) != 0;
  return from(bottom ? by_version : ether_mpls, in);
}

/// SNAP only: IP in plain LLC is not used.
Layer after_llc(Cursor in) {
  const std::uint32_t sap = in.u16();
  const std::uint32_t control_and_organisation = in.u32();
  const std::uint32_t next = in.u16();
  if (in.ok() && (sap != 0xaaaa || control_and_organisation != 0x03000000u))
    return ended("LLC without SNAP");
  return from(next, in);
}

/// RFC 1661 section 2 (the protocol field may be one byte), RFC 1662 section 3.1.
Layer after_ppp(Cursor in) {
  if (const Bytes rest = in.rest(); rest.size() >= 2 && rest[0] == 0xff && rest[1] == 0x03)
    in.skip(2);
  std::uint32_t protocol = in.u8();
  if ((protocol & 1) == 0) protocol = protocol << 8 | in.u8();
  switch (protocol) {
    case 0x0021: return from(ether_ipv4, in);
    case 0x0057: return from(ether_ipv6, in);
    case 0x0281:
    case 0x0283: return from(ether_mpls, in);
    default: return in.ok() ? ended("PPP without IP") : from(ppp, in);
  }
}

/// RFC 2516 section 4; its length field only repeats what the IP length says.
Layer after_pppoe(Cursor in) {
  in.skip(1);
  const bool session = in.u8() == 0;
  in.skip(4);
  if (in.ok() && !session) return ended("PPPoE discovery");
  return from(ppp, in);
}

Layer after_c_hdlc(Cursor in) {
  in.skip(2);
  const std::uint32_t next = in.u16();
  return from(next, in);
}

/// LINKTYPE_PPP_HDLC: the address byte tells PPP from Cisco HDLC.
Layer after_ppp_hdlc(Cursor in) {
  const bool cisco = in.left() > 0 && (in.rest()[0] == 0x0f || in.rest()[0] == 0x8f);
  return cisco ? after_c_hdlc(in) : from(ppp, in);
}

/// The address family is in the byte order of the machine that captured; it is a small number.
Layer after_null(Cursor in) {
  std::uint32_t family = in.u32();
  if (family > 0xffff) family = family >> 24 | (family >> 8 & 0xff00);
  switch (family) {
    case 2: return from(ether_ipv4, in);
    case 10:
    case 24:
    case 28:
    case 30: return from(ether_ipv6, in);
    default: return in.ok() ? ended("loopback frame without IP") : from(nothing, in);
  }
}

Layer after_sll(Cursor in) {
  in.skip(14);
  const std::uint32_t next = in.u16();
  return from(next, in);
}

Layer after_sll2(Cursor in) {
  const std::uint32_t next = in.u16();
  in.skip(18);
  return from(next, in);
}

Layer after_wifi(const WifiBody& body) {
  return body.why != nullptr ? ended(body.why) : from(llc, Cursor(body.llc));
}

Layer after_pktap(Bytes frame);

Layer first_layer(int link_type, Bytes frame) {
  const Cursor in(frame);
  switch (link_type) {
    case link_ethernet: return after_ethernet(in);
    case link_raw:
    case link_raw_bsd: return from(by_version, in);
    case link_ipv4: return from(ether_ipv4, in);
    case link_ipv6: return from(ether_ipv6, in);
    case link_sll: return after_sll(in);
    case link_sll2: return after_sll2(in);
    case link_null:
    case link_loop: return after_null(in);
    case link_ppp: return from(ppp, in);
    case link_ppp_hdlc: return after_ppp_hdlc(in);
    case link_ppp_ether: return after_pppoe(in);
    case link_c_hdlc: return after_c_hdlc(in);
    case link_wifi: return after_wifi(wifi_body(frame));
    case link_radiotap: return after_wifi(radiotap_body(frame));
    case link_pktap:
    case link_user2: return after_pktap(frame);
    default: return ended("link type is not read");
  }
}

/// Not one in another.
Layer after_pktap(Bytes frame) {
  const auto inner = pktap_frame(frame);
  if (inner.why != nullptr) return ended(inner.why);
  if (inner.link_type == link_pktap || inner.link_type == link_user2)
    return ended("link type is not read");
  return first_layer(inner.link_type, frame.subspan(inner.header));
}

std::uint32_t version_of(const Cursor& in) {
  const unsigned version = in.left() > 0 ? in.rest()[0] >> 4 : 0u;
  return version == 4 ? ether_ipv4 : version == 6 ? ether_ipv6 : unknown;
}

}  // namespace

Unwrapped unwrap(int link_type, Bytes frame) noexcept {
  Layer layer = first_layer(link_type, frame);
  for (int depth = 0; depth < most_layers; ++depth) {
    if (layer.next == by_version) layer.next = version_of(layer.in);
    switch (layer.next) {
      case ether_ipv4: return {Network::ipv4, layer.in.rest(), ""};
      case ether_ipv6: return {Network::ipv6, layer.in.rest(), ""};
      case ether_arp: return {Network::arp, layer.in.rest(), ""};
      case ether_vlan:
      case ether_qinq:
      case ether_qinq_old: layer = after_vlan(layer.in); break;
      case ether_mpls:
      case ether_mpls_upstream: layer = after_mpls(layer.in); break;
      case ether_pppoe: layer = after_pppoe(layer.in); break;
      case llc: layer = after_llc(layer.in); break;
      case ppp: layer = after_ppp(layer.in); break;
      case nothing: return {Network::none, {}, layer.why};
      default: return {Network::none, {}, "neither IP nor ARP"};
    }
  }
  return {Network::none, {}, "too many link layers"};
}

}  // namespace hopblame
