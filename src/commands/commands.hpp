#pragma once
// One function per command; each returns the exit code of the contract.

#include "capture/redact/scrambler.hpp"
#include "src/cli/options.hpp"
#include "src/exit_codes.hpp"

namespace hopblame {

[[nodiscard]] int run_command(const ProbeOptions& options);
/// With the key of --redact already made: several probes may share one.
[[nodiscard]] int run_probe(const ProbeOptions& options, const std::optional<Scrambler>& scrambler);
[[nodiscard]] int run_command(const ReadOptions& options);
[[nodiscard]] int run_command(const CompareOptions& options);
[[nodiscard]] int run_command(const DemoOptions& options);
[[nodiscard]] int run_command(const WatchOptions& options);
[[nodiscard]] int run_command(const ExplainOptions& options);

}  // namespace hopblame
