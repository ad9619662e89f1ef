#pragma once
// A text that grows at its end. Room is asked for once for several pieces, so that each of them is
// a copy and no more.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace hopblame {

class TextBuffer {
 public:
  /// Where to write so many characters; `written_to` tells how far it went.
  [[nodiscard]] char* room(std::size_t count) {
    if (static_cast<std::size_t>(limit_ - end_) < count) grow(count);
    return end_;
  }
  void written_to(char* end) { end_ = end; }

  void put(std::string_view text) {
    written_to(std::copy(text.begin(), text.end(), room(text.size())));
  }
  void put(char c) {
    auto* at = room(1);
    *at = c;
    written_to(at + 1);
  }

  [[nodiscard]] std::string_view text() const { return {begin_.get(), size()}; }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(end_ - begin_.get()); }
  /// Its memory stays for what comes next.
  void clear() { end_ = begin_.get(); }

 private:
  void grow(std::size_t count) {
    const auto used = size(), wanted = std::max(2 * used, used + count + 256);
    auto larger = std::make_unique_for_overwrite<char[]>(wanted);
    std::copy_n(begin_.get(), used, larger.get());
    begin_ = std::move(larger);
    end_ = begin_.get() + used;
    limit_ = begin_.get() + wanted;
  }

  std::unique_ptr<char[]> begin_;
  char *end_ = nullptr, *limit_ = nullptr;
};

}  // namespace hopblame
