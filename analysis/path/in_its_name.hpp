#pragma once
// Who else but the host may have sent an answer that bears its address.

#include "analysis/path/walk.hpp"

namespace hopblame {

/// Does this RST carry the mark of the probe it answers, as only the host's own stack leaves it?
/// Linux gives each IPv6 RST a random flow label, netfilter none (measured, signatures section 3).
[[nodiscard]] bool carries_mark(const Reply& reply);

/// Linux gives each IPv6 RST of its stack a flow label, netfilter none; nobody on the way writes
/// one.
[[nodiscard]] bool has_label(const Reply& reply);

/// A RST bears the mark though the SYN that it answers bore none: something on the way, or the host
/// in all it sends, writes that class. Then no RST tells by it who made it.
[[nodiscard]] const Exchange* met_written_mark(const Walk& target);

/// A router that rejects every port in the host's name: its RST to the control port bears no
/// stack's mark, and it came back over fewer routers than the hop that the probe needed to reach,
/// as that router's own messages do; or a router at that hop passes the port's flow on.
[[nodiscard]] bool made_by_router(const Walk& target, const Walk& control, const Reply& reset);

}  // namespace hopblame
