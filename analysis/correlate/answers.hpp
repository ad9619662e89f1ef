#pragma once
// Does this packet answer that probe? Each test needs the numbers that only somebody who saw the
// probe can know; the five-tuple alone is not enough.

#include "analysis/model/exchange.hpp"
#include "analysis/model/observation.hpp"

namespace hopblame {

/// A segment on the probe's own flow reversed: acknowledges our sequence number, or carries our
/// acknowledgment as its sequence (RFC 9293 section 3.10.7.1: how a closed port builds its RST).
[[nodiscard]] bool answers(const TcpSegment& segment, const Exchange& exchange);

/// A segment to where a SYN of ours came from, that acknowledges it in another name than that of
/// whom we asked.
[[nodiscard]] bool is_answer_of_another(const Flow& flow, const TcpSegment& segment,
                                        const Exchange& exchange);

/// A quote of the probe. The sequence number (echo: identifier and sequence) decides; one of the
/// ports may have been rewritten by a NAT that does not restore its quotes, but not both.
[[nodiscard]] bool quotes(const Quote& quote, const Exchange& exchange);

/// A quote of the RST by which our own stack ended what a raw SYN began.
[[nodiscard]] bool quotes_own_reset(const Quote& quote, const Exchange& exchange);

[[nodiscard]] ReplyKind kind_of(const TcpSegment& segment);
/// Time exceeded in transit (11/0, ICMPv6 3/0) is told from every other error.
[[nodiscard]] ReplyKind kind_of(const IcmpError& error, Family family);

}  // namespace hopblame
