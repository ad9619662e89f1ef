#pragma once
// One line on standard error that changes while probing goes on; only where that is a terminal.

#include <string>

#include "analysis/model/observation.hpp"

namespace hopblame {

/// Standard error is a terminal: nobody else wants to be told how far we are.
[[nodiscard]] bool shows_progress();

[[nodiscard]] bool is_dumb_terminal();  ///< TERM=dumb

class Progress {
 public:
  explicit Progress(const Endpoint& target);
  ~Progress();  ///< takes the line away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void saw(const Observation& observation);

 private:
  void draw();

  bool on_;
  Endpoint target_;
  unsigned out_ = 0, in_ = 0;
  TimePoint drawn_{};
};

}  // namespace hopblame
