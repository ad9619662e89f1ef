#pragma once
// The path as a table of fixed columns.

#include <cstddef>
#include <string>

#include "src/report/document.hpp"
#include "src/report/paint.hpp"

namespace hopblame {

/// Lines of at most `width` columns. Where a long address leaves no room for names, a name gets a
/// line of its own.
[[nodiscard]] std::string path_table(const Document& document, const Paint& paint,
                                     std::size_t width);

}  // namespace hopblame
