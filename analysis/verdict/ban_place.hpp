#pragma once
// Where a source is shut out, and how far away the host is that it then no longer hears.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Measured on the control flow; a ban may have silenced that walk, then by the way back of an
/// answer.
[[nodiscard]] std::optional<std::uint8_t> host_distance(const Case& the_case);
[[nodiscard]] std::optional<std::uint8_t> last_router(const Case& the_case);

struct Ban {
  Where where;
  bool spares_old_flows;  ///< what got through before still gets as far
  /// Shut-out flows got past this hop again, though not at first, as no ban lets them.
  std::optional<std::uint8_t> let_pass_again{};
};
/// At the host, where bans mostly are, unless SYNs went missing before it: then behind whoever was
/// still reached once the answers had stopped. The other port's SYNs tell of a ban that is for them
/// too.
[[nodiscard]] Ban ban_of(const Case& the_case, TimePoint last_answer, bool for_all_ports);

/// The one look that shows a ban.
[[nodiscard]] Text look_at_bans();

}  // namespace hopblame
