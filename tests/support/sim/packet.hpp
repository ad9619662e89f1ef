#pragma once
// A packet under way in the simulated network: what an Observation will say of it, and the little
// that only the boxes care about. Also the World every box shares, and what a box is.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>
#include <string>

#include "analysis/model/observation.hpp"
#include "analysis/model/probe.hpp"
#include "tests/support/sim/agenda.hpp"
#include "tests/support/sim/scenario.hpp"

namespace hopblame::sim {

struct World {
  World(const Scenario& scenario, std::uint64_t seed, TimePoint start)
      : agenda(start),
        random(seed),
        family(scenario.family),
        client(scenario.client.address),
        target(scenario.target.address),
        sent_again_after(
            std::max<Duration>(std::chrono::milliseconds(300), 2 * round_trip(scenario))) {}

  Agenda agenda;
  std::mt19937_64 random;
  Family family;
  IpAddress client, target;
  Duration sent_again_after;  ///< data on a connection: stacks have measured the way by then

  std::uint32_t word() { return static_cast<std::uint32_t>(random()); }
  double unit() { return static_cast<double>(random() >> 11) * 0x1p-53; }
  [[nodiscard]] Transport icmp() const {
    return family == Family::ipv4 ? Transport::icmp : Transport::icmp6;
  }
};

struct Packet {
  Flow flow;
  std::uint8_t hop_limit = 64, traffic_class = 0;
  std::uint32_t ip_id_or_flow_label = 0;
  bool dont_fragment = true;
  bool bad_checksum = false;
  bool translated = false;  ///< a port forward sent it on; addresses stay those the client sees
  std::string payload;
  Message message;

  [[nodiscard]] const TcpSegment* tcp() const { return std::get_if<TcpSegment>(&message); }
  [[nodiscard]] TcpSegment* tcp() { return std::get_if<TcpSegment>(&message); }
};

/// The side of a box a packet comes in or goes out by.
enum class Side { near, far };  // near: toward the client

struct Node {
  virtual ~Node() = default;
  virtual void arrive(Packet packet, Side from) = 0;
};

/// Puts a packet on the wire at one side of a box.
using Out = std::function<void(Packet, Side)>;

/// The bytes of the transport header and what it carries.
[[nodiscard]] unsigned transport_bytes(const Packet& packet);
[[nodiscard]] unsigned header_bytes(Family family);  ///< of IP
/// The largest payload of one segment with timestamps in 1500 bytes.
[[nodiscard]] inline std::size_t largest_segment(Family family) {
  return 1500 - header_bytes(family) - 32;
}

[[nodiscard]] Packet from_probe(const ProbeSpec& spec);
[[nodiscard]] Observation observed(const Packet& packet, TimePoint at);

/// "3 +0.021000s 192.0.2.1 > 192.0.2.7 ttl 64 icmp 11/0 ..." for the history of a failed test.
[[nodiscard]] std::string to_line(const Observation& observation, TimePoint start);

}  // namespace hopblame::sim
