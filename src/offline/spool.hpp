#pragma once
// Standard input, made readable twice: a ticket's excerpt needs a second look at the capture.

#include <string>

namespace hopblame {

/// Where it is a pipe, copies it into a file without a name (in TMPDIR, else /var/tmp or /tmp) that
/// takes its place and is gone with this process. Empty, or one line why not: then some of it is
/// lost.
[[nodiscard]] std::string spool_standard_input();

/// Back to its beginning; false for a pipe.
[[nodiscard]] bool rewind_standard_input();

}  // namespace hopblame
