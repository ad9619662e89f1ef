#pragma once
// Lines of a given width.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hopblame {

/// Breaks at spaces; a word longer than `width` is cut. At least one line.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// The lines of wrap(), `first` before the first and as many spaces before the others, each ended
/// by a newline.
[[nodiscard]] std::string paragraph(std::string_view first, std::string_view text,
                                    std::size_t width);

/// A shell command that can still be pasted: broken only at spaces outside quotes, with a backslash
/// at the end of a line that goes on. A word longer than `width` stays whole.
[[nodiscard]] std::vector<std::string> wrap_command(std::string_view command, std::size_t width);

}  // namespace hopblame
