#pragma once
// Short pieces of text that the judges share. Sentences for a reader who knows what a packet is and
// nothing about this program.

#include <string>
#include <vector>

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// "hop 2 (198.51.100.1)", or "hop 2" when it never gave an address.
[[nodiscard]] std::string hop_text(const Case& the_case, std::uint8_t hop);
/// "hop 2 (198.51.100.1)", "hop 2 or 3", "a device from hop 2 on".
[[nodiscard]] std::string place_text(const Case& the_case, const Where& where);
/// "TTL" or "hop limit".
[[nodiscard]] const char* limit_word(const Case& the_case);
/// "port 22".
[[nodiscard]] std::string port_text(const Case& the_case);
/// "20.3": milliseconds.
[[nodiscard]] std::string in_ms(Duration span);
[[nodiscard]] std::string times(unsigned count);  ///< "once", "twice", "3 times"

[[nodiscard]] std::vector<FrameId> frames(const std::vector<const Exchange*>& exchanges);
[[nodiscard]] std::vector<FrameId> frames(const Exchange& exchange, const Reply& reply);

}  // namespace hopblame
