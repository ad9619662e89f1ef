#include "src/report/picture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "src/report/flow_line.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

constexpr int width = 384, top = 56, pitch = 62, half_box = 17;
constexpr int target_x = 30, control_x = 62, text_x = 96;

int y_of(std::size_t row) { return top + static_cast<int>(row) * pitch; }

std::string hop_label(const Row& row) {
  if (row.first == 0) return "0";
  return row.first == row.last ? std::to_string(row.first)
                               : fmt::format("{}-{}", row.first, row.last);
}

std::string line(int x, int from, int to, std::string_view style) {
  return fmt::format(R"(<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" class="{3}"/>)", x, from, to,
                     style);
}

std::string cross(int x, int y) {
  return fmt::format(R"(<path d="M{} {}l14 14m0 -14l-14 14" class="cross"/>)", x - 7, y - 7);
}

std::string text(int x, int y, std::string_view style, std::string_view words) {
  return fmt::format(R"(<text x="{}" y="{}" class="{}">{}</text>)", x, y, style, for_html(words));
}

std::string cut(std::string words, std::size_t most) {
  return words.size() <= most ? words : words.substr(0, most - 2) + "..";
}

std::string stretch(const FlowLine& flow, std::size_t row, int x, std::string_view style) {
  const int from = y_of(row - 1) + half_box, to = y_of(row) - half_box, middle = (from + to) / 2;
  switch (flow.stretches[row - 1]) {
    case Stretch::passes: return line(x, from, to, style);
    case Stretch::unsure: return line(x, from, to, fmt::format("{} unsure", style));
    case Stretch::cut:
      return line(x, from, middle, style) + line(x, middle, to, "lost") + cross(x, middle);
    case Stretch::none: break;
  }
  return {};
}

std::string flow(const FlowLine& flow, std::size_t rows, int x, std::string_view style) {
  std::string out;
  for (std::size_t row = 1; row < rows; ++row) out += stretch(flow, row, x, style);
  return out;
}

std::string box(const Row& row, std::size_t index) {
  const int y = y_of(index);
  return fmt::format(R"(<rect x="12" y="{}" width="68" height="{}" rx="9" class="box{}"/>)",
                     y - half_box, 2 * half_box, row.blamed ? " blamed" : "") +
         text(46, y + 5, row.blamed ? "hop blamed" : "hop", hop_label(row));
}

/// "gw.example.net and 1 more, 0.41 ms", as far as there is room.
std::string second_line(const Row& row) {
  if (row.first == 0) return "this machine";
  std::string out = row.names.empty() ? "" : cut(row.names.front(), 36);
  if (row.addresses.size() > 1) out += fmt::format(" and {} more", row.addresses.size() - 1);
  if (row.round_trip.empty() || out.size() > 30) return out;
  return fmt::format("{}{}{}", out, out.empty() ? "" : ", ", row.round_trip);
}

std::string labels(const Row& row, std::size_t index, std::string_view note) {
  const std::string address = row.addresses.empty() ? "no answer" : row.addresses.front();
  const std::string below = second_line(row);
  const bool alone = below.empty() && note.empty();
  const int y = y_of(index) + (alone ? 5 : -3);
  std::string out = text(text_x, y, address.size() > 30 ? "address long" : "address", address);
  if (!below.empty()) out += text(text_x, y + 16, "name", below);
  if (!note.empty()) out += text(text_x, y + (below.empty() ? 16 : 31), "note", note);
  return out;
}

std::size_t count_blamed(const Document& document) {
  return static_cast<std::size_t>(std::count_if(document.rows.begin(), document.rows.end(),
                                                [](const Row& row) { return row.blamed; }));
}

/// What happens at the culprit, in a word or two.
std::string note_of(const Document& document) {
  const std::string& word = document.outcome;
  if (word == "refused" || word == "rejected" || word == "dropped") return word + " here";
  if (word == "closed-early") return "closed here";
  return "the cause is here";
}

std::string head(const Document& document) {
  std::string out = R"(<line x1="12" y1="14" x2="36" y2="14" class="target"/>)";
  out += text(42, 18, "key", document.target_column);
  out += R"(<line x1="136" y1="14" x2="160" y2="14" class="control"/>)";
  out += text(166, 18, "key", document.control_column);
  out += cross(272, 14);
  return out + text(286, 18, "key", "stops");
}

/// The mark and the words at the one device that is blamed.
std::string culprit(const Document& document, std::size_t index) {
  return labels(document.rows[index], index, note_of(document)) +
         cross(target_x, y_of(index) - half_box);
}

/// The words between two devices of which one is to blame.
std::string note_between(const Document& document, const FlowLine& target) {
  for (std::size_t row = 1; row < document.rows.size(); ++row)
    if (target.stretches[row - 1] == Stretch::cut && document.rows[row].blamed)
      return text(text_x, y_of(row) - pitch / 2 + 5, "note", note_of(document));
  return {};
}

}  // namespace

std::string path_picture(const Document& document) {
  const auto& rows = document.rows;
  const int height = y_of(rows.size() - 1) + 46;
  std::string out =
      fmt::format(R"(<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">)"
                  "<title>The path to {2}</title><desc>{3}</desc>",
                  width, height, for_html(document.title), for_html(document.headline));
  out += head(document);
  const FlowLine target = target_line(document);
  out += flow(target, rows.size(), target_x, "target");
  out += flow(control_line(document), rows.size(), control_x, "control");
  const bool single = count_blamed(document) == 1;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out += box(rows[i], i);
    out += single && rows[i].blamed ? culprit(document, i) : labels(rows[i], i, "");
  }
  if (!single) out += note_between(document, target);
  return out + "</svg>\n";
}

}  // namespace hopblame
