#pragma once
// What stands on a link has no hop of its own: the sentence that says so, and who says it.

#include <algorithm>

#include "analysis/model/verdict.hpp"

namespace hopblame {

inline constexpr std::string_view something_on_the_link =
    "A bridge, switch or hypervisor on the link";

[[nodiscard]] inline bool tells_of_link_before(const Explanation& found) {
  return std::ranges::any_of(found.because, [](const Evidence& evidence) {
    return evidence.packets.empty() && evidence.text.str().starts_with(something_on_the_link);
  });
}

}  // namespace hopblame
