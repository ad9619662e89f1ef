#pragma once
// JSON Lines: many reports, each as render_json() gives it. What they have in common is put
// together once.

#include "src/report/report.hpp"
#include "src/report/step_forms.hpp"
#include "src/report/text_buffer.hpp"

namespace hopblame {

class JsonLines {
 public:
  void add(const ReportInput& input);
  [[nodiscard]] std::string_view text() const { return out_.text(); }
  /// After the text was written.
  void clear() { out_.clear(); }

 private:
  TextBuffer out_;
  StepForms forms_;
};

}  // namespace hopblame
