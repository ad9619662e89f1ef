// Any bytes as a capture file: every frame is decoded, every comment and the journal are read, and
// several frames at a time are the same frames.
#include <array>
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

/// What both ways of reading must agree in: all that a frame says and its bytes.
std::uint64_t digest(std::uint64_t before, const Frame& frame) {
  const std::string_view bytes(reinterpret_cast<const char*>(frame.bytes.data()),
                               frame.bytes.size());
  for (const std::uint64_t value :
       {frame.id.value, static_cast<std::uint64_t>(frame.at.time_since_epoch().count()),
        static_cast<std::uint64_t>(frame.link_type), std::uint64_t{frame.original_length},
        std::uint64_t{std::hash<std::string_view>()(bytes)}})
    before = before * 0x9e3779b97f4a7c15 + value;
  return before;
}

std::uint64_t read_together(FileSource& source) {
  std::array<Frame, 5> room;
  std::uint64_t read = 0;
  while (const auto count = source.next_frames(room))
    for (const Frame& frame : std::span(room).first(count)) read = digest(read, frame);
  return read;
}

std::unique_ptr<FileSource> opened(const std::uint8_t* data, std::size_t size) {
  auto source = open_bytes({data, data + size});
  if (std::holds_alternative<FileError>(source)) return nullptr;
  return std::get<std::unique_ptr<FileSource>>(std::move(source));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source = opened(data, size);
  if (source == nullptr) return 0;
  std::uint64_t read = 0;
  for (;;) {
    const PacketEvent event = source->next(TimePoint{});
    if (const auto* end = std::get_if<End>(&event)) {
      if (end->error.empty() == source->facts().truncated) std::abort();
      break;
    }
    check(std::get<Frame>(event));
    read = digest(read, std::get<Frame>(event));
    if (source->comment().size() > size * 1200) std::abort();
  }
  const auto again = opened(data, size);
  if (read_together(*again) != read || again->facts() != source->facts()) std::abort();
  if (again->journal() != source->journal()) std::abort();
  if (const auto journal = source->journal()) static_cast<void>(read_journal(*journal));
  return 0;
}
