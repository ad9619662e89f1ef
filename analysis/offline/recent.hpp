#pragma once
// The last SYNs by their sequence number, which stacks choose at random (RFC 6528) and which NAT
// leaves alone where it changes an end.

#include <array>

#include "analysis/offline/pool.hpp"

namespace hopblame::offline {

class RecentSyns {
 public:
  void add(std::uint32_t sequence, PoolId id) { place(sequence) = {sequence, id}; }
  [[nodiscard]] bool knows(std::uint32_t sequence) const {
    return places_.data()[sequence % places_.size()].sequence == sequence;
  }
  /// Where it was begun; whoever asks must look whether it is still there.
  [[nodiscard]] PoolId find(std::uint32_t sequence) {
    const auto& known = place(sequence);
    return known.sequence == sequence ? known.id : nothing;
  }

 private:
  struct Place {
    std::uint32_t sequence = 0;
    PoolId id = nothing;
  };
  Place& place(std::uint32_t sequence) { return places_.data()[sequence % places_.size()]; }

  std::array<Place, 4096> places_{};
};

}  // namespace hopblame::offline
