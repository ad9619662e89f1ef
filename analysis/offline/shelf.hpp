#pragma once
// The attempts that are kept for the judges, packed: a capture may have a million targets, and each
// keeps one at least. Following an attempt takes a quarter of a kilobyte and more; packed it is 40
// to 90 bytes, and what the peer said.

#include <memory>
#include <utility>
#include <vector>

#include "analysis/offline/fetch_ahead.hpp"
#include "analysis/offline/packed_trail.hpp"

namespace hopblame::offline {

class Shelf {
 public:
  /// What is asked about an attempt without unpacking it.
  struct Label {
    PoolId next = nothing;  ///< the next older one of the same list
    ProbeKind kind = ProbeKind::syn;
    HopLimit hop_limit;
    MaybeOutcome outcome{};
  };

  [[nodiscard]] PoolId put(const Trails& trails, const Trail& trail, const Ends& ends, PoolId next);
  void remove(PoolId id);

  /// As much of it as most are long.
  void prefetch(PoolId id) const {
    for (std::size_t at = 0; at < 192; at += 64) fetch_ahead(place(id) + at);
  }
  [[nodiscard]] Label label(PoolId id) const;
  void set_next(PoolId id, PoolId next);

  /// Calls `visit(trails, trail)` for this one and all older ones; neither outlives the call.
  template <class Visit>
  void each(PoolId newest, const Ends& ends, Visit visit) const {
    for (auto id = newest; id != nothing; id = tag_of(id).next) {
      const auto trail = unpack(id, ends);
      visit(unpacked_, std::as_const(unpacked_)[trail]);
      unpacked_.give_back(trail);
    }
  }

 private:
  static constexpr std::size_t unit = 8, per_chunk = 8192;  ///< bytes; units

  /// At the head of each, one unit.
  struct Tag {
    PoolId next = nothing;
    ProbeKind kind = ProbeKind::syn;
    HopLimit hop_limit;
    MaybeOutcome outcome{};
    std::uint8_t units = 0;  ///< in all
  };
  static_assert(sizeof(Tag) == unit);

  [[nodiscard]] std::uint8_t* place(PoolId id) const {
    return chunks_[id / per_chunk].get() + id % per_chunk * unit;
  }
  [[nodiscard]] Tag tag_of(PoolId id) const;
  void set_tag(PoolId id, const Tag& tag);
  [[nodiscard]] PoolId room(std::size_t units);
  [[nodiscard]] TrailId unpack(PoolId id, const Ends& ends) const;

  std::vector<std::unique_ptr<std::uint8_t[]>> chunks_;
  std::size_t used_ = per_chunk;                                  ///< units of the last chunk
  std::vector<PoolId> free_ = std::vector<PoolId>(256, nothing);  ///< by units, each a list
  mutable Trails unpacked_;                                       ///< one at a time
};

}  // namespace hopblame::offline
