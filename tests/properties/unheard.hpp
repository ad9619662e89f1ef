#pragma once
// What a capture cannot tell: where the packets are those of another mechanism, byte for byte, that
// one's name is all there is to list.

#include "tests/properties/random_network.hpp"
#include "tests/support/sim/session.hpp"

namespace hopblame::properties {

/// Mechanisms whose packets these are as well, besides the true one's.
[[nodiscard]] std::vector<Mechanism> looks_as_well_like(const RandomNetwork& network,
                                                        const sim::Session& session);

}  // namespace hopblame::properties
