#pragma once
// The client's other connections to the target: what its capture alone says may be of one of them.

#include "analysis/compare/comparison.hpp"
#include "analysis/model/verdict.hpp"

namespace hopblame::compare {

/// The attempt that decides failed in another way than the client's capture alone tells of.
[[nodiscard]] bool is_about_another(const Analysis& alone, const Comparison& comparison);

/// A packet of such a connection, or an ICMP error about one. Under another address it may be the
/// attempt itself, as the machine of the capture passes it on.
[[nodiscard]] bool is_of_sibling(const Observation& packet, const Flow& attempt);

}  // namespace hopblame::compare
