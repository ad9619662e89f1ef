#pragma once
// The comparison as a verdict.

#include "analysis/compare/comparison.hpp"
#include "analysis/model/verdict.hpp"

namespace hopblame::compare {

/// `alone`: what the client's capture alone was judged to be; it knows the path, and where it
/// blames the same mechanism it may know the place better.
[[nodiscard]] Analysis judge(const Comparison& comparison, const Side& client, const Side& server,
                             const Endpoint& target, const Analysis& alone);

}  // namespace hopblame::compare
