#include "tests/src/report/well_formed.hpp"

#include <regex>
#include <set>
#include <vector>

namespace hopblame {
namespace {

const std::set<std::string> void_elements{"meta", "br", "line", "path", "rect"};
const std::set<std::string> elements{
    "html", "head",  "title", "style", "body", "main",  "header", "section",
    "div",  "h1",    "h2",    "h3",    "p",    "b",     "ul",     "ol",
    "li",   "code",  "pre",   "a",     "g",    "tspan", "desc",   "caption",
    "span", "table", "tr",    "th",    "td",   "svg",   "text",   "footer"};

}  // namespace

std::string complaint(const std::string& page) {
  static const std::regex tag(R"(<(/?)([a-z0-9]+)((?: [a-z0-9A-Z-]+="[^"<>]*")*)(/?)>)");
  std::vector<std::string> open;
  const auto body = page.substr(std::string("<!doctype html>\n").size());
  std::string rest = std::regex_replace(body, tag, "");
  if (const auto css = rest.find(":root"); css == std::string::npos) return "no style";
  if (rest.find_first_of("<") != std::string::npos)
    return "a stray < " + rest.substr(rest.find('<'), 40);
  for (std::sregex_iterator found(body.begin(), body.end(), tag), none; found != none; ++found) {
    const std::string name = (*found)[2];
    if (void_elements.count(name)) continue;
    if (!elements.count(name)) return "unknown element " + name;
    if ((*found)[1] == "") {
      open.push_back(name);
    } else {
      if (open.empty() || open.back() != name) return "wrong end of " + name;
      open.pop_back();
    }
  }
  return open.empty() ? "" : "left open: " + open.back();
}

}  // namespace hopblame
