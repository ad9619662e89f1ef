#pragma once
// An index of pool numbers by hash: open addressing in slots of 8 bytes, half of them a tag of the
// hash, so that a look-up touches one line of memory and growing touches no record.

#include <vector>

#include "analysis/offline/fetch_ahead.hpp"
#include "analysis/offline/pool.hpp"

namespace hopblame::offline {

class Slots {
 public:
  /// More places for each entry: fewer steps to it, which are hard to foresee.
  explicit Slots(std::size_t places = 2) : slots_(1024), places_(places) {}

  /// The entry with this hash for which `same(id)`; `nothing` when there is none.
  template <class Same>
  [[nodiscard]] PoolId find(std::uint64_t hash, Same same) const {
    const auto tag = tag_of(hash);
    const auto* slots = slots_.data();
    const auto mask = mask_;
    for (auto at = tag & mask;; at = (at + 1) & mask) {
      const auto slot = slots[at];
      if (slot.id == nothing) return nothing;
      if (slot.tag == tag && same(slot.id)) return slot.id;
    }
  }

  /// The first entry with this tag, probably the right one: to be fetched ahead.
  [[nodiscard]] PoolId guess(std::uint64_t hash) const {
    const auto tag = tag_of(hash);
    auto at = tag & mask_;
    // Whether there is one cannot be foreseen; that the first place is another's is rare.
    const auto another = [&](const auto& slot) {
      return static_cast<unsigned>(slot.id != nothing) & static_cast<unsigned>(slot.tag != tag);
    };
    while (another(slots_.data()[at]) != 0) at = (at + 1) & mask_;
    return slots_.data()[at].id;
  }
  void prefetch(std::uint64_t hash) const { fetch_ahead(slots_.data() + (tag_of(hash) & mask())); }

  void insert(std::uint64_t hash, PoolId id) {
    if ((used_ + 1) * places_ > slots_.size()) grow();
    put({tag_of(hash), id});
    ++used_;
  }
  void replace(std::uint64_t hash, PoolId old, PoolId id) { at(place_of(hash, old)).id = id; }

  void erase(std::uint64_t hash, PoolId id) {
    auto hole = place_of(hash, id);
    for (auto next = hole;;) {  // whoever may stand in the hole moves up
      next = (next + 1) & mask();
      const auto slot = at(next);
      if (slot.id == nothing) break;
      if (((next - slot.tag) & mask()) < ((next - hole) & mask())) continue;
      at(hole) = slot;
      hole = next;
    }
    at(hole) = {};
    --used_;
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    PoolId id = nothing;
  };

  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }
  [[nodiscard]] std::size_t mask() const { return mask_; }
  /// Unchecked: places come from mask().
  [[nodiscard]] Slot& at(std::size_t place) { return slots_.data()[place]; }

  [[nodiscard]] std::size_t place_of(std::uint64_t hash, PoolId id) const {
    auto place = tag_of(hash) & mask();
    while (slots_.data()[place].id != id) place = (place + 1) & mask();
    return place;
  }
  void put(Slot slot) {
    auto place = slot.tag & mask();
    while (at(place).id != nothing) place = (place + 1) & mask();
    at(place) = slot;
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    for (const auto& slot : old)
      if (slot.id != nothing) put(slot);
  }

  std::vector<Slot> slots_;  ///< a power of two of them
  std::size_t mask_ = slots_.size() - 1, used_ = 0, places_;
};

}  // namespace hopblame::offline
