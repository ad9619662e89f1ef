#pragma once
// What the capture itself says to somebody who opens it in Wireshark: the verdict over the whole,
// and at every packet that an explanation cites, the sentence that cites it.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "src/report/report.hpp"

namespace hopblame {

/// Every comment begins with this word: `frame.comment contains "hopblame"` finds them all.
inline constexpr std::string_view comment_mark = "hopblame: ";

struct Annotations {
  std::string section;                                   ///< the answer in one line
  std::map<FrameId, std::string> packets;                ///< one or more lines each
  std::vector<std::pair<IpAddress, std::string>> names;  ///< outside text
};

[[nodiscard]] std::map<FrameId, std::string> packet_comments(const Analysis& analysis);

[[nodiscard]] Annotations annotations(const ReportInput& input);

}  // namespace hopblame
