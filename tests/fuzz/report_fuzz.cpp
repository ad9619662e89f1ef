// Text from outside - host, names, interface, greeting, a journal's sentence - through every sink:
// the markup of the report stays what it is with harmless words in their place. The first byte
// chooses the sink, the second the report.
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "capture/file_source.hpp"
#include "capture/pcapng/recorder.hpp"
#include "src/report/annotate.hpp"
#include "src/report/untrusted.hpp"
#include "tests/fuzz/skeleton.hpp"
#include "tests/src/report/cases.hpp"

using namespace hopblame;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_line(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// The words from outside, where a run keeps them. None is empty: absence changes the markup.
struct Words {
  std::string host, interface, name, banner;
};

Words words_of(std::string_view bytes) {
  Words words{"h", "i", "n", "b"};
  for (auto* word : {&words.host, &words.interface, &words.name, &words.banner}) {
    const auto end = std::min(bytes.find('\xfe'), bytes.size());
    if (end > 0) *word = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return words;
}

cases::Case with(cases::Case one, const Words& words) {
  one.run.goal.host = words.host;
  one.run.facts.vantage.interface = words.interface;
  for (auto& [address, name] : one.run.names) name = words.name;
  if (one.analysis.service.banner) one.analysis.service.banner = words.banner;
  if (one.run.connect) one.run.connect->greeting = words.banner;
  return one;
}

struct Known {
  cases::Case one;
  std::string html, markdown;
};

/// Every kind of answer and its markup with harmless words.
const std::vector<Known>& known() {
  static const auto all = [] {
    std::vector<Known> made;
    for (const auto& one : cases::all()) {
      const auto plain = with(one, {"h", "i", "n", "b"});
      made.push_back({one, test::html_skeleton(render_html(plain.input())),
                      test::markdown_skeleton(render_markdown(plain.input()))});
    }
    return made;
  }();
  return all;
}

void check_strings(const nlohmann::json& value) {
  if (value.is_string()) require(is_line(value.get_ref<const std::string&>()));
  if (value.is_structured())
    for (const auto& element : value) check_strings(element);
}

void check_json(const ReportInput& input) {
  const auto text = render_json(input);
  require(text.ends_with('\n') && is_line(std::string_view(text).substr(0, text.size() - 1)));
  const auto parsed = nlohmann::json::parse(text, nullptr, false);
  require(parsed.is_object());
  check_strings(parsed);
}

/// The comments and names of the capture, written and read again.
void check_capture(const ReportInput& input) {
  const auto notes = annotations(input);
  require(is_line(notes.section));
  Recording recording{input.run.facts.vantage.interface, {}, {}, notes.section, notes.names};
  for (const auto& [frame, comment] : notes.packets) {
    require(test::fit_for_terminal(comment, false));
    recording.frames.push_back({TimePoint(Duration(1)), 101, 1, {0}, comment});
  }
  const auto bytes = to_pcapng(recording);
  auto opened = open_bytes({bytes.begin(), bytes.end()});
  auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
  for (const auto& frame : recording.frames) {
    require(std::holds_alternative<Frame>(source.next(TimePoint{})));
    require(source.comment() == frame.comment);
  }
  const auto end = source.next(TimePoint{});
  require(std::holds_alternative<End>(end) && std::get<End>(end).error.empty());
}

void check_markdown_code(const std::string& text) {
  require(is_line(markdown_code(text)) && is_line(markdown_code(text, true)));
  const auto code = test::markdown_skeleton(markdown_code(text, true));
  require(code.empty() || code == "`\n" || code == "```\n");
}

void check_html(const std::string& text) {
  const auto html = for_html(text);
  require(is_line(html) && test::html_skeleton(html).empty());
  require(html.find_first_of("\"'") == std::string::npos);
}

void check_markdown(const std::string& text) {
  const auto markdown = for_markdown(text);
  require(is_line(markdown));
  require(test::markdown_skeleton(markdown).find_first_not_of(":\n") == std::string::npos);
}

void check_words(const std::string& text) {
  for (const auto& piece : {for_terminal(text), for_json(text), Untrusted(text).printable(),
                            shell_word(Untrusted(text), "x")})
    require(is_line(piece));
}

/// The functions every sink is made of.
void check_pieces(unsigned sink, const std::string& text) {
  switch (sink) {
    case 3: return check_markdown(text);
    case 4: return check_html(text);
    case 5: return check_markdown_code(text);
    default: return check_words(text);
  }
}

void check_report(const Known& reference, unsigned sink, const Words& words) {
  const auto one = with(reference.one, words);
  const auto input = one.input();
  switch (sink) {
    case 0: return require(test::fit_for_terminal(render_text(input, {false, 100}), false));
    case 1: return require(test::fit_for_terminal(render_text(input, {true, 40}), true));
    case 2: return check_json(input);
    case 3: return require(test::markdown_skeleton(render_markdown(input)) == reference.markdown);
    case 4: return require(test::html_skeleton(render_html(input)) == reference.html);
    default: return check_capture(input);
  }
}

/// A whole report takes as long as fifty pieces. Were it the bytes that ask for one, the fuzzer
/// would keep those for what they reach, and make little else: it is the hash, for one in sixteen.
bool makes_report(std::string_view bytes) { return std::hash<std::string_view>()(bytes) % 16 == 0; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto text = bytes.substr(2);
  const unsigned sink = data[0] % 6u;
  if (makes_report(bytes))
    check_report(known()[data[1] % known().size()], sink, words_of(text));
  else
    check_pieces(sink, std::string(text));
  return 0;
}
