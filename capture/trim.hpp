#pragma once
// What of a frame may be kept: headers, and ICMP messages whole (they quote our own probes). What
// an application says in TCP or UDP stays out of the file; what a RST says of its cause stays.

#include <cstddef>

#include "capture/frame.hpp"

namespace hopblame {

/// The number of leading bytes of `frame` that are no payload; all of them when it cannot be read.
[[nodiscard]] std::size_t without_payload(const Frame& frame) noexcept;

}  // namespace hopblame
