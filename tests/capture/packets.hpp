#pragma once
// Packets for the tests of this folder, built with libtins: the other implementation.

#include <tins/tins.h>

#include <cstdint>
#include <string>
#include <vector>

#include "capture/decode.hpp"

namespace hopblame::test {

using Packet = std::vector<std::uint8_t>;

struct Named {
  std::string name;
  int link_type;
  Packet bytes;
};

inline const char* const client = "192.0.2.7";
inline const char* const server = "203.0.113.10";
inline const char* const router = "198.51.100.77";
inline const char* const client6 = "2001:db8::7";
inline const char* const server6 = "2001:db8:1::10";
inline const char* const router6 = "2001:db8:2::77";

Tins::TCP syn();
Tins::IP ipv4(const char* source, const char* destination);
Tins::IPv6 ipv6(const char* source, const char* destination);

Packet syn_v4();
Packet syn_v6();
/// From `server`; `options` in whole words.
Packet tcp_segment(std::uint16_t source, std::uint16_t destination, const Packet& options,
                   const std::string& text);
/// An ICMP error about `quoted`, of which the first `kept` bytes are quoted.
Packet icmp_error_v4(std::uint8_t type, std::uint8_t code, const Packet& quoted, std::size_t kept);
Packet icmp_error_v6(std::uint8_t type, std::uint8_t code, const Packet& quoted, std::size_t kept);

/// One packet of every message and every link type we read.
std::vector<Named> golden_packets();
/// The same IP packet in every link layer we read; `ether_type` says which IP it is.
std::vector<Named> in_every_link_layer(const Packet& ip, std::uint16_t ether_type);

Packet operator+(Packet left, const Packet& right);
std::string hex(const Packet& bytes);

Frame frame_of(int link_type, const Packet& bytes);
inline Observation decoded(int link_type, const Packet& bytes) {
  return decode(frame_of(link_type, bytes));
}
inline constexpr int raw = 101;

}  // namespace hopblame::test
