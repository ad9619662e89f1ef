#include "analysis/verdict/copied_limit.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

TEST_CASE("What a copied hop limit lost is the same for all that was sent") {
  CHECK(there_and_back({{64, {56}}, {9, {1}}}) == 8);
  // One probe says nothing, nor does a box that draws its hop limits at random.
  CHECK_FALSE(there_and_back({{64, {56}}, {64, {56}}}));
  CHECK_FALSE(there_and_back({{64, {56}}, {9, {30}}, {10, {7}}}));
  // The host's own stack begins at its own: only the box's follow the probe's.
  CHECK(there_and_back({{64, {61}}, {64, {58}}, {9, {3}}}) == 6);
  CHECK_FALSE(there_and_back({{64, {60}}, {9, {5}}, {20, {14}}, {8, {2}}}));
}
