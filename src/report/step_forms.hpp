#pragma once
// The next steps as JSON, for many reports: most of them are the same but for addresses. A list is
// written once, with its placeholders; for each report they are filled in.

#include <map>
#include <vector>

#include "src/report/placeholders.hpp"
#include "src/report/steps.hpp"
#include "src/report/text_buffer.hpp"

namespace hopblame {

class StepForms {
 public:
  /// The list of the steps of this report.
  void append(TextBuffer& out, const ReportInput& input);

 private:
  struct Kind {
    Situation situation;
    bool foreign = false;  ///< the capture is somebody else's: see TheirWords
    auto operator<=>(const Kind&) const = default;
  };
  [[nodiscard]] const std::vector<Piece>& form_of(const Kind& kind);
  std::map<Kind, std::vector<Piece>> forms_;
};

}  // namespace hopblame
