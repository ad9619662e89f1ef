#pragma once
// Silence first, then nothing but answers: a fault ended. A limit lets the first ones through.

#include <algorithm>
#include <iterator>
#include <optional>

namespace hopblame {

/// The first of `tries`, which are in order of time, that `got_through`, where silence is before it
/// only and nothing but answers after it. A lost answer or two at the beginning are no change.
template <class Tries, class Passed>
[[nodiscard]] auto change_for_good(const Tries& tries, Passed got_through)
    -> std::optional<decltype(std::begin(tries))> {
  constexpr int least_silence = 3;
  const auto first = std::ranges::find_if(tries, got_through);
  if (first == std::end(tries) || first - std::begin(tries) < least_silence) return {};
  if (!std::ranges::all_of(first, std::end(tries), got_through)) return {};
  return first;
}

}  // namespace hopblame
