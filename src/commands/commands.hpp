#pragma once
// One function per command; each returns the exit code of the contract.

#include "src/cli/options.hpp"

namespace hopblame {

namespace exit_code_of {
inline constexpr int wrong_usage = 2, inconclusive = 3, environment = 4, no_permission = 5;
}

[[nodiscard]] int run_command(const ProbeOptions& options);
[[nodiscard]] int run_command(const ReadOptions& options);
[[nodiscard]] int run_command(const CompareOptions& options);
[[nodiscard]] int run_command(const DemoOptions& options);
[[nodiscard]] int run_command(const WatchOptions& options);
[[nodiscard]] int run_command(const ExplainOptions& options);

}  // namespace hopblame
