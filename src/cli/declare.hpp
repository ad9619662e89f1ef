#pragma once
// The options of every command, for CLI11.

#include <CLI/CLI.hpp>
#include <string>

#include "src/cli/typed.hpp"

namespace hopblame {

void declare_options(CLI::App& app, const std::string& command, Typed& typed);

}  // namespace hopblame
