#pragma once
// A run in so plain a form that a fuzzer can change any part and the rest still stands: the text of
// the journal, a zero byte, and of each packet link type (1 byte), time (8, ns), length on the wire
// (2), length (2) and bytes; numbers big-endian. The last packet may be cut short.

#include <algorithm>
#include <string>

#include "capture/cursor.hpp"
#include "capture/pcapng/recorder.hpp"

namespace hopblame::test {

[[nodiscard]] inline Recording judges_recording(Bytes input) {
  Recording recording;
  const auto end = std::find(input.begin(), input.end(), 0);
  recording.journal.assign(input.begin(), end);
  Cursor in(input);
  in.skip(recording.journal.size() + 1);
  while (in.left() > 13) {
    StoredFrame frame;
    frame.link_type = in.u8();
    frame.at = TimePoint(Duration(static_cast<Duration::rep>(in.u64() >> 2)));
    frame.original_length = in.u16();
    const Bytes bytes = in.take(std::min<std::size_t>(in.u16(), in.left()));
    frame.bytes.assign(bytes.begin(), bytes.end());
    frame.original_length = std::max(frame.original_length, std::uint32_t(bytes.size()));
    recording.frames.push_back(std::move(frame));
  }
  return recording;
}

/// The inverse; of link types beyond 255 and packets beyond 65535 bytes something else.
[[nodiscard]] inline std::string judges_input(const Recording& recording) {
  std::string out = recording.journal + '\0';
  const auto put = [&](std::uint64_t value, int bytes) {
    while (bytes-- > 0) out += static_cast<char>(value >> 8 * bytes);
  };
  for (const StoredFrame& frame : recording.frames) {
    put(static_cast<std::uint64_t>(frame.link_type), 1);
    put(static_cast<std::uint64_t>(frame.at.time_since_epoch().count()) << 2, 8);
    put(frame.original_length, 2);
    put(frame.bytes.size(), 2);
    out.append(frame.bytes.begin(), frame.bytes.end());
  }
  return out;
}

}  // namespace hopblame::test
