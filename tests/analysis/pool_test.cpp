// Numbers instead of pointers: what stays where it was, and what is used again.
#include "analysis/offline/pool.hpp"

#include <set>

#include "tests/support/catch.hpp"

using hopblame::offline::Pool;
using hopblame::offline::PoolId;

namespace {

struct Piece {
  int value = 0;
};

}  // namespace

TEST_CASE("what is taken together and given back together needs no new memory") {
  Pool<Piece> pool;
  std::set<PoolId> seen;
  for (int round = 0; round < 20; ++round) {
    std::vector<PoolId> taken;
    for (int i = 0; i < 1000; ++i) taken.push_back(pool.take());
    seen.insert(taken.begin(), taken.end());
    for (const auto id : taken) pool.give_back(id);
  }
  CHECK(seen.size() < 2000);
}

TEST_CASE("what settles is whole, holds back nobody's memory, and is used again") {
  Pool<Piece> pool;
  std::set<PoolId> young, settled;
  std::vector<PoolId> kept;
  for (int i = 0; i < 20'000; ++i) {
    const auto id = pool.take();
    young.insert(id);
    REQUIRE(pool[id].value == 0);
    pool[id].value = i;
    if (i % 10 != 0) {
      pool.give_back(id);
      continue;
    }
    kept.push_back(pool.settle(id));
    settled.insert(kept.back());
    REQUIRE(pool.settle(kept.back()) == kept.back());
    if (kept.size() <= 100) continue;
    pool.give_back(kept.front());
    kept.erase(kept.begin());
  }
  CHECK(young.size() <= 512);
  CHECK(settled.size() <= 512);
  for (std::size_t i = 0; i < kept.size(); ++i)
    CHECK(pool[kept[i]].value == 20'000 - 10 * static_cast<int>(kept.size() - i));
}
