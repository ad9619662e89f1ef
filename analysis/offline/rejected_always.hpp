#pragma once
// Messages that reject, and the silence between them: one and the same fault.

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

[[nodiscard]] bool is_rejected(const Attempt& attempt);

/// Who rejects with messages sends only so many, one a second or so (RFC 1812 section 4.3.2.8): the
/// silence right after one is theirs, that of hours is not.
[[nodiscard]] bool explain_silence(const std::vector<Attempt>& sample, const IpAddress& client);

/// How all attempts end but those of which the message did not come. Absent: some end otherwise.
[[nodiscard]] std::optional<Outcome> rejected_always(const Target& target,
                                                     const std::vector<Attempt>& sample);

}  // namespace hopblame::offline
