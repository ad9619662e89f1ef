#pragma once
// Analyses made by hand, one per kind of answer, for the tests of the renderers.

#include <string>
#include <vector>

#include "analysis/model/run.hpp"
#include "analysis/model/verdict.hpp"
#include "src/report/report.hpp"

namespace hopblame::cases {

struct Case {
  std::string name;
  Run run;
  Analysis analysis;

  [[nodiscard]] ReportInput input() const { return {run, analysis, "probe", "0.1.0"}; }
};

[[nodiscard]] Case open();
[[nodiscard]] Case closed();
[[nodiscard]] Case middlebox_reset();
[[nodiscard]] Case middlebox_reset_v6();
[[nodiscard]] Case host_drop();
[[nodiscard]] Case icmp_reject_router();
[[nodiscard]] Case host_down();
[[nodiscard]] Case local_output_filter();
[[nodiscard]] Case inconclusive();
[[nodiscard]] Case closed_early();  ///< host, names, interface and banner are hostile
[[nodiscard]] Case blackhole();     ///< three causes fit equally well
[[nodiscard]] Case long_path_v6();  ///< the longest addresses, folded silent hops, two responders

[[nodiscard]] Case twelve_hops();  ///< with packets; many hops silent

[[nodiscard]] std::vector<Case> all();

/// Bytes that would do harm in one sink or another.
[[nodiscard]] const std::vector<std::string>& nasty_strings();

}  // namespace hopblame::cases
