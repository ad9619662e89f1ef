#pragma once
// A router that looks at the hop limit first and at its routes after that: BSD's ip_forward() and
// ip6_forward(), Linux where the route leads into a tunnel that cannot take the packet (wg_xmit()),
// translators such as tayga. A router of Linux itself speaks before.

#include "analysis/verdict/rejections.hpp"

namespace hopblame {

/// With a code that no rule sends unless told to, whatever the checksum, where others are told that
/// their hop limit is spent.
[[nodiscard]] bool may_be_table_after_count(const RejectionFacts& facts);
/// Its routes; or, with the code for that, a machine behind it that it has asked for in vain
/// before.
[[nodiscard]] Finding table_after_count(const Case& the_case, const RejectionFacts& facts);

/// A prohibition, to every port and whatever the checksum: the word of a filter, and that of a
/// route that rejects (RFC 4443 section 3.1, code 6) or prohibits.
[[nodiscard]] bool may_prohibit_after_count(const RejectionFacts& facts);

}  // namespace hopblame
