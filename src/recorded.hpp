#pragma once
// A run and the very packets it was made from.

#include <vector>

#include "analysis/model/run.hpp"
#include "capture/pcapng/recorder.hpp"

namespace hopblame {

struct Recorded {
  Run run;  ///< its observations are those of `frames`
  std::vector<StoredFrame> frames;
};

}  // namespace hopblame
