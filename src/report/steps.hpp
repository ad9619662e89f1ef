#pragma once
// Which steps of the knowledge table a report tells.

#include <string>
#include <string_view>
#include <vector>

#include "src/report/knowledge.hpp"
#include "src/report/report.hpp"

namespace hopblame {

/// All that decides on it.
struct Situation {
  std::vector<Mechanism> causes;  ///< that fit best
  std::vector<Mechanism> beside;  ///< at the destination, a second fault
  Outcome outcome = Outcome::inconclusive;
  bool at_host = false;  ///< the blame may fall on the destination itself
  bool on_path = false;  ///< it may fall on a device before the destination
  bool ssh = false;
  bool nat = false;            ///< a private source talks to a public address
  bool capture_again = false;  ///< two captures do not settle it
  bool here = false;           ///< the target is this machine itself: nobody else can help
  auto operator<=>(const Situation&) const = default;
};

[[nodiscard]] Situation situation_of(const ReportInput& input);

/// In the order in which they are told.
[[nodiscard]] std::vector<const Step*> steps_for(const Situation& situation);

[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

}  // namespace hopblame
