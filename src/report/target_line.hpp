#pragma once
// A target of a capture in one line: attempts, when, what the application saw, who it was.

#include <string>

#include "src/report/report.hpp"

namespace hopblame {

[[nodiscard]] std::string target_line(const ReportInput& input, std::size_t width);

/// "192.0.2.1:22", "[2001:db8::1]:22"
[[nodiscard]] std::string endpoint_text(const Endpoint& end);

}  // namespace hopblame
