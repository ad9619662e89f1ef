#pragma once
// Colour for a terminal. It only helps: every word is there without it.

#include <string>
#include <string_view>

#include "analysis/model/path.hpp"
#include "analysis/model/words.hpp"

namespace hopblame {

class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}

  [[nodiscard]] std::string bold(std::string_view text) const { return sgr("1", text); }
  [[nodiscard]] std::string command(std::string_view text) const { return sgr("36", text); }
  [[nodiscard]] std::string blamed(std::string_view text) const { return sgr("1;31", text); }
  [[nodiscard]] std::string outcome(Outcome outcome, std::string_view text) const;
  [[nodiscard]] std::string state(FlowState state, std::string_view text) const;

 private:
  [[nodiscard]] std::string sgr(std::string_view code, std::string_view text) const;

  bool on_;
};

}  // namespace hopblame
