#pragma once
// Kinds of TCP options: RFC 9293 section 3.2, RFC 2018, RFC 7323, RFC 2385, RFC 5925, RFC 8684.

#include <cstdint>

namespace hopblame::tcp_option {

inline constexpr std::uint8_t end = 0, no_operation = 1, maximum_segment_size = 2, window_scale = 3,
                              sack_permitted = 4, sack = 5, timestamps = 8, md5_signature = 19,
                              authentication = 29, multipath = 30;

}  // namespace hopblame::tcp_option
