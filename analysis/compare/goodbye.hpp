#pragma once
// A client that has what it wanted says goodbye, and nobody answers. It misses nothing; its
// connection hangs at one end or both until they give up.

#include "analysis/compare/finding.hpp"

namespace hopblame::compare {

/// Adds to a finding that all is well what became of the client's FIN, where that left again and
/// again.
void tell_goodbye(AttemptFinding& finding, const Attempt& attempt);

}  // namespace hopblame::compare
