#pragma once
// Who sent the RST that ended a connection which had worked, or had just been asked something.

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// The client's first words met a RST that came the way of the SYN/ACK.
[[nodiscard]] bool ends_words(const Attempt& attempt);

/// Of an attempt that a RST of the server, or in its name, ended.
[[nodiscard]] Verdict reset_verdict(const Target& target, const Attempt& attempt);

}  // namespace hopblame::offline
