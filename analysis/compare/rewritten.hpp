#pragma once
// A call at the server that nobody in the client's capture made: another client's, or the client's
// own with addresses, ports and numbers rewritten.

#include "analysis/compare/call.hpp"
#include "analysis/compare/comparison.hpp"

namespace hopblame::compare {

[[nodiscard]] bool may_be_rewritten(const Call& extra, const Call& call, const Clock& clock);

}  // namespace hopblame::compare
