#pragma once
// What a packet says, one type per kind. Nothing is merged on the way in: an unknown ICMP code
// stays a number, what a short quote does not carry is absent, never 0.

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "analysis/model/flow.hpp"
#include "analysis/model/ids.hpp"

namespace hopblame {

/// TCP flag bits (RFC 9293 section 3.1).
namespace tcp_flag {
inline constexpr std::uint8_t fin = 0x01, syn = 0x02, rst = 0x04, psh = 0x08, ack = 0x10;
inline constexpr std::uint8_t ecn = 0xc0;  ///< ECE and CWR: in a SYN, asks for ECN (RFC 3168)
}  // namespace tcp_flag

struct TcpSegment {
  std::uint32_t sequence = 0, acknowledgment = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;
  std::uint32_t payload = 0;  ///< bytes after the TCP header, from the IP length, not the capture
  std::uint16_t option_bytes = 0;    ///< length of the options by the data offset
  std::optional<std::uint16_t> mss;  ///< RFC 9293 section 3.2; absent when not sent or cut off
  bool timestamps = false, sack_permitted = false, window_scale = false;
  /// Its stack drops it unread. Looked at where the whole segment was captured and has no payload.
  bool bad_checksum = false;
  bool joins_another = false;  ///< one more subflow of Multipath TCP (RFC 8684 section 3.2)
  bool is_signed = false;      ///< by TCP MD5 (RFC 2385) or TCP-AO (RFC 5925)
  /// The start of the payload as far as the capture holds it, at most 64 bytes.
  std::vector<std::uint8_t> text;

  [[nodiscard]] bool has(std::uint8_t bits) const { return (flags & bits) == bits; }
  [[nodiscard]] bool is_syn() const { return (flags & 0x17) == tcp_flag::syn; }
  [[nodiscard]] bool is_syn_ack() const {
    return (flags & 0x17) == (tcp_flag::syn | tcp_flag::ack);
  }
  [[nodiscard]] bool is_reset() const { return has(tcp_flag::rst); }
  bool operator==(const TcpSegment&) const = default;
};

struct UdpDatagram {
  std::uint16_t length = 0, checksum = 0;
  bool operator==(const UdpDatagram&) const = default;
};

struct IcmpEcho {
  bool reply = false;
  std::uint16_t identifier = 0, sequence = 0;
  bool operator==(const IcmpEcho&) const = default;
};

/// What the first bytes after the quoted IP header tell. RFC 792 promises only eight of them, so
/// for TCP the sequence number is there and the flags often are not.
struct Quote {
  Flow flow;
  std::optional<std::uint32_t> tcp_sequence;  ///< absent when fewer than 8 bytes of TCP are quoted
  std::optional<std::uint8_t> tcp_flags;      ///< only in quotes of at least 14 bytes of TCP
  std::optional<std::uint16_t> udp_checksum;
  std::optional<std::uint16_t> echo_identifier, echo_sequence;
  HopLimit hop_limit;  ///< as it was when the sender of the error quoted it
  std::uint8_t traffic_class = 0;
  std::uint32_t ip_id_or_flow_label = 0;
  std::uint16_t bytes = 0;    ///< quoted bytes in the capture, the quoted IP header included
  bool bad_checksum = false;  ///< of the quoted IPv4 header: somebody changed it and left that
  bool operator==(const Quote&) const = default;
};

/// An ICMP or ICMPv6 message that quotes a packet: numbers as on the wire (RFC 792, RFC 4443).
struct IcmpError {
  std::uint8_t type = 0, code = 0;
  std::optional<Quote> quote;        ///< absent when the quote cannot be read
  std::optional<std::uint32_t> mtu;  ///< 3/4 (RFC 1191) and ICMPv6 2/0
  bool operator==(const IcmpError&) const = default;
};

/// ARP (RFC 826) or Neighbour Discovery (RFC 4861 types 135, 136).
struct NeighbourMessage {
  bool answer = false;  ///< ARP reply or neighbour advertisement
  IpAddress target;     ///< the address asked for
  bool operator==(const NeighbourMessage&) const = default;
};

/// The packet could not be read any further; `why` is a fixed text.
struct Unreadable {
  const char* why = "";
  bool operator==(const Unreadable& other) const;
};

using Message =
    std::variant<TcpSegment, UdpDatagram, IcmpEcho, IcmpError, NeighbourMessage, Unreadable>;

}  // namespace hopblame
