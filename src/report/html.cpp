// One self-contained page: no script, nothing loaded, every text through for_html.
#include <fmt/format.h>

#include <algorithm>

#include "src/report/base64.hpp"
#include "src/report/code_spans.hpp"
#include "src/report/crossing_words.hpp"
#include "src/report/document.hpp"
#include "src/report/ladder.hpp"
#include "src/report/picture.hpp"
#include "src/report/style.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

/// Our own sentences.
std::string own(std::string_view sentence) {
  std::string out;
  for (const Span& span : code_spans(sentence))
    out += span.code ? fmt::format("<code>{}</code>", for_html(span.text)) : for_html(span.text);
  return out;
}

std::string element(std::string_view name, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>\n", name, own(text));
}

std::string section(std::string_view heading, std::string_view body) {
  if (body.empty()) return {};
  return fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", for_html(heading), body);
}

/// " (packets 12, 31)" with a link to each packet that the ladder shows; the server's come last.
std::string linked(std::string_view numbers, const Ladder& ladder) {
  const auto rest = std::min({numbers.find(" and "), numbers.find(';'), numbers.size()});
  std::string out;
  for (std::size_t at = 0; at < numbers.size();) {
    const auto end = std::min(numbers.find_first_not_of("0123456789", at), numbers.size());
    const std::string word(numbers.substr(at, end - at));
    if (!word.empty() && at < rest && ladder.shows(std::stoull(word)))
      out += fmt::format("<a href=\"#p{0}\">{0}</a>", word);
    else
      out += for_html(word.empty() ? numbers.substr(at, 1) : word);
    at = std::max(end, at + 1);
  }
  return out;
}

std::string point_html(const Point& point, const Ladder& ladder) {
  const std::string_view text = point.text;
  const auto words = text.size() - std::min(point.cited, text.size());
  return own(text.substr(0, words)) + linked(text.substr(words), ladder);
}

std::string list(const std::vector<Point>& points, const Ladder& ladder = {}) {
  if (points.empty()) return {};
  std::string out = "<ul>\n";
  for (const auto& point : points) out += fmt::format("<li>{}</li>\n", point_html(point, ladder));
  return out + "</ul>\n";
}

/// The outcome word stands out, the rest of the line follows it.
std::string headline_html(const Document& document) {
  const std::string rest = document.headline.substr(document.outcome.size());
  return fmt::format("<h1><b>{}</b>{}</h1>\n", for_html(document.outcome), for_html(rest));
}

std::string answer(const Document& document) {
  const bool doubtful = document.outcome == "open" && document.impostor;
  std::string out = fmt::format("<header class=\"{}\">\n",
                                doubtful ? "inconclusive" : for_html(document.outcome));
  out += headline_html(document);
  for (const auto& line : document.summary) out += element("p", line);
  if (!document.ask.empty())
    out += fmt::format("<p class=\"ask\"><b>First:</b> {}</p>\n", own(document.ask));
  out += fmt::format("<p class=\"dim\">{}, seen from {}</p>\n", for_html(document.title),
                     for_html(document.source));
  return out + "</header>\n";
}

std::string because(const Document& document, const Ladder& ladder) {
  std::string out = list(document.because, ladder);
  if (!document.against.empty())
    out += "<h3>What speaks against it</h3>\n" + list(document.against, ladder);
  if (!document.confidence.empty())
    out += fmt::format("<p class=\"sure\"><b>{}:</b> {}</p>\n", own(document.sure_of),
                       own(document.confidence));
  if (!document.settled_by.empty())
    out += fmt::format("<p><b>To settle it:</b> {}</p>\n", own(document.settled_by));
  return out;
}

std::string alternative(const Alternative& other, const Ladder& ladder) {
  std::string out = fmt::format("<li><b>{}</b>, {}: {} ({}).", for_html(other.word),
                                for_html(other.where), for_html(other.title), how_likely(other));
  for (const auto& point : other.because)
    out += fmt::format("<br>Because: {}", point_html(point, ladder));
  for (const auto& point : other.against)
    out += fmt::format("<br>Against it: {}", point_html(point, ladder));
  return out + fmt::format("<br><b>To settle it:</b> {}</li>\n", own(other.settled_by));
}

std::string alternatives(const Document& document, const Ladder& ladder) {
  if (document.alternatives.empty()) return {};
  std::string out = "<ul>\n";
  for (const auto& other : document.alternatives) out += alternative(other, ladder);
  return out + "</ul>\n";
}

std::string app(const Document& document) {
  std::string out;
  for (const auto& line : document.app_sees)
    out += fmt::format("<p><code>{}</code></p>\n", for_html(line));
  return out;
}

std::string step_html(const NextStep& step) {
  std::string out = fmt::format(
      "<li><span class=\"who\">{}</span>{}: {}", for_html(title(step.who)),
      step.change ? "<span class=\"change\">changes something</span>" : "", own(step.text));
  if (!step.commands.empty()) {
    out += "<pre>";
    for (const auto& line : step.commands) out += for_html(line) + "\n";
    out += "</pre>";
  }
  return out + "</li>\n";
}

std::string steps(const Document& document) {
  if (document.steps.empty()) return {};
  std::string out = "<ol>\n";
  for (const auto& step : document.steps) out += step_html(step);
  return out + "</ol>\n";
}

/// Each address with its name below.
std::string device_cell(const Row& row) {
  if (row.addresses.empty()) return "<td>no answer</td>";
  std::string out;
  for (std::size_t i = 0; i < row.addresses.size(); ++i) {
    out += fmt::format("{}<span class=\"address\">{}</span>", i > 0 ? "<br>" : "",
                       for_html(row.addresses[i]));
    if (!row.names[i].empty())
      out += fmt::format("<br><span class=\"name\">{}</span>", for_html(row.names[i]));
  }
  return "<td>" + out + "</td>";
}

std::string state_cell(const std::optional<FlowState>& state) {
  if (!state) return "<td></td>";
  return fmt::format("<td class=\"{}\">{}</td>", to_string(*state), for_html(state_text(*state)));
}

std::string row_html(const Row& row) {
  std::string hop = row.first == row.last ? std::to_string(row.first)
                                          : fmt::format("{} to {}", row.first, row.last);
  if (row.blamed) hop += "<br><span class=\"badge\">blamed</span>";
  return fmt::format("<tr{}><td>{}</td>{}<td class=\"rtt\">{}</td>{}{}</tr>\n",
                     row.blamed ? " class=\"blamed\"" : "", hop, device_cell(row),
                     for_html(row.round_trip), state_cell(row.target), state_cell(row.control));
}

std::string table(const Document& document) {
  std::string out = fmt::format(
      "<p class=\"dim\">{}</p>\n<div class=\"scroll\"><table>\n"
      "<tr><th scope=\"col\">hop</th><th scope=\"col\">address, name</th>"
      "<th scope=\"col\" class=\"rtt\">round trip</th><th scope=\"col\">{}</th>"
      "<th scope=\"col\">{}</th></tr>\n",
      for_html(document.legend), for_html(document.target_column),
      for_html(document.control_column));
  for (const Row& row : document.rows) out += row_html(row);
  return out + "</table></div>\n";
}

std::string facts(const Document& document) {
  std::string out = "<table class=\"facts\">\n";
  for (const auto& fact : document.facts)
    out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", for_html(fact.name),
                       for_html(fact.value));
  return out + "</table>\n";
}

std::string packets_at_both_ends(const compare::Comparison& both) {
  auto out = crossings_picture(both);
  if (!out.empty())
    out +=
        "<p class=\"dim\">Numbers are those of each capture, times since the first packet by the "
        "client's clock.</p>\n";
  if (both.left_out.all > 0)
    out += fmt::format("<p class=\"dim\">Left out: {}.</p>\n", left_out_text(both));
  return out;
}

std::string packets(const Ladder& ladder, const ReportInput& input) {
  if (input.both) return packets_at_both_ends(*input.both);
  std::string out = ladder_picture(ladder);
  if (ladder.left_out > 0)
    out += fmt::format("<p class=\"dim\">{} more are in the capture.</p>\n", ladder.left_out);
  return out;
}

/// A link to the capture itself, which is inside the page.
std::string download(std::string_view capture, bool excerpt) {
  constexpr std::size_t most = 150'000;  // so that the page stays below 300 kB
  if (capture.empty() || capture.size() > most) return {};
  return fmt::format(
      "<p class=\"download\"><a download=\"trace.pcapng\" "
      "href=\"data:application/octet-stream;base64,{}\">trace.pcapng</a>: the packets of the {}, "
      "for Wireshark; <code>frame.comment contains &quot;hopblame&quot;</code> finds the ones "
      "cited here.</p>\n",
      base64(capture), excerpt ? "target" : "run");
}

std::string head(const Document& document) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; img-src data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"format-detection\" content=\"telephone=no\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n",
      for_html(fmt::format("{}: {}", document.outcome, document.title)), page_style);
}

}  // namespace

std::string render_html(const ReportInput& input, std::string_view capture) {
  const Document document = document_of(input);
  const Ladder ladder = ladder_of(input);
  std::string out = head(document) + "<body>\n<main>\n" + answer(document);
  out += "<div class=\"columns\">\n<div class=\"path\">\n";
  out += section("The path", path_picture(document)) + "</div>\n";
  out += "<div class=\"why\">\n" + section("Because", because(document, ladder));
  out += section("What else fits these packets", alternatives(document, ladder));
  out += section("What the application sees", app(document));
  out += section("Other addresses of the same name", list(document.other_addresses));
  out += section("The two captures, packet by packet", list(document.both_ends));
  out += section("What to do next", steps(document));
  out += section("Keep in mind", list(document.caveats)) + "</div>\n";
  out += "<div class=\"proof\">\n" + section("The packets that decided", packets(ladder, input));
  out += section("The run", facts(document) + download(capture, input.excerpt_of.has_value()));
  out += "</div>\n</div>\n" + section("The path in numbers", table(document));
  out += fmt::format("<footer>More about this: <code>hopblame explain {}</code></footer>\n",
                     for_html(document.more.front()));
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace hopblame
