#pragma once
// Something completes the handshake only to hold the client: a SYN/ACK that no stack makes, and a
// window of 0 for whatever follows (xt_TARPIT, LaBrea).

#include "analysis/verdict/accepted_case.hpp"

namespace hopblame {

/// A stack that answers a SYN says in an option how large segments may be (RFC 9293 section 3.7.1),
/// and takes one of them at least; tarpits make up their SYN/ACKs with a window of a few bytes and
/// no options (xt_TARPIT: 5).
[[nodiscard]] bool is_made_up(const Accepted& accepted);
[[nodiscard]] Evidence made_up(const Reply& syn_ack);
/// Made up, or shut after the handshake; and no window was opened since.
[[nodiscard]] bool is_like_tarpit(const Case& the_case, const Accepted& accepted);
[[nodiscard]] Explanation tarpit(const Case& the_case, const Accepted& accepted,
                                 const Where& where);
/// Beside what else stands at `where` and may have completed the handshake.
void add_tarpit(Finding& finding, const Case& the_case, const Accepted& accepted,
                const Where& where);

}  // namespace hopblame
