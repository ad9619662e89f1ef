#pragma once
// The two channels to the user: standard output holds the result and nothing else.

#include <string_view>

namespace hopblame {

/// One line to standard error, "hopblame: " before it; bytes a terminal acts on become \xNN.
void complain(std::string_view text);
/// From now on without "hopblame: " to this descriptor too.
void complain_also_to(int fd);

/// All of it to standard output, at once. Returns the exit code for it: 0, or 4 when it was said
/// why that cannot be written to.
[[nodiscard]] int print(std::string_view text);

/// First thing in main(): where the caller closed one of the first three descriptors, whatever is
/// opened next would be taken for it. What is printed then fails, and is told as that.
void fill_standard_descriptors();

}  // namespace hopblame
