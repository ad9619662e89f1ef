#include "src/offline/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <span>

#include "capture/system.hpp"

namespace hopblame {
namespace {

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

/// Returns an errno.
int copy_to(int file) {
  std::array<char, std::size_t{64} << 10> room;
  for (;;) {
    const auto count = read_some(room);
    if (count <= 0) return count == 0 ? 0 : errno;
    if (const int error = write_all(file, {room.data(), static_cast<std::size_t>(count)}))
      return error;
  }
}

}  // namespace

bool rewind_standard_input() { return ::lseek(STDIN_FILENO, 0, SEEK_SET) == 0; }

std::string spool_standard_input() {
  if (::lseek(STDIN_FILENO, 0, SEEK_CUR) >= 0) return {};
  const Descriptor file(nameless_file());
  int error = file.valid() ? copy_to(file.get()) : errno;
  if (error == 0 && !(::dup2(file.get(), STDIN_FILENO) >= 0 && rewind_standard_input()))
    error = errno;
  if (error == 0) return {};
  return "standard input: no copy of it could be kept for the ticket: " + error_text(error) +
         "; save it to a file first";
}

}  // namespace hopblame
