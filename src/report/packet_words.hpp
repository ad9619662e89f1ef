#pragma once
#include <string>

#include "analysis/model/observation.hpp"

namespace hopblame {

/// A packet in a few words: "RST/ACK 22 to 40971, TTL 63".
[[nodiscard]] std::string packet_words(const Observation& seen);

}  // namespace hopblame
