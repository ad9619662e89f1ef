// Any bytes as a capture file: every frame is decoded, every comment and the journal are read.
#include <cstdlib>

#include "capture/decode.hpp"
#include "capture/file_source.hpp"
#include "capture/pcapng/journal.hpp"

using namespace hopblame;

namespace {

constexpr std::uint64_t latest = std::uint64_t{1} << 62;

void check(const Frame& frame) {
  const auto at = frame.at.time_since_epoch().count();
  if (at < 0 || static_cast<std::uint64_t>(at) > latest) std::abort();
  if (frame.original_length < frame.bytes.size()) std::abort();
  static_cast<void>(decode(frame));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto opened = open_bytes({data, data + size});
  if (std::holds_alternative<FileError>(opened)) return 0;
  FileSource& source = *std::get<std::unique_ptr<FileSource>>(opened);
  for (;;) {
    const PacketEvent event = source.next(TimePoint{});
    if (const auto* end = std::get_if<End>(&event)) {
      if (end->error.empty() == source.facts().truncated) std::abort();
      break;
    }
    check(std::get<Frame>(event));
    if (source.comment().size() > size * 1200) std::abort();
  }
  if (const auto journal = source.journal()) static_cast<void>(read_journal(*journal));
  return 0;
}
