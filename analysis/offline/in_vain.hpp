#pragma once
// The SYN/ACK is in the capture, and the client asks again and again as if it were not: it is lost
// behind the place of the capture.

#include "analysis/offline/not_taken.hpp"

namespace hopblame::offline {

/// The client repeated its SYN after it was answered, and never went on.
[[nodiscard]] bool is_answered_in_vain(const Trails& trails, const Trail& trail);

/// A stack did so once, and what became of the next answer is not shown.
[[nodiscard]] bool is_asked_on(const Trails& trails, const Trail& trail);

/// What shows that RSTs to a SYN did not reach who sent it.
[[nodiscard]] std::optional<Evidence> refused_in_vain(const std::vector<Attempt>& sample);

[[nodiscard]] std::optional<Verdict> answered_in_vain(const std::vector<Attempt>& sample,
                                                      std::span<const Arrival> arrivals);

/// RSTs that the client's stack cannot take, and it asks on.
[[nodiscard]] std::optional<Verdict> refused_unread(const std::vector<Attempt>& sample,
                                                    std::span<const Arrival> arrivals);

}  // namespace hopblame::offline
