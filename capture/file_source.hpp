#pragma once
// A saved capture as a PacketSource: classic pcap and pcapng, from a file or standard input ("-").

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "capture/frame.hpp"

namespace hopblame {

struct FileSource : PacketSource {
  /// The journal of a run of ours, when the file carries one; known once the whole file was read.
  [[nodiscard]] virtual std::optional<std::string> journal() const = 0;
};

struct FileError {
  std::string text;  ///< one line: the file and what was found
};

[[nodiscard]] std::variant<std::unique_ptr<FileSource>, FileError> open_file(
    const std::string& path);

}  // namespace hopblame
