#include "src/report/paint.hpp"

namespace hopblame {

std::string Paint::sgr(std::string_view code, std::string_view text) const {
  if (!on_ || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string Paint::outcome(Outcome outcome, std::string_view text) const {
  switch (outcome) {
    case Outcome::open: return sgr("1;32", text);
    case Outcome::inconclusive: return sgr("1;33", text);
    default: return sgr("1;31", text);
  }
}

std::string Paint::state(FlowState state, std::string_view text) const {
  switch (state) {
    case FlowState::passes:
    case FlowState::answers: return sgr("32", text);
    case FlowState::blocked: return sgr("31", text);
    case FlowState::silent: return sgr("33", text);
    case FlowState::not_asked: return sgr("2", text);
  }
  return std::string(text);
}

}  // namespace hopblame
