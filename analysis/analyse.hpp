#pragma once
// The whole of the analysis: a run in, a verdict out. Pure; live and offline call the same
// function.

#include "analysis/model/run.hpp"
#include "analysis/model/verdict.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] Analysis analyse(const Run& run);
/// The same for probes and answers that were paired already; `run.observations` is not read.
[[nodiscard]] Analysis analyse(const Run& run, const Paired& paired);

}  // namespace hopblame
