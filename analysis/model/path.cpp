#include "analysis/model/path.hpp"

namespace hopblame {

const char* to_string(FlowState state) {
  switch (state) {
    case FlowState::passes: return "passes";
    case FlowState::answers: return "answers";
    case FlowState::blocked: return "blocked";
    case FlowState::silent: return "silent";
    case FlowState::not_asked: return "not-asked";
  }
  return "?";
}

}  // namespace hopblame
