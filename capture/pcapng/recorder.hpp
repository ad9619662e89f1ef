#pragma once
// Writes a run as a pcapng (draft-ietf-opsawg-pcapng): section header, one interface with
// nanosecond stamps, the names of addresses, every frame, and the journal in a custom block.
// Wireshark, tcpdump and capinfos read it.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "capture/ends.hpp"
#include "capture/frame.hpp"

namespace hopblame {

/// A frame that owns its bytes; numbered by its place in the file, from 1.
struct StoredFrame {
  TimePoint at;
  int link_type = link_ethernet;
  std::uint32_t original_length = 0;
  std::vector<std::uint8_t> bytes;
  std::string comment;                 ///< empty: none
  std::optional<CaptureEnd> end = {};  ///< of a recording of two captures
  std::string interface = {};          ///< its name; empty: the recording's
};

struct Recording {
  std::string interface;  ///< name for the interface block; empty: unknown
  std::vector<StoredFrame> frames;
  std::string journal;                                        ///< empty: none
  std::string section_comment;                                ///< empty: none
  std::vector<std::pair<IpAddress, std::string>> names = {};  ///< outside text
};

/// The bytes of the file.
[[nodiscard]] std::string to_pcapng(const Recording& recording);

/// Writes to a temporary name beside `path`, then renames: whole or not at all. Returns an errno.
[[nodiscard]] int write_whole(const std::string& path, std::string_view bytes);

}  // namespace hopblame
