// Each packet of an attempt as an arrow between the two captures, for a terminal.
#include <fmt/format.h>

#include <algorithm>

#include "src/report/crossing_words.hpp"

namespace hopblame {
namespace {

using namespace compare;

constexpr std::size_t side = 18, least = 24, most = 54;

/// The words of a packet on its arrow, which is `width` long; a part of it where it got lost or
/// nobody sent it.
std::string arrow(const Crossing& crossing, std::size_t width) {
  const bool there = crossing.way == Way::there;
  auto words = fmt::format(" {} ", crossing.words);
  if (const auto changed = changed_text(crossing); !changed.empty())
    words += fmt::format("({}) ", changed);
  const auto note = fate_text(crossing);
  const bool whole = crossing.fate == Fate::arrived;
  const auto room = whole ? width : width - std::min(width - least, note.size() + 1);
  if (words.size() > room - 4) words = words.substr(0, room - 6) + ".. ";
  const auto line = fmt::format("{:-^{}}", words, room - 1);
  switch (crossing.fate) {
    case Fate::arrived: return there ? line + ">" : "<" + line;
    case Fate::lost: return there ? line + "X " + note : note + " X" + line;
    default: break;
  }
  const char* open = crossing.fate == Fate::stranger || crossing.made_by ? "o" : "?";
  const bool towards_client = crossing.client.has_value() && !there;
  const bool from_server = !crossing.client.has_value() && !there;
  if (towards_client) return "<" + line.substr(1) + open + " " + note;
  if (from_server) return note + " " + open + line;
  return crossing.client ? line + open + " " + note : note + " " + open + line.substr(1) + ">";
}

std::string row(const Crossing& crossing, TimePoint begun, std::size_t width) {
  auto text = fmt::format("  {:>{}} {:<{}} {}", passage_text(crossing.client, begun), side,
                          arrow(crossing, width), width, passage_text(crossing.server, begun));
  while (text.ends_with(' ')) text.pop_back();
  return text + "\n";
}

}  // namespace

std::string crossings_text(const Comparison& comparison, std::size_t width) {
  if (comparison.crossings.empty()) return {};
  const auto room = std::clamp<std::size_t>(width - 2 * side - 4, least, most);
  const auto first = begun(comparison);
  std::string out = fmt::format("  {:>{}} {:^{}} {}\n", "client", side, "", room, "server");
  for (const auto& crossing : comparison.crossings) out += row(crossing, first, room);
  if (comparison.left_out.all > 0) out += fmt::format("  and {}\n", left_out_text(comparison));
  return out;
}

}  // namespace hopblame
