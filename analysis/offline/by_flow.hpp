#pragma once
// Some connections lose every SYN, others none, in turns: their flows decide.

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// As one of several equal paths, or of several machines behind the address, brings about; and no
/// chance loss.
[[nodiscard]] std::optional<Evidence> goes_by_flow(const Target& target,
                                                   const std::vector<Attempt>& sample,
                                                   const IpAddress& client);

/// A step of a walk on a flow that gets through, or with a ToS that does: it tells nothing of where
/// those that are dropped end.
[[nodiscard]] bool is_step_of_others(const Attempt& step, const std::vector<Attempt>& sample);

}  // namespace hopblame::offline
