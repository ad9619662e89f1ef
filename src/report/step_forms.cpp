#include "src/report/step_forms.hpp"

#include "src/report/json_writer.hpp"
#include "src/report/their_words.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

/// As the table has them, but for whose machine it is.
std::string unfilled(const std::vector<const Step*>& steps, const TheirWords& their_words) {
  TextBuffer out;
  JsonWriter json(out);
  json.list(steps, [&](const Step* step) {
    json.object([&] {
      std::string text(step->text);
      their_words.change(text);
      json.field("who", to_string(step->who));
      json.field("text", text);
      json.list("commands", lines_of(step->commands),
                [&](const std::string& line) { json.item(line); });
      json.field("change", step->change);
    });
  });
  return std::string(out.text());
}

}  // namespace

const std::vector<Piece>& StepForms::form_of(const Kind& kind) {
  const auto known = forms_.find(kind);
  if (known != forms_.end()) return known->second;
  const TheirWords their_words(kind.foreign, "{client}");
  return forms_.emplace(kind, pieces_of(unfilled(steps_for(kind.situation), their_words)))
      .first->second;
}

void StepForms::append(TextBuffer& out, const ReportInput& input) {
  auto facts = facts_of(input);
  const TheirWords their_words(input.run);
  their_words.change(facts.device);
  for (const auto& piece : form_of({situation_of(input), their_words.foreign()})) {
    out.put(piece.text);
    if (piece.value) append_for_json(out, facts.*piece.value);
  }
}

}  // namespace hopblame
