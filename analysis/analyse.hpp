#pragma once
// The whole of the analysis: a run in, a verdict out. Pure; live and offline call the same
// function.

#include "analysis/model/run.hpp"
#include "analysis/model/verdict.hpp"

namespace hopblame {

[[nodiscard]] Analysis analyse(const Run& run);

}  // namespace hopblame
