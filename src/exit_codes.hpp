#pragma once
// The exit codes of the contract that no verdict has (report.hpp: exit_code).

#include "capture/file_error.hpp"

namespace hopblame::exit_code_of {

inline constexpr int fault = 1, wrong_usage = 2, inconclusive = 3, environment = 4,
                     no_permission = 5;

[[nodiscard]] inline int unreadable(const FileError& error) {
  return error.no_permission ? no_permission : environment;
}

}  // namespace hopblame::exit_code_of
