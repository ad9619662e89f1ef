#include <algorithm>

#include "capture/byte_window.hpp"

namespace hopblame {
namespace {

class BufferedWindow final : public ByteWindow {
 public:
  BufferedWindow(std::unique_ptr<ByteStream> stream, std::size_t piece)
      : stream_(std::move(stream)), buffer_(piece) {}

  Bytes slide(std::size_t used, std::size_t least) override {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(used),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= used;
    while (end_ < least && !ended_) {
      if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
      const std::size_t got = stream_->read(std::span(buffer_).subspan(end_));
      ended_ = got == 0;
      end_ += got;
    }
    return {buffer_.data(), end_};
  }

  std::string error() const override { return stream_->error(); }

 private:
  std::unique_ptr<ByteStream> stream_;
  std::vector<std::uint8_t> buffer_;
  std::size_t end_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteWindow> buffered(std::unique_ptr<ByteStream> stream, std::size_t piece) {
  return std::make_unique<BufferedWindow>(std::move(stream), piece);
}

}  // namespace hopblame
