// attempts COUNT [SEED] [TARGETS]: a classic pcap of that many connection attempts to standard
// output, and the truth about them to standard error, one JSON object. The mix: 40 % handshake with
// a little data, 20 % RST, 20 % a SYN with three retransmissions and silence, 10 % ICMP unreachable
// with a short or a whole quote, 5 % reset in mid-stream, 5 % traceroute bursts; 80 % IPv4, 20 %
// IPv6.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <random>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Packet {
  std::uint64_t at;  ///< microseconds
  std::uint64_t serial;
  Bytes bytes;
  bool operator<(const Packet& other) const {
    return at != other.at ? at > other.at : serial > other.serial;
  }
};

struct Ends {
  bool v6;
  std::uint32_t client, server;  ///< the last four bytes of the addresses
  std::uint16_t from, to;
};

constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16;
constexpr std::uint64_t start = 1'700'000'000'000'000, spacing = 100, round_trip = 20'000;

std::priority_queue<Packet> waiting;
std::uint64_t serial = 0;

void u16(Bytes& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}
void u32(Bytes& out, std::uint32_t value) {
  u16(out, value >> 16);
  u16(out, value & 0xffff);
}

void address(Bytes& out, bool v6, std::uint32_t tail) {
  if (v6) {
    u32(out, 0x20010db8);
    u32(out, 0);
    u32(out, 0);
  }
  u32(out, tail);
}

void ip(Bytes& out, bool v6, unsigned protocol, std::uint8_t limit, std::uint32_t source,
        std::uint32_t destination, std::size_t length) {
  if (v6) {
    u32(out, 0x60000000);
    u16(out, static_cast<unsigned>(length));
    out.push_back(static_cast<std::uint8_t>(protocol));
    out.push_back(limit);
  } else {
    u16(out, 0x4500);
    u16(out, static_cast<unsigned>(length + 20));
    u16(out, static_cast<unsigned>(serial & 0xffff) | 1);
    u16(out, 0x4000);
    out.push_back(limit);
    out.push_back(static_cast<std::uint8_t>(protocol));
    u16(out, 0);
  }
  address(out, v6, source);
  address(out, v6, destination);
}

Bytes tcp(const Ends& ends, bool back, std::uint8_t limit, std::uint8_t flags, std::uint32_t seq,
          std::uint32_t acked, std::size_t payload = 0) {
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

Bytes icmp(const Ends& ends, std::uint32_t router, unsigned type, unsigned code,
           const Bytes& quoted, bool whole) {
  const std::size_t size = whole ? quoted.size() : (ends.v6 ? 48 : 28);
  Bytes out;
  ip(out, ends.v6, ends.v6 ? 58 : 1, 62, router, ends.client, 8 + size);
  out.push_back(static_cast<std::uint8_t>(type));
  out.push_back(static_cast<std::uint8_t>(code));
  u16(out, 0);
  u32(out, 0);
  out.insert(out.end(), quoted.begin(), quoted.begin() + static_cast<std::ptrdiff_t>(size));
  return out;
}

void put(std::uint64_t at, Bytes bytes) { waiting.push({at, serial++, std::move(bytes)}); }

void word(std::uint32_t value) { std::fwrite(&value, 4, 1, stdout); }

std::uint64_t packets = 0;
void write_until(std::uint64_t at) {
  for (; !waiting.empty() && waiting.top().at <= at; waiting.pop(), ++packets) {
    const auto& packet = waiting.top();
    const auto size = static_cast<std::uint32_t>(packet.bytes.size() + 14);
    static const std::array<std::uint8_t, 12> macs{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
    word(static_cast<std::uint32_t>(packet.at / 1'000'000));
    word(static_cast<std::uint32_t>(packet.at % 1'000'000));
    word(size);
    word(size);
    std::fwrite(macs.data(), 1, macs.size(), stdout);
    std::fwrite(packet.bytes[0] >> 4 == 6 ? "\x86\xdd" : "\x08\x00", 1, 2, stdout);
    std::fwrite(packet.bytes.data(), 1, packet.bytes.size(), stdout);
  }
}

struct Truth {
  std::uint64_t open = 0, refused = 0, rejected = 0, dropped = 0, other = 0;
} truth;

void handshake(std::uint64_t at, const Ends& ends, std::uint32_t isn, bool dies) {
  const std::uint32_t theirs = isn ^ 0x5a5a5a5a;
  auto t = at;
  put(t, tcp(ends, false, 64, syn, isn, 0));
  put(t += round_trip, tcp(ends, true, 60, syn | ack, theirs, isn + 1));
  put(t += 20, tcp(ends, false, 64, ack, isn + 1, theirs + 1));
  put(t += 100, tcp(ends, false, 64, psh | ack, isn + 1, theirs + 1, 80));
  put(t += round_trip, tcp(ends, true, 60, psh | ack, theirs + 1, isn + 81, 400));
  if (dies) {
    put(t += 100, tcp(ends, true, 60, rst | ack, theirs + 401, isn + 81));
    ++truth.other;
    return;
  }
  put(t += 50, tcp(ends, false, 64, fin | ack, isn + 81, theirs + 401));
  put(t += round_trip, tcp(ends, true, 60, fin | ack, theirs + 401, isn + 82));
  put(t += 20, tcp(ends, false, 64, ack, isn + 82, theirs + 402));
  ++truth.open;
}

void silence(std::uint64_t at, const Ends& ends, std::uint32_t isn) {
  for (const unsigned second : {0u, 1u, 3u, 7u})
    put(at + second * 1'000'000, tcp(ends, false, 64, syn, isn, 0));
  ++truth.dropped;
}

void rejection(std::uint64_t at, const Ends& ends, std::uint32_t isn, bool whole) {
  const auto probe = tcp(ends, false, 64, syn, isn, 0);
  put(at, probe);
  put(at + round_trip / 2, icmp(ends, 0xc6336402, ends.v6 ? 1 : 3, ends.v6 ? 1 : 13, probe, whole));
  ++truth.rejected;
}

void traceroute(std::uint64_t at, const Ends& ends, std::uint32_t isn) {
  for (std::uint8_t hop = 1; hop <= 5; ++hop) {
    const auto probe = tcp(ends, false, hop, syn, isn + hop, 0);
    const auto t = at + hop * 1000u;
    put(t, probe);
    if (hop == 5)
      put(t + round_trip, tcp(ends, true, 60, rst | ack, 0, isn + hop + 1));
    else
      put(t + hop * 4000u, icmp(ends, 0xc6336400u + hop, ends.v6 ? 3 : 11, 0, probe, true));
  }
  ++truth.refused;
}

}  // namespace

int main(int count_of_arguments, char** arguments) {
  if (count_of_arguments < 2) return 2;
  const auto count = std::strtoull(arguments[1], nullptr, 10);
  std::mt19937_64 random(count_of_arguments > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1);
  const auto targets = count_of_arguments > 3 ? std::strtoull(arguments[3], nullptr, 10) : 1000;
  word(0xa1b2c3d4);
  word(0x00040002);
  word(0);
  word(0);
  word(262144);
  word(1);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto at = start + i * spacing;
    write_until(at);
    const auto server = static_cast<std::uint32_t>(random() % targets);
    const Ends ends{random() % 5 == 0, 0xc0000200u + static_cast<std::uint32_t>(i / 60'000),
                    0xcb000000u + server, static_cast<std::uint16_t>(1024 + i % 60'000), 443};
    const auto isn = static_cast<std::uint32_t>(random());
    const auto kind = random() % 100;
    if (kind < 40) {
      handshake(at, ends, isn, false);
    } else if (kind < 60) {
      put(at, tcp(ends, false, 64, syn, isn, 0));
      put(at + round_trip, tcp(ends, true, 60, rst | ack, 0, isn + 1));
      ++truth.refused;
    } else if (kind < 80) {
      silence(at, ends, isn);
    } else if (kind < 90) {
      rejection(at, ends, isn, kind % 2 == 0);
    } else if (kind < 95) {
      handshake(at, ends, isn, true);
    } else {
      traceroute(at, ends, isn);
    }
  }
  write_until(UINT64_MAX);
  std::fprintf(
      stderr,
      "{\"packets\": %llu, \"total\": %llu, \"open\": %llu, \"refused\": %llu, "
      "\"rejected\": %llu, \"dropped\": %llu, \"other\": %llu}\n",
      static_cast<unsigned long long>(packets), static_cast<unsigned long long>(count),
      static_cast<unsigned long long>(truth.open), static_cast<unsigned long long>(truth.refused),
      static_cast<unsigned long long>(truth.rejected),
      static_cast<unsigned long long>(truth.dropped), static_cast<unsigned long long>(truth.other));
  return 0;
}
