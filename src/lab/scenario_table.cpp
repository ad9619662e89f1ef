#include "src/lab/scenario_table.hpp"

#include <algorithm>

#include "src/lab/embedded.hpp"

namespace hopblame {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

namespace {

/// The columns the program uses; the lab tests use them all.
ScenarioRow row(std::string_view line) {
  const auto cell = split(line, '\t');
  return {cell.at(0), cell.at(1), cell.at(3), cell.at(4), cell.at(5), cell.at(6), cell.at(10)};
}

std::vector<ScenarioRow> read_table() {
  std::vector<ScenarioRow> rows;
  for (const auto line : split(lab_table, '\n'))
    if (!line.empty() && line.front() != '#') rows.push_back(row(line));
  return rows;
}

}  // namespace

const std::vector<ScenarioRow>& scenario_table() {
  static const auto rows = read_table();
  return rows;
}

const ScenarioRow* find_scenario(std::string_view id) {
  const auto& rows = scenario_table();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](auto& r) { return r.id == id; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace hopblame
