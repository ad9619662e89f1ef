#pragma once
// Somebody on the way answers the SYN in the destination's name.

#include "analysis/verdict/accepted_case.hpp"

namespace hopblame {

/// It came back over fewer routers than the host's own answers.
[[nodiscard]] bool came_shorter(const Case& the_case, const Accepted& accepted);

/// The SYN/ACK was made nearer than the host's other answers, on both witnesses; or by a router
/// that passes what dies at it, and bears the mark of a SYN proxy besides.
[[nodiscard]] std::optional<Where> proxy_place(const Case& the_case, const Accepted& accepted);

/// There, as the window and what follows the handshake tell: one that answers SYNs, or that
/// terminates the connection.
[[nodiscard]] Explanation proxy(const Case& the_case, const Accepted& accepted, const Where& where);

/// Nothing followed the handshake: whoever made it may only answer SYNs, and pass the rest on.
[[nodiscard]] Explanation perhaps_syn_proxy(const Case& the_case, const Explanation& like);

}  // namespace hopblame
