#pragma once
// A window onto a stream: readers see whole records as spans, without copying, from a buffer that
// is filled in pieces and grows only for a larger record that is really there.

#include <algorithm>

#include "capture/byte_stream.hpp"
#include "capture/cursor.hpp"

namespace hopblame {

class Intake {
 public:
  /// `piece`: how many bytes are asked of the stream at once.
  Intake(std::unique_ptr<ByteStream> stream, std::size_t piece)
      : stream_(std::move(stream)), buffer_(piece) {}

  /// The next `count` bytes, fewer only at the end of the stream. They stay to be taken. Valid, as
  /// what take() gives, until the next call.
  [[nodiscard]] Bytes peek(std::size_t count) {
    if (end_ - begin_ < count) fill(count);
    return Bytes(buffer_).subspan(begin_, std::min(count, end_ - begin_));
  }

  Bytes take(std::size_t count) {
    const Bytes taken = peek(count);
    begin_ += taken.size();
    return taken;
  }

  /// At least one byte and at most `most`, what is there; none at the end.
  [[nodiscard]] Bytes some(std::size_t most) {
    if (begin_ == end_) fill(1);
    return take(std::min(most, end_ - begin_));
  }

  /// What can be had without a fill: spans given out before stay valid.
  [[nodiscard]] Bytes at_hand() const { return Bytes(buffer_.data() + begin_, end_ - begin_); }

  /// Of what is at hand.
  void skip(std::size_t count) { begin_ += std::min(count, end_ - begin_); }

  [[nodiscard]] std::string error() const { return stream_->error(); }

 private:
  void fill(std::size_t count);

  std::unique_ptr<ByteStream> stream_;
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool ended_ = false;
};

}  // namespace hopblame
