#pragma once
// Packets byte by byte, and the files they are written to.
#include <array>
#include <cstdint>
#include <cstdio>
#include <span>
#include <vector>

namespace bench {

using Bytes = std::vector<std::uint8_t>;

struct Ends {
  bool v6;
  std::uint32_t client, server;  ///< the last four bytes of the addresses
  std::uint16_t from, to;
};

inline constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16;

/// Never 0: that is what some stacks send and what says nothing.
inline unsigned ip_id() {
  static unsigned next = 0;
  return (next++ & 0xffff) | 1;
}

inline void u16(Bytes& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}
inline void u32(Bytes& out, std::uint32_t value) {
  u16(out, value >> 16);
  u16(out, value & 0xffff);
}

inline void address(Bytes& out, bool v6, std::uint32_t tail) {
  if (v6) {
    u32(out, 0x20010db8);
    u32(out, 0);
    u32(out, 0);
  }
  u32(out, tail);
}

inline void ip(Bytes& out, bool v6, unsigned protocol, std::uint8_t limit, std::uint32_t source,
               std::uint32_t destination, std::size_t length) {
  if (v6) {
    u32(out, 0x60000000);
    u16(out, static_cast<unsigned>(length));
    out.push_back(static_cast<std::uint8_t>(protocol));
    out.push_back(limit);
  } else {
    u16(out, 0x4500);
    u16(out, static_cast<unsigned>(length + 20));
    u16(out, ip_id());
    u16(out, 0x4000);
    out.push_back(limit);
    out.push_back(static_cast<std::uint8_t>(protocol));
    u16(out, 0);
  }
  address(out, v6, source);
  address(out, v6, destination);
}

inline Bytes tcp(const Ends& ends, bool back, std::uint8_t limit, std::uint8_t flags,
                 std::uint32_t seq, std::uint32_t acked, std::size_t payload = 0) {
  Bytes out;
  ip(out, ends.v6, 6, limit, back ? ends.server : ends.client, back ? ends.client : ends.server,
     20 + payload);
  u16(out, back ? ends.to : ends.from);
  u16(out, back ? ends.from : ends.to);
  u32(out, seq);
  u32(out, acked);
  out.push_back(0x50);
  out.push_back(flags);
  u16(out, flags & rst ? 0 : 64240);
  u32(out, 0);
  out.insert(out.end(), payload, 'x');
  return out;
}

inline Bytes icmp(const Ends& ends, std::uint32_t router, unsigned type, unsigned code,
                  const Bytes& quoted, bool whole) {
  const std::size_t size = whole ? quoted.size() : (ends.v6 ? 48 : 28);
  Bytes out;
  ip(out, ends.v6, ends.v6 ? 58 : 1, 62, router, ends.client, 8 + size);
  out.push_back(static_cast<std::uint8_t>(type));
  out.push_back(static_cast<std::uint8_t>(code));
  u16(out, 0);
  u32(out, 0);
  for (const auto byte : std::span(quoted).first(size)) out.push_back(byte);
  return out;
}

/// A capture on standard output, classic or pcapng, of Ethernet frames.
class Capture {
 public:
  explicit Capture(bool pcapng) : pcapng_(pcapng) {
    if (pcapng)
      words({0x0a0d0d0a, 28, 0x1a2b3c4d, 0x00000001, ~0u, ~0u, 28, 1, 20, 1, 262144, 20});
    else
      words({0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1});
  }

  /// `at`: microseconds since 1970.
  void write(std::uint64_t at, const Bytes& packet) {
    const auto size = static_cast<std::uint32_t>(packet.size() + 14);
    const std::uint32_t padding = (4 - size % 4) % 4, whole = size + padding + 32;
    if (pcapng_)
      words({6, whole, 0, static_cast<std::uint32_t>(at >> 32), static_cast<std::uint32_t>(at),
             size, size});
    else
      words({static_cast<std::uint32_t>(at / 1'000'000), static_cast<std::uint32_t>(at % 1'000'000),
             size, size});
    std::fwrite("\2\0\0\0\0\1\2\0\0\0\0\2", 1, 12, stdout);
    std::fwrite(packet[0] >> 4 == 6 ? "\x86\xdd" : "\x08\x00", 1, 2, stdout);
    std::fwrite(packet.data(), 1, packet.size(), stdout);
    if (pcapng_) std::fwrite("\0\0\0", 1, padding, stdout);
    if (pcapng_) words({whole});
    ++packets;
  }

  std::uint64_t packets = 0;

 private:
  static void words(std::initializer_list<std::uint32_t> values) {
    std::fwrite(values.begin(), sizeof(std::uint32_t), values.size(), stdout);
  }
  bool pcapng_;
};

}  // namespace bench
