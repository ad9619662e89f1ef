#pragma once
// The header that macOS puts before what it captures on several interfaces at once (tcpdump -i any,
// -i pktap): LINKTYPE_PKTAP, or LINKTYPE_USER2 in files of Apple's own tcpdump.

#include <cstddef>

#include "capture/cursor.hpp"

namespace hopblame {

struct PktapFrame {
  int link_type = 0;
  std::size_t header = 0;     ///< bytes before the frame itself
  const char* why = nullptr;  ///< it holds none
};

/// www.tcpdump.org/linktypes/LINKTYPE_PKTAP.html
[[nodiscard]] PktapFrame pktap_frame(Bytes frame);

}  // namespace hopblame
