#include "src/report/svg.hpp"

#include <fmt/format.h>

#include "src/report/untrusted.hpp"

namespace hopblame::svg {

std::string line(int x1, int y1, int x2, int y2, std::string_view style) {
  return fmt::format(R"(<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>)", x1, y1, x2, y2,
                     style);
}

std::string cross(int x, int y) {
  return fmt::format(R"(<path d="M{} {}l14 14m0 -14l-14 14" class="cross"/>)", x - 7, y - 7);
}

std::string text(int x, int y, std::string_view style, std::string_view words) {
  return fmt::format(R"(<text x="{}" y="{}" class="{}">{}</text>)", x, y, style, for_html(words));
}

std::string tip(int x, int y, Towards towards, std::string_view style) {
  const char* back = towards == Towards::up     ? "l-5 8h10z"
                     : towards == Towards::left ? "l7 -4v8z"
                                                : "l-7 -4v8z";
  return fmt::format(R"(<path d="M{} {}{}" class="{}"/>)", x, y, back, style);
}

}  // namespace hopblame::svg
