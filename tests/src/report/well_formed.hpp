#pragma once
#include <string>

namespace hopblame {

/// Every tag is one of ours, without surprises, and closed in order; the text between is escaped.
/// What is wrong first; empty: nothing.
[[nodiscard]] std::string complaint(const std::string& page);

}  // namespace hopblame
