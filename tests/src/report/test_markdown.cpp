#include <sstream>

#include "tests/src/report/cases.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

std::string first_lines(const std::string& text, unsigned count) {
  std::istringstream stream(text);
  std::string out;
  for (std::string line; count-- > 0 && std::getline(stream, line);) out += line + "\n";
  return out;
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

/// What is left when code spans and code blocks are taken out.
std::string outside_code(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\\') {
      i += 2;
      continue;
    }
    const auto end = text.find_first_not_of('`', i);
    if (end == i || end == std::string::npos) {
      out += text[i++];
      continue;
    }
    const std::string fence = text.substr(i, end - i);
    auto close = end;
    do {
      close = text.find(fence, close);
      if (close == std::string::npos) return out + " unclosed code";
      const auto run = text.find_first_not_of('`', close);
      if ((run == std::string::npos ? text.size() : run) - close == fence.size()) break;
      close = run;
    } while (true);
    i = close + fence.size();
  }
  return out;
}

}  // namespace

TEST_CASE("Markdown: the first ten lines are the answer") {
  for (const auto& made : cases::all()) {
    const std::string top = first_lines(render_markdown(made.input()), 10);
    CAPTURE(made.name, top);
    CHECK(has(top, to_string(made.analysis.verdict.outcome).data()));
    CHECK(has(top, "How sure: "));
    CHECK(has(top, "port " + std::to_string(made.run.goal.target.port)));
  }
  const std::string top = first_lines(render_markdown(cases::middlebox_reset().input()), 10);
  CHECK(has(top, "**refused by the router 198.51.100.77 (hop 2). How sure: strong.**"));
  CHECK(has(top, "The server never saw the packet."));
  CHECK(has(top, "`db.example.com (203.0.113.10) port 22`, seen from `192.0.2.7 on eth0`"));
}

TEST_CASE("Markdown: hop table, reasons and next steps") {
  const std::string text = render_markdown(cases::middlebox_reset().input());
  CHECK(has(text, "| 1 | `192.0.2.1` | `gw.example.net` | 0.41 ms | passes | passes |\n"));
  CHECK(has(text, "| **2 (blamed)** | `198.51.100.77` |  | 0.82 ms | answers | passes |\n"));
  CHECK(has(text, "draws the RST. (packet 8)\n"));
  CHECK(has(text, "1. **Network team**: On the router 198.51.100.77 (hop 2): find the rule"));
  CHECK(has(text, "   ```text\n   sudo nft list ruleset\n   sudo iptables -vnL FORWARD\n"));
}

TEST_CASE("Markdown: an IPv6 address is code, for :a: would become an emoji") {
  const std::string text = render_markdown(cases::middlebox_reset_v6().input());
  CHECK(has(text, "**refused by the router `2001:db8:2::2` (hop 2). How sure: strong.**"));
  CHECK(has(text, "On `2001:db8:4::10`: confirm that"));
  for (const auto& made : cases::all())
    CHECK_FALSE(has(outside_code(render_markdown(made.input())), "db8:"));
}

TEST_CASE("Markdown: what our sentences put between backticks is code") {
  auto made = cases::closed();
  made.analysis.verdict.explanations[0].settled_by = "`ss -ltn 'sport = :22'` on the host";
  CHECK(has(render_markdown(made.input()), "To settle it: `ss -ltn 'sport = :22'` on the host."));
  made.analysis.verdict.explanations[0].settled_by = "a lone ` mark";
  CHECK(has(render_markdown(made.input()), "To settle it: a lone \\` mark."));
}

TEST_CASE("Markdown: text from outside is always code, and ends nowhere else") {
  const std::string text = outside_code(render_markdown(cases::closed_early().input()));
  for (const char* bad :
       {"evil", "<script", "onerror", "owned", "@mention", "unclosed", "MaxStartups\\"})
    CHECK_FALSE(has(text, bad));
  for (const char* kept :
       {"## Path", "## Because", "## What to do next", "## What the application"})
    CHECK(has(text, kept));
}

TEST_CASE("Markdown: every row of the table has six cells, whatever the names") {
  std::istringstream stream(render_markdown(cases::closed_early().input()));
  unsigned rows = 0;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.front() != '|') continue;
    ++rows;
    unsigned bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i)
      bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    CHECK(bars == 7);
  }
  CHECK(rows == 7);
}

TEST_CASE("Markdown: never longer than a ticket takes") {
  auto made = cases::closed_early();
  for (unsigned i = 0; i < 2000; ++i)
    made.analysis.verdict.explanations[0].because.push_back(
        {"a long reason that nobody will read to its end, number " + std::to_string(i), {}});
  const std::string text = render_markdown(made.input());
  CHECK(text.size() <= 60'000);
  CHECK(has(text, "A section is left out here"));
  CHECK(has(first_lines(text, 10), "**closed-early by the destination"));
  CHECK(has(text, "## What to do next"));
}
