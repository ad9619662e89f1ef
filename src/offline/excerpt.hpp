#pragma once
// Of somebody else's capture the packets that one target is about: what a ticket has to carry. A
// reader of the ticket counts packets there, so what cites them is numbered anew, and a comment at
// each packet tells its number in the file it came from.

#include <functional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "capture/pcapng/recorder.hpp"
#include "src/offline/read_file.hpp"
#include "src/report/annotate.hpp"

namespace hopblame {

struct Excerpt {
  std::string source;               ///< name of the file, outside text; empty when redacted
  std::vector<FrameId> numbers;     ///< of each frame, in that file
  std::vector<StoredFrame> frames;  ///< payloads left out, except of what is cited
};

/// Payloads of the cited packets stay as far as a greeting goes, all others are cut.
using Matter = std::function<bool(const Observation&)>;
[[nodiscard]] std::variant<Excerpt, FileError> cut(const ReadRequest& request,
                                                   std::set<FrameId> cited, Matter matter);

/// The conversation of client and target, errors about it, and everything that is cited; of a
/// conversation too long for a ticket, its beginning. Reads the file a second time: standard
/// input has to be spooled.
[[nodiscard]] std::variant<Excerpt, FileError> excerpt_of(const ReadRequest& request,
                                                          const offline::Inspection& inspection);

/// Its packets, with the numbers they have in the file read.
[[nodiscard]] std::vector<Observation> observations_of(const Excerpt& excerpt);

/// Gives the run its packets, with the numbers they have in the excerpt; all citations follow.
void adopt(offline::Inspection& inspection, const Excerpt& excerpt);

/// Bytes of the ticket's trace.pcapng.
[[nodiscard]] std::string save_excerpt(const Excerpt& excerpt, const Annotations& with);

}  // namespace hopblame
