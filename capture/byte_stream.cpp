#include "capture/byte_stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "capture/printable.hpp"
#include "capture/system.hpp"

namespace hopblame {
namespace {

class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}

  std::size_t read(std::span<std::uint8_t> room) override {
    const std::size_t count = std::min(room.size(), bytes_.size() - place_);
    std::copy_n(bytes_.data() + place_, count, room.data());
    place_ += count;
    return count;
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t place_ = 0;
};

class DescriptorStream final : public ByteStream {
 public:
  DescriptorStream(int descriptor, bool owned) : descriptor_(descriptor), owned_(owned) {}
  ~DescriptorStream() override {
    if (owned_) ::close(descriptor_);
  }
  DescriptorStream(const DescriptorStream&) = delete;
  DescriptorStream& operator=(const DescriptorStream&) = delete;

  std::size_t read(std::span<std::uint8_t> room) override {
    ssize_t count = 0;
    do {
      count = ::read(descriptor_, room.data(), room.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) error_ = errno;
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }

  std::string error() const override { return error_ != 0 ? error_text(error_) : ""; }

 private:
  int descriptor_;
  bool owned_;
  int error_ = 0;
};

FileError cannot_open(const std::string& path, int error) {
  const auto text = printable(path) + ": " + error_text(error);
  if (error != EACCES && error != EPERM) return {text};
  const auto file = printable(quoted_for_a_shell(path));
  // Whoever may not search the folders on the way gains nothing by a right to the file.
  struct stat found {};
  const bool of_file = ::stat(path.c_str(), &found) == 0;
  return {text + " for user " + std::to_string(::geteuid()) + "; " +
              (of_file ? "grant it with: sudo chmod a+r " + file + "; or read it with: "
                       : "read it with: ") +
              "sudo cat " + file + " | hopblame read -",
          true};
}

}  // namespace

std::unique_ptr<ByteStream> memory_stream(std::vector<std::uint8_t> bytes) {
  return std::make_unique<MemoryStream>(std::move(bytes));
}

Opened file_stream(const std::string& path) {
  if (path == "-") return std::make_unique<DescriptorStream>(STDIN_FILENO, false);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return cannot_open(path, errno);
  return std::make_unique<DescriptorStream>(descriptor, true);
}

}  // namespace hopblame
