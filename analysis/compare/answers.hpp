#pragma once
// What answers a SYN, and whose it is.

#include "analysis/compare/finding.hpp"

namespace hopblame::compare {

[[nodiscard]] bool is_time_exceeded(const Observation& packet);

/// A SYN/ACK, a RST or an ICMP message that ends the attempt.
[[nodiscard]] bool is_answer(const Journey& journey, const CallPair& pair);

[[nodiscard]] Outcome outcome_of_icmp(const Observation& packet);

/// A SYN/ACK, at the server: it would answer the acknowledgment of what it never said with a RST,
/// and the connection would be no more (RFC 9293 section 3.10.7).
[[nodiscard]] bool is_acknowledged(const Attempt& attempt, const Journey& answer);

/// That RST has the number of the acknowledgment and itself acknowledges nothing
/// (section 3.10.7.1).
[[nodiscard]] bool is_disowned(const Attempt& attempt, const Journey& answer);

/// It passed fewer routers than the server's own packets do.
[[nodiscard]] bool comes_from_nearer(const Attempt& attempt, const Journey& answer);

/// The server's capture alone lacks it: it passed as many routers as what the server sends, which
/// says nothing more.
[[nodiscard]] bool may_be_own(const Attempt& attempt, const Journey& stray);

/// With which the server refuses the client's SYN. Null: it did not.
[[nodiscard]] const Journey* own_reset(const Attempt& attempt);

}  // namespace hopblame::compare
