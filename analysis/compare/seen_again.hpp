#pragma once
// One packet that one capture shows twice: on two interfaces of the machine (tcpdump -i any), as it
// comes in and as it goes out.

#include <set>
#include <span>
#include <vector>

#include "analysis/compare/sight.hpp"
#include "analysis/model/observation.hpp"

namespace hopblame::compare {

/// The same packet once more, on another interface of the machine that captured it, or after it
/// passed that machine.
[[nodiscard]] bool is_seen_again(const Observation& known, const Observation& packet);

/// The same SYN on its way through the machine that captured it, whatever addresses and ports that
/// made of its own: a NAT leaves the number and the IP ID alone.
[[nodiscard]] bool is_same_syn(const Observation& known, const Observation& packet);

/// What a machine did with the packets of others.
struct Forwarding {
  bool there = false, back = false;   ///< to the target, from it: some went out with a hop less
  std::vector<FrameId> examples;      ///< of what shows that: a packet as it came, and as it went
  std::set<std::uint64_t> passed_on;  ///< their frames
};

/// A host does not take from the hop limit of what it sends or gets; who does is on the way.
[[nodiscard]] Forwarding forwarding_in(const Sorted& capture, const Names& target);

/// The frames of SYNs that go on with a hop less, to whichever address.
[[nodiscard]] std::set<std::uint64_t> syns_passed_on(std::span<const Observation> packets);

}  // namespace hopblame::compare
