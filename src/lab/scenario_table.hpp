#pragma once
// scenarios.tsv: which faults there are, and what each must be found to be.

#include <string_view>
#include <vector>

namespace hopblame {

struct ScenarioRow {
  std::string_view id;
  std::string_view families;  ///< "4 6", "4" or "6"
  std::string_view outcomes;  ///< one of these words, or "exit-4"
  std::string_view kind, hops;
  std::string_view mechanisms;  ///< as in the table: "filter-drop 2:answer-lost@1..4"
  std::string_view fault;       ///< in words
};

/// The cells of a line, or the words of a cell.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

[[nodiscard]] const std::vector<ScenarioRow>& scenario_table();
/// Null when there is none of this name.
[[nodiscard]] const ScenarioRow* find_scenario(std::string_view id);

}  // namespace hopblame
