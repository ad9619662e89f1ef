#pragma once
// A connection that changes its ports in mid-course: an address translation (NAT) on the way has
// lost its state, by its idle limit or a restart, and takes the next segment for a new connection.

#include "analysis/compare/finding.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {

/// What the server's capture shows under other ports is part of the call whose next segments it
/// holds: the same sequence and acknowledgment numbers, 64 bits that no other connection has.
/// `far`: the calls at the server, which `pairing` points to.
void rejoin_moved(std::vector<Call>& far, Pairing& pairing);

/// The server knows no connection of the new ports.
[[nodiscard]] std::optional<AttemptFinding> translated_anew(const Attempt& attempt,
                                                            const Telling& tell);

}  // namespace hopblame::compare
