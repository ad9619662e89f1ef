// attempts [pcapng] [mix|flood|flows] COUNT [SEED [TARGETS]]: a capture to standard output, and the
// truth about it to standard error, one JSON object.
//   mix    that many connection attempts: 40 % handshake with a little data, 20 % RST, 20 % a SYN
//          with three retransmissions and silence, 10 % ICMP unreachable with a short or a whole
//          quote, 5 % reset in mid-stream, 5 % traceroute bursts; 80 % IPv4, 20 % IPv6
//   flood  that many SYNs, each of another source, to one port, within seconds
//   flows  that many data packets in eight connections
#include <cstdlib>
#include <queue>
#include <random>
#include <string_view>

#include "tests/bench/wire.hpp"

namespace {

using namespace bench;

struct Packet {
  std::uint64_t at;  ///< microseconds
  std::uint64_t serial;
  Bytes bytes;
  bool operator<(const Packet& other) const {
    return at != other.at ? at > other.at : serial > other.serial;
  }
};

constexpr std::uint64_t start = 1'700'000'000'000'000, spacing = 100, round_trip = 20'000;

std::priority_queue<Packet> waiting;
std::uint64_t serial = 0;

void put(std::uint64_t at, Bytes bytes) { waiting.push({at, serial++, std::move(bytes)}); }

void write_until(Capture& capture, std::uint64_t at) {
  for (; !waiting.empty() && waiting.top().at <= at; waiting.pop())
    capture.write(waiting.top().at, waiting.top().bytes);
}

struct Truth {
  std::uint64_t total = 0, open = 0, refused = 0, rejected = 0, dropped = 0, other = 0;
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

void mix(Capture& capture, std::uint64_t count, std::mt19937_64& random, std::uint64_t targets) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto at = start + i * spacing;
    write_until(capture, at);
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
  truth.total = count;
}

/// Two seconds of quiet at the end, so that every SYN had its time.
void flood(Capture& capture, std::uint64_t count, std::mt19937_64& random) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const Ends ends{false, 0x0a000000u + static_cast<std::uint32_t>(i), 0xcb00710au,
                    static_cast<std::uint16_t>(1024 + random() % 60'000), 443};
    capture.write(start + i, tcp(ends, false, 64, syn, static_cast<std::uint32_t>(random()), 0));
  }
  const Ends other{false, 0xc0000201u, 0xcb00710bu, 1024, 443};
  capture.write(start + count + 2'000'000, tcp(other, true, 60, rst, 1, 0));
  truth.total = truth.dropped = count;
}

void flows(Capture& capture, std::uint64_t count) {
  constexpr std::uint16_t together = 8;
  constexpr std::uint32_t size = 1400;
  const auto ends = [](std::uint16_t i) {
    return Ends{false, 0xc0000201u, 0xcb00710au, static_cast<std::uint16_t>(40'000 + i), 443};
  };
  auto at = start;
  for (std::uint16_t i = 0; i < together; ++i) {
    capture.write(++at, tcp(ends(i), false, 64, syn, 1000, 0));
    capture.write(++at, tcp(ends(i), true, 60, syn | ack, 2000, 1001));
    capture.write(++at, tcp(ends(i), false, 64, ack, 1001, 2001));
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto sequence = 2001 + static_cast<std::uint32_t>(i / together) * size;
    const auto flow = ends(static_cast<std::uint16_t>(i % together));
    capture.write(++at, tcp(flow, true, 60, psh | ack, sequence, 1001, size));
  }
  truth.total = truth.open = together;
}

void tell(const Capture& capture) {
  const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::fprintf(stderr,
               "{\"packets\": %llu, \"total\": %llu, \"open\": %llu, \"refused\": %llu, "
               "\"rejected\": %llu, \"dropped\": %llu, \"other\": %llu}\n",
               number(capture.packets), number(truth.total), number(truth.open),
               number(truth.refused), number(truth.rejected), number(truth.dropped),
               number(truth.other));
}

}  // namespace

int main(int count_of_arguments, char** arguments) {
  std::vector<std::string_view> words(arguments + 1, arguments + count_of_arguments);
  const auto take = [&](std::string_view word) {
    const bool there = !words.empty() && words.front() == word;
    if (there) words.erase(words.begin());
    return there;
  };
  const auto number = [&](std::size_t at, std::uint64_t otherwise) {
    return words.size() > at ? std::strtoull(words[at].data(), nullptr, 10) : otherwise;
  };
  Capture capture(take("pcapng"));
  const bool is_flood = take("flood"), is_flows = take("flows");
  static_cast<void>(take("mix"));
  if (words.empty()) return 2;
  std::mt19937_64 random(number(1, 1));
  if (is_flood)
    flood(capture, number(0, 0), random);
  else if (is_flows)
    flows(capture, number(0, 0));
  else
    mix(capture, number(0, 0), random, number(2, 1000));
  write_until(capture, UINT64_MAX);
  tell(capture);
  return 0;
}
