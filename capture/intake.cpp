#include "capture/intake.hpp"

namespace hopblame {

void Intake::fill(std::size_t count) {
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  while (end_ < count && !ended_) {
    if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
    const std::size_t got = stream_->read(std::span(buffer_).subspan(end_));
    ended_ = got == 0;
    end_ += got;
  }
}

}  // namespace hopblame
