#include "src/report/picture_flows.hpp"

#include <fmt/format.h>

#include "src/report/svg.hpp"

namespace hopblame::picture {
namespace {

std::string stretch(Stretch state, std::size_t row, int x, std::string_view style) {
  const int from = y_of(row - 1) + half_box, to = y_of(row) - half_box, middle = (from + to) / 2;
  switch (state) {
    case Stretch::passes: return svg::line(x, from, x, to, style);
    case Stretch::unsure: return svg::line(x, from, x, to, fmt::format("{} unsure", style));
    case Stretch::cut:
      return svg::line(x, from, x, middle, style) + svg::line(x, middle, x, to, "lost") +
             svg::cross(x, middle);
    case Stretch::fades: return svg::line(x, from, x, to, "lost");
    case Stretch::none: break;
  }
  return {};
}

std::string there(const FlowLine& flow, int x, std::string_view style) {
  std::string out;
  for (std::size_t row = 1; row <= flow.stretches.size(); ++row)
    out += stretch(flow.stretches[row - 1], row, x, style);
  return out;
}

/// Boxes are drawn over it.
std::string back(const FlowLine& flow, int x, std::string_view style) {
  if (!flow.answer_from || *flow.answer_from == 0) return {};
  const int arrival = y_of(flow.answer_until) + half_box + 1;
  return svg::line(x, y_of(*flow.answer_from), x, arrival + 6, fmt::format("wire {}", style)) +
         svg::tip(x, arrival, svg::Towards::up, fmt::format("tip {}", style));
}

}  // namespace

std::string target_flow(const FlowLine& flow, bool forged) {
  return there(flow, target_x, "target") + back(flow, target_back_x, forged ? "forged" : "back");
}

std::string control_flow(const FlowLine& flow) {
  return there(flow, control_x, "control") + back(flow, control_back_x, "control");
}

std::string bracket(std::size_t from, std::size_t to) {
  return fmt::format(R"(<path d="M{0} {1}h-9V{2}h9" class="around"/>)", box_left - 1, y_of(from),
                     y_of(to));
}

std::string round_trip(std::size_t from, std::size_t to) {
  const int edge = box_left - 1, bottom = y_of(from), end = y_of(to);
  return fmt::format(R"(<path d="M{} {}h-9V{}h4" class="around"/>)", edge, bottom, end) +
         svg::tip(edge, end, svg::Towards::right, "tip forged");
}

}  // namespace hopblame::picture
