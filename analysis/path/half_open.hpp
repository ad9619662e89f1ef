#pragma once
// Which of our questions could be answered at all: a host that holds a flow half open does not
// answer each SYN of it, and what left too late is still under way.

#include <optional>
#include <span>
#include <vector>

#include "analysis/model/exchange.hpp"

namespace hopblame {

/// The SYN met what one before it on its flow had left half open at the host: it left before the
/// SYN/ACK to that one was here, and our RST with it (RFC 9293 section 3.5.1). Both are one
/// question, and have one answer.
[[nodiscard]] bool meets_half_open(std::span<const Exchange> exchanges, const Exchange& exchange);

/// All but those; also without what `ended` cut off, if that is known.
[[nodiscard]] std::vector<Exchange> answerable(std::span<const Exchange> exchanges,
                                               std::optional<TimePoint> ended = {});

}  // namespace hopblame
