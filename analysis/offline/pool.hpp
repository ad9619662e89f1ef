#pragma once
// Equal pieces of memory, given out by number and used again. A piece never moves.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace hopblame::offline {

using PoolId = std::uint32_t;
inline constexpr PoolId nothing = ~PoolId{0};

template <class Item>
class Pool {
 public:
  [[nodiscard]] PoolId take() {
    if (free_.empty()) return grow();
    const auto id = free_.back();
    free_.pop_back();
    ::new (&(*this)[id]) Item;  // not Item{}: that would clear it first
    return id;
  }
  void give_back(PoolId id) {
    prefetch(id);  // given back last, it is taken first
    free_.push_back(id);
  }

  /// Unchecked: numbers come from take().
  [[nodiscard]] Item& operator[](PoolId id) {
    return chunks_.data()[id / per_chunk].get()[id % per_chunk];
  }
  [[nodiscard]] const Item& operator[](PoolId id) const {
    return chunks_.data()[id / per_chunk].get()[id % per_chunk];
  }

 private:
  void prefetch(PoolId id) const {
    const auto* start = reinterpret_cast<const char*>(&(*this)[id]);
    for (std::size_t at = 0; at < std::min<std::size_t>(sizeof(Item), 128); at += 64)
      __builtin_prefetch(start + at, 1);
  }
  static constexpr std::size_t per_chunk = 1024;

  PoolId grow() {
    if (made_ % per_chunk == 0) chunks_.push_back(std::make_unique<Item[]>(per_chunk));
    return made_++;
  }

  std::vector<std::unique_ptr<Item[]>> chunks_;
  std::vector<PoolId> free_;
  PoolId made_ = 0;
};

}  // namespace hopblame::offline
