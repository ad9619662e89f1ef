#pragma once
// The answer comes, but from another address or port than the one that was asked: no connection can
// take it.

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Explanation> answered_by_another(const Case& the_case);

}  // namespace hopblame
