#pragma once
// The listener's accept queue has no room, and its stack drops SYNs in silence.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Answers that stop while another port goes on. Ours may have been the last that there was room
/// for: a service that speaks takes its connections, and then others must have filled the queue.
[[nodiscard]] std::optional<Explanation> queue_filled(const Case& the_case);

/// Now and then there is room: when is up to the service and to its other clients.
[[nodiscard]] std::optional<Explanation> queue_full_at_times(const Case& the_case,
                                                             const Evidence& counted);

/// The one look that shows it.
[[nodiscard]] Text look_at_queue(const Case& the_case);

}  // namespace hopblame
