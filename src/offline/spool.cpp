#include "src/offline/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

namespace hopblame {
namespace {

struct Descriptor {
  int number = -1;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

/// Not every file system knows O_TMPFILE.
int nameless_file(const std::string& folder) {
  const int found = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (found >= 0) return found;
  std::string name = folder + "/hopblame-XXXXXX";
  const int made = ::mkostemp(name.data(), O_CLOEXEC);
  if (made >= 0) ::unlink(name.c_str());
  return made;
}

int nameless_file() {
  const char* wanted = std::getenv("TMPDIR");
  for (const char* folder : {wanted ? wanted : "", "/var/tmp", "/tmp"})
    if (const int found = *folder ? nameless_file(folder) : -1; found >= 0) return found;
  return -1;
}

ssize_t read_some(std::span<char> room) {
  ssize_t count = 0;
  do count = ::read(STDIN_FILENO, room.data(), room.size());
  while (count < 0 && errno == EINTR);
  return count;
}

bool write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(to, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool copy_to(int file) {
  std::array<char, std::size_t{64} << 10> room;
  for (;;) {
    const auto count = read_some(room);
    if (count <= 0) return count == 0;
    if (!write_all(file, {room.data(), static_cast<std::size_t>(count)})) return false;
  }
}

}  // namespace

bool rewind_standard_input() { return ::lseek(STDIN_FILENO, 0, SEEK_SET) == 0; }

std::string spool_standard_input() {
  if (::lseek(STDIN_FILENO, 0, SEEK_CUR) >= 0) return {};
  const Descriptor file{nameless_file()};
  const bool taken = file.number >= 0 && copy_to(file.number) &&
                     ::dup2(file.number, STDIN_FILENO) >= 0 && rewind_standard_input();
  if (taken) return {};
  return std::string("standard input: no copy of it could be kept for the ticket: ") +
         std::strerror(errno) + "; save it to a file first";
}

}  // namespace hopblame
