#pragma once
// An end in the name of somebody who goes on as if it were none of his: a RST with the client's
// address, a FIN with the server's.

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

[[nodiscard]] Verdict disowned_verdict(const Target& target, const Attempt& attempt);

}  // namespace hopblame::offline
