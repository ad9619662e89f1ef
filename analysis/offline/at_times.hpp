#pragma once
// Attempts that do not all fare alike: what tells them apart.

#include <set>

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// With an example of each.
void tell_clients_apart(Verdict& verdict, const std::vector<Attempt>& sample, Outcome outcome,
                        const IpAddress& client);

/// Refusals that began once and ended once are nothing that comes and goes.
void tell_of_stretch(Verdict& verdict, const Target& target, const std::vector<Attempt>& sample,
                     Outcome outcome);

/// Failures of other kinds than that in question, each once.
[[nodiscard]] std::set<Outcome> other_failures(const std::vector<Attempt>& sample, Outcome outcome,
                                               const IpAddress& client);
[[nodiscard]] Evidence fared_otherwise(const std::vector<Attempt>& sample, Outcome outcome);

}  // namespace hopblame::offline
