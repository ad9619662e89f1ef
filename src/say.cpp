#include "src/say.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "capture/system.hpp"
#include "src/exit_codes.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {

namespace {
int also = -1;
}

void complain(std::string_view text) {
  const auto line = for_terminal(text) + "\n";
  if (also >= 0 && write_all(also, line) != 0) also = -1;
  if (write_all(STDERR_FILENO, "hopblame: " + line) != 0) return;
}

void complain_also_to(int fd) { also = fd; }

/// Not stdio: its buffers would hide the error until the process has ended.
int print(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0) return 0;
  complain("cannot write to standard output: " + error_text(error));
  return exit_code_of::environment;
}

void fill_standard_descriptors() {
  for (const int one : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(one, F_GETFD) >= 0) continue;
    const int mode = one == STDERR_FILENO ? O_WRONLY : O_RDONLY;
    if (open("/dev/null", mode) != one) return;  // the lowest that is free
  }
}

}  // namespace hopblame
