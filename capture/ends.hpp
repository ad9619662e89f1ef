#pragma once
// One file with what was captured at both ends of the same attempt, as `compare --save` writes it:
// two interfaces with these names.

#include <cstdint>
#include <string_view>

namespace hopblame {

enum class CaptureEnd : std::uint8_t { client, server };

inline constexpr std::string_view client_interface = "client", server_interface = "server";

}  // namespace hopblame
