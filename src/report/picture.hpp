#pragma once
// The path as a drawing: this machine, the hops, both flows as lines that pass or stop, and the
// culprit marked. An SVG element for the HTML report; its colours are classes of the page's style.

#include <string>

#include "src/report/document.hpp"

namespace hopblame {

[[nodiscard]] std::string path_picture(const Document& document);

}  // namespace hopblame
