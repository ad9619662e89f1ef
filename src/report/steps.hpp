#pragma once
// Which steps of the knowledge table a report tells.

#include <string>
#include <string_view>
#include <vector>

#include "src/report/first_looks.hpp"
#include "src/report/knowledge.hpp"
#include "src/report/report.hpp"

namespace hopblame {

/// All that decides on it.
struct Circumstances {
  std::vector<Mechanism> causes;  ///< that fit best
  std::vector<Mechanism> beside;  ///< at the destination, a second fault
  Outcome outcome = Outcome::inconclusive;
  only::Bits holds = only::always;  ///< the circumstances
  bool capture_again = false;       ///< two captures do not settle it
  bool other_address = false;       ///< the same name has one that works
  std::vector<FirstLook> first{};   ///< cheap looks from this machine
  auto operator<=>(const Circumstances&) const = default;
};

[[nodiscard]] Circumstances situation_of(const ReportInput& input);

/// The attempt that two captures are about. Null: there is only one, or it has none.
[[nodiscard]] const compare::AttemptFinding* compared(const ReportInput& input);

/// In the order in which they are told.
[[nodiscard]] std::vector<const Advice*> steps_for(const Circumstances& situation);

[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

}  // namespace hopblame
