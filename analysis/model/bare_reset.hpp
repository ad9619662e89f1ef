#pragma once
// A RST that acknowledges nothing.

#include "analysis/model/message.hpp"

namespace hopblame {

/// Linux ends a connection of its own with a RST that acknowledges: an abort, or a close with words
/// unread (measured). A stack that knows of none, and a rule, send one that does not, where the
/// packet it answers had an acknowledgment (RFC 9293 section 3.10.7.1).
[[nodiscard]] inline bool is_bare_reset(const TcpSegment& segment) {
  return segment.is_reset() && !segment.has(tcp_flag::ack);
}

}  // namespace hopblame
