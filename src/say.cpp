#include "src/say.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

/// Not stdio: its buffers would hide the error until the process has ended.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

void complain(std::string_view text) {
  if (write_all(STDERR_FILENO, "hopblame: " + for_terminal(text) + "\n") != 0) return;
}

int write_out(std::string_view text) { return write_all(STDOUT_FILENO, text); }

std::string error_text(int error) {
  const char* text = strerrordesc_np(error);  // glibc: never translated
  return text == nullptr ? "error " + std::to_string(error) : text;
}

}  // namespace hopblame
