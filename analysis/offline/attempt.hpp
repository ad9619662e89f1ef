#pragma once
// One connection attempt, or one probe, of a capture that somebody else made.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/exchange.hpp"
#include "analysis/model/words.hpp"

namespace hopblame::offline {

/// With what the peer ended a connection.
struct Ending {
  FrameId frame;
  HopLimit hop_limit;
  bool reset = false;  ///< a RST; else an orderly FIN
};

/// What happened after the handshake.
struct Talk {
  std::optional<TimePoint> connected;      ///< the client acknowledged the SYN/ACK
  std::optional<TimePoint> spoke;          ///< the first byte from the peer
  std::string greeting;                    ///< its first bytes; outside text
  std::optional<TimePoint> client_closed;  ///< the client ended it first
  std::optional<TimePoint> closed;         ///< the peer ended it first
  std::optional<Ending> end;               ///< with what
  bool over = false;                       ///< both ended it, or one reset it
  std::uint32_t sent_up_to = 0;            ///< sequence after the client's last byte
  unsigned unacknowledged = 0;             ///< times the client repeated data in vain
};

/// The first few.
struct IpIds {
  std::array<std::uint16_t, 8> values{};
  std::uint8_t count = 0;
  void add(std::uint16_t value) {
    if (count < values.size()) values[count++] = value;
  }
  [[nodiscard]] bool has(std::uint16_t value) const {
    return std::find(values.begin(), values.begin() + count, value) != values.begin() + count;
  }
};

struct Attempt {
  Exchange exchange;
  IpIds ip_ids;  ///< of its packets: some tools tell their probes by it only
  Talk talk;
  TimePoint touched;
  std::uint64_t serial = 0;
  bool joined = false;               ///< the capture began after the connection
  bool unseen = false;               ///< the answer is in the capture, the question is not
  bool answer_unseen = false;        ///< the client acts on an answer that is not in the capture
  unsigned misfits = 0;              ///< answers with wrong numbers
  std::optional<Outcome> outcome{};  ///< as counted, once it is finished
};

/// A probe sent to die on the way: no stack starts at so little, no path is that long.
inline constexpr std::uint8_t longest_walk = 32;
[[nodiscard]] bool is_limited(const Attempt& attempt);

/// A probe of the same sample with this hop limit or more had hops enough to arrive: clearly more
/// than the last router that answered.
[[nodiscard]] unsigned enough_hops(const std::vector<Attempt>& sample);

/// How it ended, for the counters; absent for what is no attempt to connect (a step of a walk, a
/// connection that was there before the capture and did not die). `horizon`: the capture saw
/// everything up to then.
[[nodiscard]] std::optional<Outcome> outcome_of(const Attempt& attempt, TimePoint horizon);

}  // namespace hopblame::offline
