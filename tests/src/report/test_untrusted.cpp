#include "src/report/untrusted.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/src/report/cases.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

bool printable_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::size_t longest_run(const std::string& text, char wanted) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// Every byte that may mean something stands behind a backslash.
bool escaped(const std::string& text, const std::string& special) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
      continue;
    }
    if (special.find(text[i]) != std::string::npos) return false;
  }
  return true;
}

/// Pieces of the nasty strings and random bytes, never empty.
std::string mixture(std::mt19937& random) {
  const auto& pieces = cases::nasty_strings();
  std::string out;
  for (unsigned i = 0; i < 1 + random() % 6; ++i) {
    const std::string& piece = pieces[random() % pieces.size()];
    out += piece.substr(random() % piece.size());
    out += static_cast<char>(random() & 0xff);
  }
  return out;
}

}  // namespace

TEST_CASE("printable ASCII stays, every other byte becomes \\xNN") {
  CHECK(Untrusted("SSH-2.0-OpenSSH_9.2p1 ~").printable() == "SSH-2.0-OpenSSH_9.2p1 ~");
  CHECK(Untrusted("\x1b[31m").printable() == "\\x1b[31m");
  CHECK(Untrusted("a\nb\r\t").printable() == "a\\x0ab\\x0d\\x09");
  CHECK(Untrusted(std::string("\0\x7f\xff", 3)).printable() == "\\x00\\x7f\\xff");
  CHECK(Untrusted("\xe2\x80\xae").printable() == "\\xe2\\x80\\xae");
}

TEST_CASE("a long outside text is cut, and says so") {
  CHECK(Untrusted("abcdef").printable(3) == "abc...");
  CHECK(Untrusted("abc").printable(3) == "abc");
  CHECK(Untrusted(std::string(5000, '\n')).printable().size() == 512 * 4 + 3);
}

TEST_CASE("no sink lets a byte through that a terminal acts on") {
  for (const auto& nasty : cases::nasty_strings()) {
    CAPTURE(Untrusted(nasty).printable());
    CHECK(printable_ascii(for_terminal(nasty)));
    CHECK(printable_ascii(for_html(nasty)));
    CHECK(printable_ascii(for_markdown(nasty)));
    CHECK(printable_ascii(markdown_code(nasty)));
    CHECK(printable_ascii(for_json(nasty)));
  }
}

TEST_CASE("HTML: nothing opens a tag, ends an attribute or starts an entity") {
  CHECK(for_html("<b a='1' c=\"2\">&") == "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
  for (const auto& nasty : cases::nasty_strings())
    CHECK(for_html(nasty).find_first_of("<>\"'") == std::string::npos);
}

TEST_CASE("Markdown: every special character is escaped") {
  CHECK(for_markdown("[a](b) *c* `d` <e> |") == "\\[a\\](b) \\*c\\* \\`d\\` \\<e\\> \\|");
  for (const auto& nasty : cases::nasty_strings())
    CHECK(escaped(for_markdown(nasty), "`*_[]<>&#|~!@$"));
}

TEST_CASE("Markdown code: the fence is longer than any run inside") {
  CHECK(markdown_code("plain") == "`plain`");
  CHECK(markdown_code("a ``` b") == "````a ``` b````");
  CHECK(markdown_code("`a") == "`` `a ``");
  CHECK(markdown_code("a|b", true) == "`a\\|b`");
  CHECK(markdown_code("").empty());
  for (const auto& nasty : cases::nasty_strings()) {
    const std::string code = markdown_code(nasty);
    const auto fence = code.find_first_not_of('`');
    CHECK(fence > longest_run(nasty, '`'));
    CHECK(code.find_last_not_of('`') + 1 == code.size() - fence);
  }
}

TEST_CASE("5000 random mixtures stay inside every sink") {
  std::mt19937 random(1);
  for (unsigned i = 0; i < 5000; ++i) {
    const std::string nasty = mixture(random);
    const std::string printable = Untrusted(nasty).printable(nasty.size());
    CAPTURE(printable);
    REQUIRE(printable_ascii(printable));
    REQUIRE(for_html(nasty).find_first_of("<>\"'") == std::string::npos);
    REQUIRE(escaped(for_markdown(nasty), "`*_[]<>&#|~!@$"));
    const std::string code = markdown_code(nasty, true);
    REQUIRE(code.find_first_not_of('`') > longest_run(nasty, '`'));
    REQUIRE(printable_ascii(code));
    REQUIRE(nlohmann::json::parse('"' + for_json(nasty) + '"') == printable);
  }
}

TEST_CASE("only a plain word gets into a command") {
  CHECK(shell_word(Untrusted("eth0.100"), "any") == "eth0.100");
  CHECK(shell_word(Untrusted("db.example.com"), "x") == "db.example.com");
  for (const char* bad : {"", "-rf", "a b", "a;b", "$(x)", "a'b", "\x1b", "a|b", "a/b"})
    CHECK(shell_word(Untrusted(bad), "any") == "any");
}
