#pragma once
// The handshake passes, and what follows it is rejected with ICMP messages: connect() is not told,
// and the connection hangs.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// The first of the messages; null: none came.
[[nodiscard]] const Reply* first_later_rejection(const Case& the_case);

/// Who rejects it; absent where no such message came. One about the size of packets is none.
[[nodiscard]] std::optional<Explanation> rejected_later(const Case& the_case);

}  // namespace hopblame
