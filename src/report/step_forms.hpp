#pragma once
// The next steps as JSON, for many reports: most of them are the same but for addresses. A list is
// written once, with its placeholders; for each report they are filled in.

#include <map>
#include <vector>

#include "src/report/placeholders.hpp"
#include "src/report/steps.hpp"
#include "src/report/text_buffer.hpp"
#include "src/report/their_words.hpp"

namespace hopblame {

class StepForms {
 public:
  /// The list of the steps of this report.
  void append(TextBuffer& out, const ReportInput& input, const TheirWords& their_words);

 private:
  struct Kind {
    Circumstances situation;
    bool foreign = false;  ///< the capture is somebody else's: see TheirWords
    auto operator<=>(const Kind&) const = default;
  };
  struct Form {
    std::vector<Piece> pieces;
    std::vector<const Placeholder*> needs;  ///< what is to be filled in, each once
  };
  [[nodiscard]] const Form& form_of(const Kind& kind);
  std::map<Kind, Form> forms_;
};

}  // namespace hopblame
