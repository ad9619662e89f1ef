#include "src/report/code_spans.hpp"

#include <algorithm>

namespace hopblame {

std::vector<Span> code_spans(std::string_view sentence) {
  if (std::count(sentence.begin(), sentence.end(), '`') % 2 != 0) return {{sentence, false}};
  std::vector<Span> spans;
  for (bool code = false;; code = !code) {
    const auto end = std::min(sentence.find('`'), sentence.size());
    if (end > 0) spans.push_back({sentence.substr(0, end), code});
    if (end == sentence.size()) return spans;
    sentence.remove_prefix(end + 1);
  }
}

}  // namespace hopblame
