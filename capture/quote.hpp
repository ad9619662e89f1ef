#pragma once
// The body of an ICMP error: the packet that caused it, as far as it was quoted (RFC 792: header
// plus 8 bytes; RFC 1812, RFC 4443: more).

#include "analysis/model/message.hpp"
#include "capture/cursor.hpp"

namespace hopblame {

/// `body`: what the capture holds after the 8 bytes of ICMP header. `length`: bytes of it that are
/// the quote, as the message says (icmp_types.hpp); 0: all. It can only shorten the quote. Nothing
/// when the quoted IP header is cut off or of the other version.
[[nodiscard]] std::optional<Quote> read_quote(Family family, Bytes body,
                                              std::size_t length) noexcept;

}  // namespace hopblame
