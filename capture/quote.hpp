#pragma once
// The body of an ICMP error: the packet that caused it, as far as it was quoted (RFC 792: header
// plus 8 bytes; RFC 1812, RFC 4443: more), and the MPLS labels it wore (RFC 4884, RFC 4950).

#include "analysis/model/message.hpp"
#include "capture/cursor.hpp"

namespace hopblame {

struct QuoteReading {
  std::optional<Quote> quote;
  std::vector<std::uint32_t> mpls;
};

/// `body`: what the capture holds after the 8 bytes of ICMP header; `on_wire`: its length as sent.
/// `hint`: length in bytes of the quote as RFC 4884 has it, 0 when not given; it can only shorten
/// the quote, and below the 128 bytes the RFC asks for it is ignored.
[[nodiscard]] QuoteReading read_quote(Family family, Bytes body, std::size_t on_wire,
                                      std::size_t hint) noexcept;

}  // namespace hopblame
