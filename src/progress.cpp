#include "src/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace hopblame {
namespace {

constexpr Duration between_drawings = std::chrono::milliseconds(100);

void to_terminal(const std::string& text) {
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;  // only decoration
}

}  // namespace

bool is_dumb_terminal() {
  const char* term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) == "dumb";
}

bool shows_progress() { return isatty(STDERR_FILENO) != 0; }

/// A dumb terminal cannot clear its line.
Progress::Progress(const Endpoint& target)
    : on_(shows_progress() && !is_dumb_terminal()), target_(target) {}

Progress::~Progress() {
  if (on_ && drawn_ != TimePoint{}) to_terminal("\r\x1b[K");
}

void Progress::saw(const Observation& observation) {
  ++(observation.flow.destination.address == target_.address ? out_ : in_);
  if (!on_ || observation.at < drawn_ + between_drawings) return;
  drawn_ = observation.at;
  draw();
}

void Progress::draw() {
  to_terminal(fmt::format("\rprobing {} port {}: {} packets out, {} in\x1b[K",
                          to_string(target_.address), target_.port, out_, in_));
}

}  // namespace hopblame
