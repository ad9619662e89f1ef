#include <fmt/format.h>

#include <algorithm>

#include "src/report/ladder.hpp"
#include "src/report/svg.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

constexpr int width = 384, left = 34, right = 350, top = 46, pitch = 40;

int x_of(const Ladder& ladder, std::size_t lane) {
  const auto gaps = static_cast<int>(std::max<std::size_t>(1, ladder.lanes.size() - 1));
  return left + static_cast<int>(lane) * (right - left) / gaps;
}

/// With many lanes only numbers have room: "hop 3" becomes "3".
std::string lane_name(const Ladder& ladder, std::size_t lane) {
  const std::string& name = ladder.lanes[lane];
  const bool crowded = ladder.lanes.size() > 5;
  return crowded && name.starts_with("hop ") ? name.substr(4) : name;
}

std::string lane(const Ladder& ladder, std::size_t index, int bottom) {
  const int x = x_of(ladder, index);
  return svg::line(x, 24, x, bottom, "lane") +
         svg::text(x, 16, "lane-name", lane_name(ladder, index));
}

std::string arrow(int from, int to, int y, const char* style) {
  const auto towards = to > from ? svg::Towards::right : svg::Towards::left;
  return svg::line(from, y, to, y, fmt::format("wire{}", style)) +
         svg::tip(to, y, towards, fmt::format("tip{}", style));
}

/// Lost anywhere on a stretch: a cross would say where.
std::string fading_arrow(const Ladder& ladder, const Rung& packet, int y) {
  const int known = x_of(ladder, packet.to);
  return svg::line(x_of(ladder, packet.from), y, known, y, "wire") +
         svg::line(known, y, x_of(ladder, packet.lost_by), y, "lost");
}

std::string broken_arrow(const Ladder& ladder, const Rung& packet, int y) {
  if (packet.lost_by > packet.to + 1) return fading_arrow(ladder, packet, y);
  const auto next = packet.fate == RungFate::unheard
                        ? packet.to
                        : std::min(packet.to + 1, ladder.lanes.size() - 1);
  const int end = (x_of(ladder, packet.to) + x_of(ladder, next)) / 2;
  return svg::line(x_of(ladder, packet.from), y, end, y, "wire") + svg::cross(end, y);
}

std::string cut(const std::string& words) {
  constexpr std::size_t most = 44;  // what fits before the time
  return words.size() <= most ? words : words.substr(0, most - 2) + "..";
}

std::string rung(const Ladder& ladder, const Rung& packet, int y) {
  const char* style = packet.forged ? " forged" : packet.to == 0 ? " back" : "";
  return fmt::format(
             R"(<g id="p{0}"><rect x="0" y="{1}" width="{2}" height="{3}" rx="6" class="row"/>)"
             R"(<text x="6" y="{4}" class="words"><tspan class="number">{0}</tspan> {5}</text>)"
             R"(<text x="{6}" y="{4}" class="when">{7}</text>)",
             packet.frame.value, y - 23, width, pitch - 4, y - 9, for_html(cut(packet.words)),
             width - 4, for_html(packet.when)) +
         (packet.fate != RungFate::arrives
              ? broken_arrow(ladder, packet, y + 3)
              : arrow(x_of(ladder, packet.from), x_of(ladder, packet.to), y + 3, style)) +
         "</g>\n";
}

std::string description(const Ladder& ladder) {
  std::string text;
  for (const Rung& packet : ladder.rungs)
    text += fmt::format("Packet {}, after {}, from {} to {}: {}. ", packet.frame.value, packet.when,
                        ladder.lanes[packet.from], ladder.lanes[packet.to], packet.words);
  return text;
}

}  // namespace

std::string ladder_picture(const Ladder& ladder) {
  if (ladder.rungs.empty()) return {};
  const int bottom = top + static_cast<int>(ladder.rungs.size()) * pitch - 12;
  std::string out = fmt::format(
      R"(<svg class="ladder" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">)"
      "<title>The packets that decided, in time</title><desc>{2}</desc>\n",
      width, bottom + 4, for_html(description(ladder)));
  for (std::size_t i = 0; i < ladder.lanes.size(); ++i) out += lane(ladder, i, bottom);
  int y = top + 8;
  for (const Rung& packet : ladder.rungs) {
    out += rung(ladder, packet, y);
    y += pitch;
  }
  return out + "</svg>\n";
}

}  // namespace hopblame
