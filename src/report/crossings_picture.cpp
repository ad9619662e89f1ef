// Each packet of an attempt as an arrow between the two captures, as a drawing.
#include <fmt/format.h>

#include "src/report/crossing_words.hpp"
#include "src/report/svg.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

using namespace compare;

constexpr int width = 384, left = 34, right = 350, middle = (left + right) / 2;
constexpr int top = 46, pitch = 46, longer = 14;  ///< where a line of what was changed is below

std::string lane(int x, std::string_view name, int bottom) {
  return svg::line(x, 24, x, bottom, "lane") + svg::text(x, 16, "lane-name", name);
}

std::string wire(int from, int to, int y, std::string_view style) {
  return svg::line(from, y, to, y, fmt::format("wire{}", style));
}

std::string head(int to, int from, int y, std::string_view style) {
  return svg::tip(to, y, to > from ? svg::Towards::right : svg::Towards::left,
                  fmt::format("tip{}", style));
}

std::string arrow(const Crossing& crossing, int y) {
  const bool there = crossing.way == Way::there;
  const int from = there ? left : right, to = there ? right : left;
  const std::string_view style = there ? "" : " back";
  switch (crossing.fate) {
    case Fate::arrived: return wire(from, to, y, style) + head(to, from, y, style);
    case Fate::lost: return wire(from, middle, y, style) + svg::cross(middle, y);
    case Fate::stranger: return wire(middle, to, y, " forged") + head(to, from, y, " forged");
    case Fate::unknown:
    case Fate::unshown: break;
  }
  const bool seen_leaving = there == crossing.client.has_value();
  return seen_leaving ? wire(from, middle, y, style)
                      : wire(middle, to, y, style) + head(to, from, y, style);
}

std::string note(const Crossing& crossing) {
  const auto fate = fate_text(crossing);
  return crossing.words + (fate.empty() ? "" : ", " + fate);
}

std::string row(const Crossing& crossing, TimePoint begun, int y, int height) {
  const auto id = crossing.client
                      ? fmt::format("p{}", crossing.client->frame.value)
                      : fmt::format("s{}", crossing.server ? crossing.server->frame.value : 0);
  auto out =
      fmt::format(R"(<g id="{}"><rect x="0" y="{}" width="{}" height="{}" rx="6" class="row"/>)",
                  id, y - 28, width, height - 4);
  out += svg::text(6, y - 15, "words", note(crossing));
  out += svg::text(6, y - 2, "name", passage_text(crossing.client, begun));
  out += svg::text(width - 4, y - 2, "when", passage_text(crossing.server, begun));
  out += arrow(crossing, y + 6);
  if (const auto changed = changed_text(crossing); !changed.empty())
    out += svg::text(6, y + 20, "name", changed);
  return out + "</g>\n";
}

int height_of(const Crossing& crossing) {
  return crossing.changed.empty() ? pitch : pitch + longer;
}

std::string description(const Comparison& comparison, TimePoint begun) {
  std::string text;
  for (const auto& crossing : comparison.crossings)
    text += fmt::format("{}, {}: client {}, server {}. ", crossing.words, to_string(crossing.fate),
                        passage_text(crossing.client, begun), passage_text(crossing.server, begun));
  return text;
}

}  // namespace

std::string crossings_picture(const Comparison& comparison) {
  if (comparison.crossings.empty()) return {};
  const auto first = begun(comparison);
  int bottom = top - 12;
  for (const auto& crossing : comparison.crossings) bottom += height_of(crossing);
  auto out = fmt::format(
      R"(<svg class="ladder" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">)"
      "<title>The packets of the attempt, at both ends</title><desc>{2}</desc>\n",
      width, bottom + 4, for_html(description(comparison, first)));
  out += lane(left, "client", bottom) + lane(right, "server", bottom);
  int y = top + 12;
  for (const auto& crossing : comparison.crossings) {
    out += row(crossing, first, y, height_of(crossing));
    y += height_of(crossing);
  }
  return out + "</svg>\n";
}

}  // namespace hopblame
