#pragma once
// Sorting lists that mostly are sorted already, as what a capture holds is by time.

#include <algorithm>
#include <functional>
#include <utility>

namespace hopblame {

/// A stable sort; it takes no memory where there is nothing to do.
template <class Range, class Projection>
void put_in_order(Range& range, Projection by) {
  if (!std::ranges::is_sorted(range, {}, by)) std::ranges::stable_sort(range, {}, std::move(by));
}

}  // namespace hopblame
