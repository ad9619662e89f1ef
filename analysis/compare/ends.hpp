#pragma once
// Who ended a connection that was made, and what of the server's words the client took in.

#include <optional>

#include "analysis/compare/select.hpp"

namespace hopblame::compare {

/// RST or FIN.
[[nodiscard]] bool is_end(const Observation& packet);

/// When the client ended the connection itself.
[[nodiscard]] std::optional<TimePoint> given_up(const Journeys& journeys);

/// What the server said, as far as somebody read it: after the client has gone its kernel answers
/// with a RST (RFC 9293 section 3.10.7.1). After a FIN alone the program may still read.
[[nodiscard]] Journeys words_of_server(const Journeys& journeys);

/// With which the server, or whoever speaks in its name, ended what the client had not. One that
/// has spoken may end the connection with a FIN; a RST after that is one only where the client
/// asked for more, not where it said goodbye. Null: there is none.
[[nodiscard]] const Journey* end_by_server(const Journeys& journeys, bool spoke);

/// The client's first question after the server had said with a FIN that it was done. Null: none.
[[nodiscard]] const Journey* asked_after_fin(const Journeys& journeys);

}  // namespace hopblame::compare
