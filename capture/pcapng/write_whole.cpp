#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "capture/pcapng/recorder.hpp"
#include "capture/system.hpp"

namespace hopblame {
namespace {

/// An errno. A pipe or a device cannot be synced: no error.
int sync(int file) {
  while (::fsync(file) != 0)
    if (errno != EINTR) return errno == EINVAL || errno == EROFS ? 0 : errno;
  return 0;
}

/// A full disk may be told only by fsync or close. An interrupted close has closed (close(2)).
int finish(int file) {
  const int synced = sync(file);
  const int closed = ::close(file) == 0 || errno == EINTR ? 0 : errno;
  return synced != 0 ? synced : closed;
}

int write_to(const std::string& path, int flags, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0666);
  if (file < 0) return errno;
  const int written = write_all(file, bytes);
  const int finished = finish(file);
  return written != 0 ? written : finished;
}

/// A device or a pipe has no "whole": renaming over it would replace it.
bool is_special(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

}  // namespace

int write_whole(const std::string& path, std::string_view bytes) {
  if (is_special(path)) return write_to(path, 0, bytes);
  const std::string temporary = path + ".part" + std::to_string(::getpid());
  int error = write_to(temporary, O_CREAT | O_EXCL, bytes);
  if (error == EEXIST) return error;
  if (error == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(temporary.c_str());
  return error;
}

}  // namespace hopblame
