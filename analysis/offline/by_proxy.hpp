#pragma once
// A device on the way that accepts connections in the host's name.

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// It promised no window: a SYN proxy's answer, and the judges of accepted connections know it. Who
/// could ask was given one then.
[[nodiscard]] bool by_proxy(const Attempt& attempt);

/// The judges suspect that who sent the SYN/ACK stands nearer than the host. Whoever it is, what
/// follows is its own doing, unless something shows that it is another's. `example`: of what is
/// found, or null.
void keep_proxy(const Verdict& judged, const Attempt* example, Verdict& found);

}  // namespace hopblame::offline
