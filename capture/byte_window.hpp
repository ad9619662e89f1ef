#pragma once
// A view of the bytes that come next, slid along them: over a buffer that a stream fills, or over
// the pages of a file, which are not copied then (2 GB of long flows: a third of the time).

#include <memory>
#include <string>

#include "capture/byte_stream.hpp"
#include "capture/cursor.hpp"

namespace hopblame {

struct ByteWindow {
  virtual ~ByteWindow() = default;
  /// Leaves the first `used` bytes of the last view behind and shows what follows: at least `least`
  /// bytes, fewer only at the end. Valid until the next call.
  [[nodiscard]] virtual Bytes slide(std::size_t used, std::size_t least) = 0;
  /// Why the bytes ended, or what is shown is not to be trusted; empty when all is well.
  [[nodiscard]] virtual std::string error() const = 0;
};

/// Asks the stream for `piece` bytes at once; grows only for a larger record that is really there.
[[nodiscard]] std::unique_ptr<ByteWindow> buffered(std::unique_ptr<ByteStream> stream,
                                                   std::size_t piece);

/// Shows `piece` bytes at once of a regular file, or more for a larger record; nothing for what
/// cannot be mapped. A file that grows meanwhile is read to its new end. Where it becomes shorter
/// or its disk fails, zeros stand for what is gone, and error() says so from then on.
[[nodiscard]] std::unique_ptr<ByteWindow> mapped(const std::string& path, std::size_t piece);

}  // namespace hopblame
