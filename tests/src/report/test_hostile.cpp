// Text from outside, in every field that holds any, through every output.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "capture/file_source.hpp"
#include "src/report/annotate.hpp"
#include "src/report/untrusted.hpp"
#include "src/run_file.hpp"
#include "tests/src/report/cases.hpp"
#include "tests/src/report/well_formed.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

bool printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); });
}

/// Pieces of the nasty strings and random bytes.
std::string nasty(std::mt19937& random) {
  const auto& pieces = cases::nasty_strings();
  std::string out;
  for (unsigned i = 0; i < 1 + random() % 4; ++i) {
    const std::string& piece = pieces[random() % pieces.size()];
    out += piece.substr(random() % piece.size());
    out += static_cast<char>(random());
  }
  return out;
}

constexpr unsigned strings_in_a_case = 6;

struct Hostile {
  cases::Case made;
  std::string excerpt_of;

  explicit Hostile(std::mt19937& random) : made(cases::twelve_hops()), excerpt_of(nasty(random)) {
    made.run.goal.host = nasty(random);
    made.run.facts.vantage.interface = nasty(random);
    made.run.names[0].second = nasty(random);
    made.run.names[1].second = nasty(random);
    made.analysis.service.banner = nasty(random);
    made.analysis.service.spoke = true;
  }
  [[nodiscard]] ReportInput input() const {
    return {made.run, made.analysis, "read", "0.1.0", false, excerpt_of};
  }
};

/// The same number of lines, headings, fences and rules, whatever the strings are.
std::vector<std::size_t> skeleton(const std::string& markdown) {
  std::vector<std::size_t> counts;
  for (const char* mark : {"\n", "\n#", "\n   ```", "\n|", "\n- ", "\n---"}) {
    std::size_t count = 0;
    for (auto at = markdown.find(mark); at != std::string::npos; at = markdown.find(mark, at + 1))
      ++count;
    counts.push_back(count);
  }
  return counts;
}

}  // namespace

TEST_CASE("5000 nasty strings through every output") {
  std::mt19937 random(7);
  const auto usual = skeleton(render_markdown(Hostile(random).input()));
  for (unsigned strings = 0; strings < 5000; strings += strings_in_a_case) {
    const Hostile hostile(random);
    const auto input = hostile.input();
    CAPTURE(strings, Untrusted(input.run.goal.host).printable());
    const std::string page = render_html(input), markdown = render_markdown(input);
    for (const auto& text : {page, markdown, render_text(input, {}), render_json(input)})
      REQUIRE(printable(text));
    REQUIRE(skeleton(markdown) == usual);
    REQUIRE(nlohmann::json::parse(render_json(input)).at("outcome") == "refused");
    // Every tag is looked at: dear, so not for each of them.
    if (strings % 60 == 0) REQUIRE(complaint(page) == "");
  }
}

TEST_CASE("nasty strings in a capture: the file stays one, and says them in their printable form") {
  std::mt19937 random(8);
  for (unsigned i = 0; i < 200; ++i) {
    const Hostile hostile(random);
    const auto with = annotations(hostile.input());
    REQUIRE(printable(with.section));
    for (const auto& [frame, comment] : with.packets) REQUIRE(printable(comment));
    const std::string bytes = save_run({hostile.made.run, {}}, with);
    REQUIRE(bytes.find("\x1b[") == std::string::npos);
    auto opened = open_bytes({bytes.begin(), bytes.end()});
    auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
    REQUIRE(std::get<End>(source.next(TimePoint::max())).error.empty());
    REQUIRE(source.journal());
  }
}
