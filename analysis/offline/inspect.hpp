#pragma once
// One target of a capture to the judges: what was seen of it becomes a Case like any other. What
// the judges conclude from marks and walks that this capture does not have is taken back.

#include "analysis/model/run.hpp"
#include "analysis/offline/book.hpp"
#include "analysis/offline/surroundings.hpp"
#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {

/// What is known of the capture as a whole.
struct Capture {
  const Book& book;
  TrackerCounts counts;
  CaptureFacts facts;  ///< times, drops, damage
  const Surroundings& around;
  bool local_given = false;    ///< the user said who the client is
  bool has_other_end = false;  ///< for `compare`: there who sends the SYNs is the client
};

/// Packets to the client are in it, of the attempts or others.
[[nodiscard]] bool sees_inbound(const Capture& capture, const IpAddress& client);

struct Inspection {
  Run run;  ///< without observations
  Analysis analysis;
};

[[nodiscard]] Inspection inspect(const Capture& capture, const Target& target);

}  // namespace hopblame::offline
