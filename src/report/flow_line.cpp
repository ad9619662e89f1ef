#include "src/report/flow_line.hpp"

#include <algorithm>

namespace hopblame {
namespace {

using State = std::optional<FlowState> Row::*;

bool heard(const std::optional<FlowState>& state) {
  return state == FlowState::passes || state == FlowState::answers || state == FlowState::blocked;
}

bool ends_flow(const std::optional<FlowState>& state) {
  return state == FlowState::answers || state == FlowState::blocked;
}

std::size_t last_heard(const std::vector<Row>& rows, State state) {
  std::size_t last = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (heard(rows[i].*state)) last = i;
  return last;
}

/// The one blamed row, when the blame is not an interval.
std::optional<std::size_t> blamed_row(const std::vector<Row>& rows) {
  const auto blamed = [](const Row& row) { return row.blamed; };
  if (std::count_if(rows.begin(), rows.end(), blamed) != 1) return {};
  return static_cast<std::size_t>(std::find_if(rows.begin(), rows.end(), blamed) - rows.begin());
}

Stretch stretch_to(const std::vector<Row>& rows, State state, std::size_t row,
                   const FlowLine& line) {
  const bool measured = rows[row].first > 0;
  if (row <= line.end && !measured) return Stretch::unsure;
  if (row <= line.end)
    return heard(rows[row].*state) || row == line.end ? Stretch::passes : Stretch::unsure;
  return row == line.end + 1 && !line.stopped ? Stretch::cut : Stretch::none;
}

void add_stretches(FlowLine& line, const std::vector<Row>& rows, State state) {
  for (std::size_t row = 1; row < rows.size(); ++row)
    line.stretches.push_back(stretch_to(rows, state, row, line));
}

std::size_t row_of(const std::vector<Row>& rows, const std::string& address,
                   std::size_t otherwise) {
  for (std::size_t i = 1; i < rows.size(); ++i)
    for (const auto& known : rows[i].addresses)
      if (known == address) return i;
  return otherwise;
}

/// An answer that ends the flow, whoever sent it.
std::optional<std::size_t> answer_row(const Document& document, const FlowLine& line) {
  if (!document.icmp_from.empty()) return row_of(document.rows, document.icmp_from, line.end);
  const bool refused = line.stopped && document.outcome == "refused";
  if (ends_flow(document.rows[line.end].target) || refused || document.answer_dropped_here)
    return line.end;
  return {};
}

/// Then it is the answer that the device of that row does not pass.
bool is_answered_beyond(const Document& document, const FlowLine& line, std::size_t blamed) {
  return document.outcome == "dropped" && blamed > 0 && line.end > blamed &&
         document.rows[line.end].target == FlowState::answers;
}

/// A cross would say that it is there.
void blur(FlowLine& line, const std::vector<Row>& rows) {
  const auto blamed = blamed_rows(rows);
  if (!blamed || !blamed->is_wide() || line.stopped) return;
  for (std::size_t row = line.end + 1; row <= blamed->last; ++row)
    line.stretches[row - 1] = Stretch::fades;
}

}  // namespace

std::optional<Blamed> blamed_rows(const std::vector<Row>& rows) {
  const auto first = std::ranges::find(rows, true, &Row::blamed);
  if (first == rows.end()) return {};
  const auto last =
      std::find_if(rows.rbegin(), rows.rend(), [](const Row& row) { return row.blamed; });
  return Blamed{static_cast<std::size_t>(first - rows.begin()),
                static_cast<std::size_t>(last.base() - rows.begin()) - 1};
}

FlowLine target_line(const Document& document) {
  const auto& rows = document.rows;
  FlowLine line;
  line.end = document.answer_dropped_here ? rows.size() - 1 : last_heard(rows, &Row::target);
  line.stopped = document.answer_dropped_here || ends_flow(rows[line.end].target);
  // A forged answer can seem to come from further on: the flow ends where the blame is.
  // What this machine drops itself may have been answered.
  const auto blamed = blamed_row(rows);
  if (blamed && is_answered_beyond(document, line, *blamed)) {
    line.answer_until = *blamed;
  } else if (blamed && (*blamed > 0 || !line.stopped)) {
    line.end = *blamed;
    line.stopped = true;
  }
  line.answer_from = answer_row(document, line);
  if (document.loop) line.stopped = false;
  add_stretches(line, rows, &Row::target);
  if (!document.loop) blur(line, rows);
  return line;
}

FlowLine control_line(const Document& document) {
  const auto& rows = document.rows;
  FlowLine line;
  line.end = last_heard(rows, &Row::control);
  const bool asked = std::any_of(rows.begin(), rows.end(), [](const Row& row) {
    return row.control && *row.control != FlowState::not_asked;
  });
  if (ends_flow(rows[line.end].control)) line.answer_from = line.end;
  line.stopped = !asked || line.answer_from;
  add_stretches(line, rows, &Row::control);
  return line;
}

}  // namespace hopblame
