// For a terminal.
#include <fmt/format.h>

#include <algorithm>

#include "src/report/crossing_words.hpp"
#include "src/report/document.hpp"
#include "src/report/paint.hpp"
#include "src/report/path_table.hpp"
#include "src/report/untrusted.hpp"
#include "src/report/wrap.hpp"

namespace hopblame {
namespace {

/// Writes a document line by line; every text passes for_terminal on its way.
class Page {
 public:
  Page(const TextStyle& style, std::size_t width) : paint_(style.colour), width_(width) {}

  void heading(std::string_view text) { out_ += fmt::format("\n{}\n", paint_.bold(text)); }
  void text(std::string_view first, std::string_view body) {
    out_ += paragraph(first, for_terminal(body), width_);
  }
  void points(const std::vector<Point>& list) {
    for (const auto& point : list) text("  - ", point.text);
  }
  void command(std::string_view line) {
    for (const auto& part : wrap_command(for_terminal(line), width_ - 7))
      out_ += fmt::format("       {}\n", paint_.command(part));
  }
  void raw(std::string_view lines) { out_ += lines; }
  /// The answer: painted as a whole after it is wrapped.
  void answer(const Document& document) {
    const Outcome word = outcome(document.outcome).value_or(Outcome::inconclusive);
    for (const auto& line : wrap(for_terminal(document.headline), width_))
      out_ += paint_.outcome(word, line) + "\n";
  }
  [[nodiscard]] std::string take() { return std::move(out_); }
  [[nodiscard]] const Paint& paint() const { return paint_; }
  [[nodiscard]] std::size_t width() const { return width_; }

 private:
  Paint paint_;
  std::size_t width_;
  std::string out_;
};

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  return fmt::format("{}", fmt::join(parts, between));
}

void write_because(Page& page, const Document& document) {
  if (!document.because.empty()) {
    page.heading("Because");
    page.points(document.because);
  }
  if (!document.against.empty()) {
    page.heading("What speaks against it");
    page.points(document.against);
  }
  if (!document.confidence.empty())
    page.text(fmt::format("  {}: ", document.sure_of), document.confidence);
  if (!document.settled_by.empty()) page.text("  To settle it: ", document.settled_by);
}

void write_alternatives(Page& page, const Document& document) {
  if (document.alternatives.empty()) return;
  page.heading("What else fits these packets");
  for (const auto& other : document.alternatives) {
    page.text("  - ", fmt::format("{}, {}: {} ({}).", other.word, other.where, other.title,
                                  how_likely(other)));
    for (const auto& point : other.because) page.text("    Because: ", point.text);
    for (const auto& point : other.against) page.text("    Against it: ", point.text);
    page.text("    To settle it: ", other.settled_by);
  }
}

void write_app(Page& page, const Document& document) {
  if (document.app_sees.empty()) return;
  page.heading("What the application sees");
  for (const auto& line : document.app_sees) page.text("  ", line);
}

void write_others(Page& page, const Document& document) {
  if (document.other_addresses.empty()) return;
  page.heading("Other addresses of the same name");
  page.points(document.other_addresses);
}

void write_both_ends(Page& page, const Document& document, const ReportInput& input) {
  if (document.both_ends.empty()) return;
  page.heading("The two captures, packet by packet");
  page.raw(crossings_text(*input.both, page.width()));
  page.points(document.both_ends);
}

void write_steps(Page& page, const Document& document) {
  if (document.steps.empty()) return;
  page.heading("What to do next");
  unsigned number = 0;
  for (const auto& step : document.steps) {
    page.text(fmt::format("  {}. ", ++number),
              fmt::format("{}{}: {}", title(step.who),
                          step.change ? " (this changes something)" : "", step.text));
    for (const auto& line : step.commands) page.command(line);
  }
}

void write_caveats(Page& page, const Document& document) {
  if (document.caveats.empty()) return;
  page.heading("Keep in mind");
  page.points(document.caveats);
}

}  // namespace

std::string render_text(const ReportInput& input, const TextStyle& style) {
  const Document document = document_of(input);
  Page page(style, std::clamp(style.width, 40u, 100u));
  page.text("", document.title + ", seen from " + document.source);
  page.text("", document.legend);
  page.raw(fmt::format("\n{}\n", path_table(document, page.paint(), page.width())));
  page.answer(document);
  page.text("", joined(document.summary, " "));
  write_because(page, document);
  write_alternatives(page, document);
  write_app(page, document);
  write_others(page, document);
  write_both_ends(page, document, input);
  write_steps(page, document);
  write_caveats(page, document);
  page.raw("\n");
  page.text("", document.footer);
  page.text("", "More about this: hopblame explain " + document.more.front());
  return page.take();
}

}  // namespace hopblame
