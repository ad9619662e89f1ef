#pragma once
// What the ICMP messages show, each in one sentence with the packets that show it.

#include "analysis/verdict/rejections.hpp"

namespace hopblame {

/// Arrival, name, boundary, quote and the answer to a wrong checksum, as far as there are.
[[nodiscard]] std::vector<Evidence> rejection_witnesses(const Case& the_case,
                                                        const RejectionFacts& facts);

/// In the destination's name, from a place that is not its own.
[[nodiscard]] std::optional<Evidence> borrowed_name(const Case& the_case,
                                                    const RejectionFacts& facts,
                                                    const Where& where);

}  // namespace hopblame
