#pragma once
// Bytes as readers take them: whole records as spans, without copying, from a window that is slid
// on only when it must be.

#include <algorithm>

#include "capture/byte_window.hpp"

namespace hopblame {

class Intake {
 public:
  explicit Intake(std::unique_ptr<ByteWindow> window) : window_(std::move(window)) {}

  /// The next `count` bytes, fewer only at the end. They stay to be taken. Valid, as what take()
  /// gives, until the next call.
  [[nodiscard]] Bytes peek(std::size_t count) {
    if (left() < count) slide(count);
    return view_.subspan(used_, std::min(count, left()));
  }

  Bytes take(std::size_t count) {
    const Bytes taken = peek(count);
    used_ += taken.size();
    return taken;
  }

  /// At least one byte and at most `most`, what is there; none at the end.
  [[nodiscard]] Bytes some(std::size_t most) {
    if (left() == 0) slide(1);
    return take(std::min(most, left()));
  }

  /// What can be had without a slide: spans given out before stay valid.
  [[nodiscard]] Bytes at_hand() const { return view_.subspan(used_); }

  /// Of what is at hand.
  void skip(std::size_t count) { used_ += std::min(count, left()); }

  [[nodiscard]] std::string error() const { return window_->error(); }

 private:
  [[nodiscard]] std::size_t left() const { return view_.size() - used_; }
  void slide(std::size_t least) {
    view_ = window_->slide(used_, least);
    used_ = 0;
  }

  std::unique_ptr<ByteWindow> window_;
  Bytes view_;
  std::size_t used_ = 0;  ///< of the view
};

}  // namespace hopblame
