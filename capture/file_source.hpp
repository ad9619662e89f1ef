#pragma once
// A saved capture as a PacketSource: classic pcap and pcapng, plain or packed with gzip or zstd,
// from a file or standard input ("-").
//
// A damaged file is read as far as it can be: then End says in one line what was found, and
// facts().truncated is set. Never yields a Tick.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "capture/ends.hpp"
#include "capture/file_error.hpp"
#include "capture/frame.hpp"

namespace hopblame {

struct FileSource : PacketSource {
  /// Fills `room` from the front, with at least one frame; 0 at the end, then next() tells how it
  /// ended. The frames are valid together, until the next call.
  [[nodiscard]] virtual std::size_t next_frames(std::span<Frame> room) = 0;
  /// False for files that cannot carry the journal of a run of ours.
  [[nodiscard]] virtual bool may_have_journal() const = 0;
  /// The journal of a run of ours, when the file carries one; known once the whole file was read.
  [[nodiscard]] virtual std::optional<std::string> journal() const = 0;
  /// Two captures in one file. Known once a packet was read.
  [[nodiscard]] virtual bool has_both_ends() const = 0;
  /// Of such a file this end's packets; the client's unless said. Before the first packet.
  virtual void show_end(CaptureEnd end) = 0;
  /// How many files were one capture (see series.hpp); known at the end.
  [[nodiscard]] virtual std::size_t files() const { return 1; }
  /// The comment on the last frame, empty when there is none; outside text.
  [[nodiscard]] virtual std::string_view comment() const = 0;
};

using OpenedFile = std::variant<std::unique_ptr<FileSource>, FileError>;

[[nodiscard]] OpenedFile open_file(const std::string& path);
/// The same for bytes that are in memory already; `name` is for the error text.
[[nodiscard]] OpenedFile open_bytes(std::vector<std::uint8_t> bytes, const std::string& name = "-");

}  // namespace hopblame
