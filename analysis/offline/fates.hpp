#pragma once
// Of a target that several clients ask: does each of them always fare alike?

#include <array>
#include <bit>
#include <cstdint>

#include "analysis/model/level.hpp"
#include "analysis/model/verdict.hpp"
#include "analysis/offline/key_hash.hpp"

namespace hopblame::offline {

/// Clients are a bit each: two that share one are taken for the same, which only hides that they
/// differ. Without a seed, so that the same file gives the same verdict.
class Fates {
 public:
  void add(const IpAddress& client, Outcome outcome, std::uint32_t times = 1) {
    if (outcome == Outcome::inconclusive || times == 0) return;
    auto& fate = outcome == Outcome::open ? well_ : ill_;
    const auto hash = KeyHash{}(client);
    fate.clients.at(hash >> 6 & 3) |= std::uint64_t{1} << (hash & 63);
    fate.attempts += times;
  }
  /// Nobody fared now so and now so, although several tried again: it depends on who asks.
  [[nodiscard]] bool differ_by_client() const {
    for (std::size_t i = 0; i < well_.clients.size(); ++i)
      if ((well_.clients.at(i) & ill_.clients.at(i)) != 0) return false;
    return well_.tried_again() && (ill_.tried_again() || is_one_of_many());
  }

 private:
  struct Fate {
    std::array<std::uint64_t, 4> clients{};
    std::uint32_t attempts = 0;
    [[nodiscard]] std::uint32_t known() const {
      std::uint32_t count = 0;
      for (const auto some : clients) count += static_cast<std::uint32_t>(std::popcount(some));
      return count;
    }
    /// Once may be chance.
    [[nodiscard]] bool tried_again() const { return attempts >= known() + 2; }
  };
  /// One tried twice, in vain. Were two failures dealt out by chance among all attempts, both would
  /// seldom fall to one client that makes no more than two.
  [[nodiscard]] bool is_one_of_many() const {
    if (ill_.known() != 1 || ill_.attempts != 2) return false;
    const double all = ill_.attempts + well_.attempts, pairs = all * (all - 1) / 2;
    return (well_.known() + 1) / pairs < level::by_client;
  }
  Fate well_, ill_;
};

}  // namespace hopblame::offline
