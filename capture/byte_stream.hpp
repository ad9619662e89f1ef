#pragma once
// Bytes in order, from a file, from memory, or unpacked on the way.

#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "capture/file_error.hpp"

namespace hopblame {

struct ByteStream {
  virtual ~ByteStream() = default;
  /// Puts at least one byte into `room`; 0 at the end and after an error.
  [[nodiscard]] virtual std::size_t read(std::span<std::uint8_t> room) = 0;
  /// Why the bytes ended; empty when they simply did.
  [[nodiscard]] virtual std::string error() const { return {}; }
};

using Opened = std::variant<std::unique_ptr<ByteStream>, FileError>;

[[nodiscard]] std::unique_ptr<ByteStream> memory_stream(std::vector<std::uint8_t> bytes);
/// "-" is standard input.
[[nodiscard]] Opened file_stream(const std::string& path);

}  // namespace hopblame
