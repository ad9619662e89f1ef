#pragma once
// Nothing of either port was answered at first, and all of both from some moment on: a link or
// route that was broken came back while we asked. Loss does not come to an end.

#include <optional>

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] std::optional<Finding> judge_outage(const Case& the_case);

}  // namespace hopblame
