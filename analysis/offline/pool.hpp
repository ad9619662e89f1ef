#pragma once
// Equal pieces of memory, given out by number and used again. New ones lie in the order in which
// they are taken: what begins together and ends together shares pages, and is fetched in a row.
// What outlives the others must settle elsewhere, because a chunk is used again when all have left.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "analysis/offline/fetch_ahead.hpp"

namespace hopblame::offline {

using PoolId = std::uint32_t;
inline constexpr PoolId nothing = ~PoolId{0};

template <class Item>
class Pool {
 public:
  [[nodiscard]] PoolId take() {
    if (next_ % per_chunk == 0) next_ = empty_chunk(per_chunk);
    const auto id = next_++;
    auto& item = (*this)[id];
    fetch_whole(item, ahead);
    ::new (&item) Item;  // not Item{}: that would clear it first
    return id;
  }
  void give_back(PoolId id) {
    if (left_in_.data()[id / per_chunk] == settled)
      free_.push_back(id);
    else
      leave(id / per_chunk);
  }
  /// Moves it among those that stay for long. What it returns is its number from now on.
  [[nodiscard]] PoolId settle(PoolId id) {
    if (left_in_[id / per_chunk] == settled) return id;
    const auto place = settled_place();
    ::new (&(*this)[place]) Item((*this)[id]);
    leave(id / per_chunk);
    return place;
  }

  /// Unchecked: numbers come from take() and settle().
  [[nodiscard]] Item& operator[](PoolId id) {
    return chunks_.data()[id / per_chunk].get()[id % per_chunk].item;
  }
  [[nodiscard]] const Item& operator[](PoolId id) const {
    return chunks_.data()[id / per_chunk].get()[id % per_chunk].item;
  }

 private:
  static constexpr PoolId per_chunk = 256, settled = nothing;
  static constexpr std::size_t ahead = 4;  ///< is fetched when one is taken

  /// Untouched memory until its piece is taken.
  union Room {
    Room() {}
    Item item;
  };

  void leave(PoolId chunk) {
    if (--left_in_.data()[chunk] == 0) empty_.push_back(chunk);
  }
  /// The number of its first piece.
  PoolId empty_chunk(PoolId left) {
    if (empty_.empty()) {
      empty_.push_back(static_cast<PoolId>(chunks_.size()));
      chunks_.push_back(std::make_unique_for_overwrite<Room[]>(per_chunk));
      left_in_.push_back(0);
    }
    const auto chunk = empty_.back();
    empty_.pop_back();
    left_in_[chunk] = left;
    return chunk * per_chunk;
  }
  PoolId settled_place() {
    if (free_.empty()) {
      if (next_settled_ % per_chunk == 0) next_settled_ = empty_chunk(settled);
      return next_settled_++;
    }
    const auto id = free_.back();
    free_.pop_back();
    return id;
  }

  std::vector<std::unique_ptr<Room[]>> chunks_;
  std::vector<PoolId> left_in_;  ///< of each chunk: pieces not given back, not yet taken; `settled`
  std::vector<PoolId> empty_;    ///< chunks
  std::vector<PoolId> free_;     ///< settled pieces
  PoolId next_ = 0, next_settled_ = 0;
};

}  // namespace hopblame::offline
