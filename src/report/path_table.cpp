#include "src/report/path_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "src/report/untrusted.hpp"
#include "src/report/wrap.hpp"

namespace hopblame {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t smallest_name_column = 12;
constexpr std::size_t state_width = 10;

struct Widths {
  std::size_t hop = 3, address = 7, name = 0, round_trip = 3;
  [[nodiscard]] std::size_t before_name() const { return gap + hop + gap + address + gap; }
};

std::string hop_label(const Row& row) {
  return row.first == row.last ? std::to_string(row.first)
                               : fmt::format("{}-{}", row.first, row.last);
}

/// Cuts what is too long, and says so.
std::string fit(std::string text, std::size_t width) {
  if (text.size() <= width) return text;
  return text.substr(0, width - 2) + "..";
}

Widths widths_of(const Document& document, std::size_t total) {
  Widths widths;
  std::size_t longest_name = 0;
  for (const Row& row : document.rows) {
    widths.hop = std::max(widths.hop, hop_label(row).size());
    widths.round_trip = std::max(widths.round_trip, row.round_trip.size());
    for (const auto& address : row.addresses)
      widths.address = std::max(widths.address, address.size());
    for (const auto& name : row.names) longest_name = std::max(longest_name, name.size());
  }
  const std::size_t fixed =
      widths.before_name() + gap + widths.round_trip + 2 * (gap + state_width);
  const std::size_t room = total > fixed ? total - fixed : 0;
  if (room >= std::min(smallest_name_column, longest_name))
    widths.name = std::min(room, std::max<std::size_t>(longest_name, 4));
  return widths;
}

std::string state_cell(const Paint& paint, const std::optional<FlowState>& state) {
  const std::string text(state ? state_text(*state) : "");
  const std::string padding(state_width - std::min(state_width, text.size()), ' ');
  return (state ? paint.state(*state, text) : text) + padding;
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string header(const Document& document, const Widths& widths, const Paint& paint) {
  std::string line = fmt::format("  {:>{}}  {:<{}}", "hop", widths.hop, "address", widths.address);
  if (widths.name > 0) line += fmt::format("  {:<{}}", "name", widths.name);
  line += fmt::format("  {:>{}}  {:<{}}  {}", "rtt", widths.round_trip, document.target_column,
                      state_width, document.control_column);
  return paint.bold(line) + "\n";
}

/// Further addresses of a hop, and names that found no room.
std::string extra_lines(const Row& row, const Widths& widths, std::size_t total) {
  std::string out;
  const std::string indent(gap + widths.hop + gap, ' ');
  for (std::size_t i = 0; i < row.addresses.size(); ++i) {
    if (i > 0)
      out += trimmed(indent + fmt::format("{:<{}}  {}", row.addresses[i], widths.address,
                                          fit(row.names[i], widths.name)));
    if (widths.name == 0 && !row.names[i].empty())
      out += trimmed(indent + "  " + fit(row.names[i], total - indent.size() - gap));
  }
  return out;
}

std::string first_line(const Row& row, const Widths& widths, const Paint& paint) {
  const std::string address = row.addresses.empty() ? "*" : row.addresses.front();
  const std::string name = row.names.empty() ? "" : row.names.front();
  std::string left = fmt::format("{} {:>{}}  {:<{}}", row.blamed ? '>' : ' ', hop_label(row),
                                 widths.hop, address, widths.address);
  if (widths.name > 0) left += fmt::format("  {:<{}}", fit(name, widths.name), widths.name);
  const std::string right = fmt::format("  {:>{}}  ", row.round_trip, widths.round_trip);
  const std::string states = state_cell(paint, row.target) + "  " + state_cell(paint, row.control);
  return trimmed((row.blamed ? paint.blamed(left) : left) + right + states);
}

}  // namespace

std::string path_table(const Document& document, const Paint& paint, std::size_t width) {
  const Widths widths = widths_of(document, width);
  std::string out = header(document, widths, paint);
  for (const Row& row : document.rows)
    out += first_line(row, widths, paint) + extra_lines(row, widths, width);
  return out;
}

}  // namespace hopblame
