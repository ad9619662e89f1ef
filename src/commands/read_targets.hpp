#pragma once
// What `read` says about somebody else's capture.

#include "src/cli/options.hpp"
#include "src/offline/read_file.hpp"

namespace hopblame {

/// Prints the targets; returns the exit code of the contract.
[[nodiscard]] int tell_targets(const ForeignCapture& foreign, const ReadRequest& request,
                               const ReadOptions& options);

}  // namespace hopblame
