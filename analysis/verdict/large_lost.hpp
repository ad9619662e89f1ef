#pragma once
// Small packets pass and large ones do not, and where a router says so, it may be this machine that
// does not hear it.

#include "analysis/path/own_words.hpp"
#include "analysis/verdict/accepted_case.hpp"

namespace hopblame {

/// A router's word that a packet was too big for the next link; null: none.
[[nodiscard]] const Reply* too_big(const Case& the_case);

/// Of our words the first were acknowledged, and these never were.
[[nodiscard]] Finding large_lost(const Case& the_case, const Accepted& accepted,
                                 const OwnSegment& lost, std::uint32_t acknowledged);

}  // namespace hopblame
