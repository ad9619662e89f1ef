#pragma once
// IEEE 802.11 headers, with and without radiotap before them.

#include "capture/cursor.hpp"

namespace hopblame {

/// Where the LLC header of a data frame begins, or why there is none (a fixed text).
struct WifiBody {
  Bytes llc;
  const char* why = nullptr;
};

[[nodiscard]] WifiBody wifi_body(Bytes frame) noexcept;
[[nodiscard]] WifiBody radiotap_body(Bytes frame) noexcept;

}  // namespace hopblame
