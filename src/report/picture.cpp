#include "src/report/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "src/report/picture_flows.hpp"
#include "src/report/svg.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

using namespace picture;

constexpr int width = 384, text_x = 98;

std::string hop_label(const Row& row, std::size_t index) {
  if (index > 0 && row.first == 0) return "?";
  return row.first == row.last ? std::to_string(row.first)
                               : fmt::format("{}-{}", row.first, row.last);
}

std::string cut(const std::string& words, std::size_t most) {
  return words.size() <= most ? words : words.substr(0, most - 2) + "..";
}

std::string box(const Row& row, std::size_t index) {
  const int y = y_of(index);
  const bool unheard =
      index > 0 && (row.addresses.empty() || row.addresses.front().starts_with("("));
  const bool beyond = index > 0 && row.first == 0;
  return fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" rx="9" class="box{}{}"/>)",
                     box_left, y - half_box, box_width, 2 * half_box, row.blamed ? " blamed" : "",
                     unheard || beyond ? " unheard" : "") +
         svg::text(box_left + box_width / 2, y + 5, row.blamed ? "hop blamed" : "hop",
                   hop_label(row, index));
}

/// "gw.example.net and 1 more, 0.41 ms"; a long name is cut.
std::string second_line(const Row& row, std::size_t index) {
  if (index == 0) return row.names.front();
  const std::size_t room = row.round_trip.empty() ? 40 : 30;
  std::string out = row.names.empty() ? "" : cut(row.names.front(), room);
  if (row.addresses.size() > 1)
    out = fmt::format("{} and {} more", cut(out, room - 11), row.addresses.size() - 1);
  if (row.round_trip.empty()) return out;
  return fmt::format("{}{}{}", out, out.empty() ? "" : ", ", row.round_trip);
}

std::string labels(const Row& row, std::size_t index, std::string_view note) {
  const std::string address = row.addresses.empty() ? "no answer" : row.addresses.front();
  const std::string below = second_line(row, index);
  const bool alone = below.empty() && note.empty();
  const int y = y_of(index) + (alone ? 5 : -3);
  std::string out = svg::text(text_x, y, address.size() > 30 ? "address long" : "address", address);
  if (!below.empty()) out += svg::text(text_x, y + 16, "name", below);
  if (!note.empty()) out += svg::text(text_x, y + (below.empty() ? 16 : 31), "note", note);
  return out;
}

/// What happens at the culprit, in a word or two.
std::string verb_of(const Document& document) {
  const std::string& word = document.outcome;
  if (word == "refused" || word == "rejected" || word == "dropped") return word;
  return word == "closed-early" ? "closed" : "the cause is";
}

std::string note_of(const Document& document) { return verb_of(document) + " here"; }

std::string hop_name(unsigned hop) {
  return hop == 0 ? std::string("this machine") : fmt::format("hop {}", hop);
}

/// One of more than two that may be to blame: which, the picture must not tell.
std::string note_beside_bracket(const Document& document, const Blamed& blamed) {
  const auto middle = (blamed.first + blamed.last + 1) / 2;
  const auto& last = document.rows[blamed.last];
  const auto words = fmt::format("{} between {} and {}", verb_of(document),
                                 document.both_ends.empty() || blamed.first > 0
                                     ? hop_name(document.rows[blamed.first].first)
                                     : "the client",
                                 last.last == 0 ? std::string("the target") : hop_name(last.last));
  return bracket(blamed.first, blamed.last) +
         svg::text(text_x, y_of(middle) - pitch / 2 + 5, "note", words);
}

/// The words at a row: who is to blame, who answers for another.
std::string note_at(const Document& document, const Row& row, bool alone) {
  const bool poses = document.impostor && row.first == *document.impostor && row.first > 0;
  if (poses)
    return document.outcome == "refused" ? "refuses in the target's name"
                                         : "answers in the target's name";
  return row.blamed && alone ? note_of(document) : "";
}

/// Above which row the words between two devices stand: where the flow is cut, else between the
/// first two that may be to blame.
std::optional<std::size_t> row_below_note(const Document& document, const FlowLine& target) {
  if (document.loop) return target.end;
  std::optional<std::size_t> second;
  for (std::size_t row = 1; row < document.rows.size(); ++row) {
    if (!document.rows[row].blamed) continue;
    if (target.stretches[row - 1] == Stretch::cut) return row;
    if (!second && document.rows[row - 1].blamed) second = row;
  }
  return second;
}

std::string note_between(const Document& document, const FlowLine& target) {
  const auto blamed = blamed_rows(document.rows);
  if (blamed && blamed->is_wide() && !document.loop) return note_beside_bracket(document, *blamed);
  const auto row = row_below_note(document, target);
  if (!row) return {};
  return svg::text(text_x, y_of(*row) - pitch / 2 + 5, "note",
                   document.loop ? "round and round" : note_of(document));
}

bool has_control(const Document& document) {
  return std::any_of(document.rows.begin(), document.rows.end(), [](const Row& row) {
    return row.control && *row.control != FlowState::not_asked;
  });
}

bool has(const FlowLine& flow, Stretch stretch) {
  return std::ranges::find(flow.stretches, stretch) != flow.stretches.end();
}

std::string legend(const Document& document, bool answered, bool stopped, bool fades) {
  int x = box_left;
  std::string out;
  const auto entry = [&](const std::string& sign, std::string_view words) {
    out += sign + svg::text(x + 30, 18, "key", words);
    x += 42 + static_cast<int>(words.size()) * 7;
  };
  entry(svg::line(x, 14, x + 24, 14, "target"), document.target_column);
  if (has_control(document))
    entry(svg::line(x, 14, x + 24, 14, "control"), document.control_column);
  if (answered)
    entry(
        svg::line(x, 14, x + 18, 14, document.forged ? "wire forged" : "wire back") +
            svg::tip(x + 24, 14, svg::Towards::right, document.forged ? "tip forged" : "tip back"),
        document.forged ? "forged" : "answer");
  if (stopped) entry(svg::cross(x + 14, 14), "stops");
  if (fades) entry(svg::line(x, 14, x + 24, 14, "lost"), "lost");
  return out;
}

/// A TCP answer came, though nobody walked the path to its sender.
bool is_answered(const Document& document) {
  const std::string& word = document.outcome;
  const bool tcp =
      word == "open" || word == "refused" || word == "closed-early" || word == "silent-service";
  return tcp && std::none_of(document.rows.begin(), document.rows.end(), [](const Row& row) {
           return row.blamed || row.target == FlowState::answers;
         });
}

/// The rows of the table, and the target where nothing got as far; what a loop repeats stands once.
Document drawn(Document document) {
  auto& rows = document.rows;
  const auto blamed = [](const Row& row) { return row.blamed; };
  const auto last = std::find_if(rows.rbegin(), rows.rend(), blamed);
  // Nobody walked the path, and the rows of the loop are not known.
  if (last == rows.rend()) document.loop = false;
  if (document.loop) rows.erase(last.base(), rows.end());
  const bool reached = std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
    return std::any_of(row.addresses.begin(), row.addresses.end(), [&](const auto& address) {
      return address == document.target || address == "(" + document.target + ")";
    });
  });
  if (reached) return document;
  Row beyond;
  beyond.addresses = {document.target};
  beyond.names = {document.both_ends.empty() ? "the target, not reached" : "the target"};
  if (is_answered(document)) {
    beyond.names = {"the target, or who answers for it"};
    beyond.target = FlowState::answers;
  }
  beyond.blamed = rows.back().blamed && document.blamed_up_to > rows.back().last;
  rows.push_back(beyond);
  return document;
}

/// Where something ends at this row, on its way there or back.
std::string end_at(std::size_t row, const FlowLine& target) {
  const bool back = row == 0 ? target.answer_from.has_value() : row == target.answer_until;
  return svg::cross(back ? target_back_x : target_x,
                    y_of(row) + (back || row == 0 ? half_box : -half_box));
}

std::string boxes(const Document& document, bool alone, const FlowLine& target) {
  std::string out;
  for (std::size_t i = 0; i < document.rows.size(); ++i) {
    const Row& row = document.rows[i];
    out += box(row, i) + labels(row, i, note_at(document, row, alone));
    if (row.blamed && alone) out += end_at(i, target);
    out += "\n";
  }
  return out;
}

std::string flows(const Document& document, bool alone, const FlowLine& target) {
  const FlowLine control = control_line(document);
  const bool stopped = alone || has(target, Stretch::cut) || has(control, Stretch::cut);
  std::string out = legend(document, target.answer_from || control.answer_from, stopped,
                           has(target, Stretch::fades));
  out += target_flow(target, document.forged) + control_flow(control) + "\n";
  if (!document.loop) return out;
  const auto first = std::find_if(document.rows.begin(), document.rows.end(),
                                  [](const Row& row) { return row.blamed; });
  return out + round_trip(target.end, static_cast<std::size_t>(first - document.rows.begin()));
}

}  // namespace

std::string path_picture(const Document& whole) {
  const Document document = drawn(whole);
  const FlowLine target = target_line(document);
  const int height = y_of(document.rows.size() - 1) + 46;
  std::string out =
      fmt::format(R"(<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">)"
                  "<title>The path to {2}</title><desc>{3}</desc>\n",
                  width, height, for_html(document.title), for_html(document.headline));
  const bool alone = std::count_if(document.rows.begin(), document.rows.end(),
                                   [](const Row& row) { return row.blamed; }) == 1;
  out += flows(document, alone, target) + boxes(document, alone, target);
  if (!alone) out += note_between(document, target);
  return out + "</svg>\n";
}

}  // namespace hopblame
