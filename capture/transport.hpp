#pragma once
// What an IP packet carries, to a message.

#include "analysis/model/message.hpp"
#include "analysis/model/sighting.hpp"
#include "capture/cursor.hpp"

namespace hopblame {

/// Of a payload an Observation holds so many bytes, enough for a greeting.
inline constexpr std::size_t most_text = 64;

/// The ports at the start of a TCP or UDP header, 0 when they are cut off.
struct Ports {
  std::uint16_t source = 0, destination = 0;
};
[[nodiscard]] Ports read_ports(Bytes payload);

/// The options of a TCP header, as far as they were captured.
[[nodiscard]] HandshakeOptions read_options(Cursor in);

/// `payload`: what the capture holds; `on_wire`: how long it was when sent.
[[nodiscard]] Message read_tcp(Bytes payload, std::uint32_t on_wire);
[[nodiscard]] Message read_udp(Bytes payload);
[[nodiscard]] Message read_icmp(Family family, Bytes payload);

}  // namespace hopblame
