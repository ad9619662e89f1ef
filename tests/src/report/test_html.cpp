#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "src/report/document.hpp"
#include "src/report/flow_line.hpp"
#include "src/report/picture.hpp"
#include "tests/src/report/cases.hpp"
#include "tests/src/report/well_formed.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

std::vector<Stretch> target_of(const cases::Case& made) {
  return target_line(document_of(made.input())).stretches;
}

std::vector<Stretch> control_of(const cases::Case& made) {
  return control_line(document_of(made.input())).stretches;
}

constexpr auto passes = Stretch::passes, unsure = Stretch::unsure, lost = Stretch::cut,
               none = Stretch::none;
using Line = std::vector<Stretch>;

}  // namespace

TEST_CASE("HTML: our elements only, closed in order, whatever came from outside") {
  for (const auto& made : cases::all()) {
    CAPTURE(made.name);
    CHECK(complaint(render_html(made.input())) == "");
  }
}

TEST_CASE("HTML: one file, no script, nothing loaded from anywhere") {
  for (const auto& made : cases::all()) {
    const std::string page = render_html(made.input());
    CHECK(has(page,
              "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
              "style-src 'unsafe-inline'; img-src data:\">"));
    for (const char* bad :
         {"<script", "<link", "<img", "<iframe", " href=\"h", " src=", "url(", "@import"})
      if (made.name != "closed-early") CHECK_FALSE(has(page, bad));
  }
  const std::string hostile = render_html(cases::closed_early().input());
  CHECK_FALSE(has(hostile, "<script"));
  CHECK_FALSE(has(hostile, "<img"));
  CHECK(has(hostile, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST_CASE("HTML: printable ASCII and newlines only") {
  for (const auto& made : cases::all()) {
    const std::string page = render_html(made.input());
    CHECK(std::all_of(page.begin(), page.end(),
                      [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
  }
}

TEST_CASE("HTML: the answer is the first thing on the page") {
  const std::string page = render_html(cases::middlebox_reset().input());
  const auto body = page.find("<body>");
  const auto answer =
      page.find("<h1><b>refused</b> by the router 198.51.100.77 (hop 2). How sure: strong.</h1>");
  REQUIRE(answer != std::string::npos);
  CHECK(answer - body < 60);
  CHECK(answer < page.find("<svg"));
}

TEST_CASE("HTML: picture, reasons, table and steps are there") {
  const std::string page = render_html(cases::host_drop().input());
  CHECK(has(page, ">dropped here</text>"));
  CHECK(has(page, "<li>Port 47123 of the same host answers. (packet 6)</li>"));
  CHECK(has(page,
            "<tr class=\"blamed\"><td>3<br><span class=\"badge\">blamed</span></td><td><span "
            "class=\"address\">198.51.100.133</span>"));
  CHECK(has(page, "<pre>sudo tcpdump -ni any &#39;host 192.0.2.7 and tcp port 22&#39;\n</pre>"));
  CHECK(has(page, "<span class=\"change\">changes something</span>"));
}

TEST_CASE("HTML: what our sentences put between backticks is code") {
  auto made = cases::closed();
  made.analysis.verdict.explanations[0].settled_by = "`ss -l | wc` on the host";
  CHECK(has(render_html(made.input()), "<code>ss -l | wc</code> on the host."));
}

TEST_CASE("the picture's lines pass as far as the flow does") {
  CHECK(target_of(cases::open()) == Line{passes, passes, passes, passes});
  CHECK(target_of(cases::middlebox_reset()) == Line{passes, passes, none, none});
  CHECK(control_of(cases::middlebox_reset()) == Line{passes, passes, passes, passes});
  CHECK(target_of(cases::host_drop()) == Line{passes, passes, passes, lost});
  CHECK(target_of(cases::icmp_reject_router()) == Line{passes, passes, none, none});
  CHECK(target_of(cases::long_path_v6()) ==
        Line{passes, passes, passes, unsure, passes, passes, lost});
  CHECK(target_of(cases::local_output_filter()).empty());
}

TEST_CASE("the picture does not draw a flow that was never asked") {
  auto made = cases::host_drop();
  for (Hop& hop : made.analysis.path.hops) hop.control_flow = FlowState::not_asked;
  CHECK(control_of(made) == Line{none, none, none, none});
}

TEST_CASE("the picture ends a flow at the blamed device, though a forged answer came later") {
  auto made = cases::middlebox_reset();
  made.analysis.path.hops[1].target_flow = FlowState::passes;
  made.analysis.path.hops[2].target_flow = FlowState::answers;
  CHECK(target_of(made) == Line{passes, passes, none, none});
}

// tests/lab/pages_test.py runs this with the name of a folder, then looks at the pages.
TEST_CASE("the picture lets a flow pass whose answer is what gets lost, and ends the answer") {
  Document document;
  document.outcome = "dropped";
  for (unsigned hop = 0; hop < 4; ++hop) {
    Row row;
    row.first = row.last = hop;
    row.blamed = hop == 1;
    row.target = hop == 3 ? FlowState::answers : FlowState::passes;
    document.rows.push_back(row);
  }
  const auto line = target_line(document);
  CHECK(line.stretches == std::vector(3, Stretch::passes));
  CHECK(line.answer_from == 3);
  CHECK(line.answer_until == 1);
  document.rows[3].target = FlowState::silent;
  CHECK(target_line(document).end == 1);
}

TEST_CASE("the picture puts a bracket around many that may be to blame, and no cross") {
  auto made = cases::host_drop();
  made.analysis.verdict.culprit.where.first_hop = 1;
  for (auto& hop : made.analysis.path.hops) hop.target_flow = FlowState::silent;
  const auto fades = Stretch::fades;
  CHECK(target_of(made) == Line{fades, fades, fades, fades});
  const auto picture = path_picture(document_of(made.input()));
  CHECK(has(picture, "dropped between hop 1 and hop 4"));
  CHECK(has(picture, "around"));
  CHECK_FALSE(has(picture, "\"cross\""));
}

TEST_CASE("HTML: all cases can be written for the browser") {
  const char* folder = std::getenv("HOPBLAME_HTML_OUT");
  for (const auto& made : cases::all()) {
    const std::string page = render_html(made.input(), "a capture");
    CHECK(page.size() < 300'000);
    if (folder) std::ofstream(std::string(folder) + "/" + made.name + ".html") << page;
  }
}

TEST_CASE("HTML: a loop that nobody walked has no rows to draw") {
  auto made = cases::host_drop();
  made.analysis.path.hops.clear();
  made.analysis.verdict.outcome = Outcome::unreachable;
  made.analysis.verdict.culprit.where = {CulpritKind::unknown, {}, {}, {}};
  made.analysis.verdict.explanations[0].mechanism = Mechanism::routing_loop;
  const std::string page = render_html(made.input());
  CHECK(complaint(page) == "");
  CHECK(has(page, "the target, not reached"));
}
