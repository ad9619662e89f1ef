#include "src/report/step_forms.hpp"

#include <algorithm>

#include "src/report/json_writer.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

/// As the table has them, but for whose machine it is.
std::string unfilled(const std::vector<const Advice*>& steps, const TheirWords& their_words) {
  TextBuffer out;
  JsonWriter json(out);
  json.list(steps, [&](const Advice* step) {
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

const StepForms::Form& StepForms::form_of(const Kind& kind) {
  const auto known = forms_.find(kind);
  if (known != forms_.end()) return known->second;
  const TheirWords their_words(kind.foreign, "{client}");
  Form form{pieces_of(unfilled(steps_for(kind.situation), their_words)), {}};
  for (const auto& piece : form.pieces)
    if (piece.then && std::ranges::find(form.needs, piece.then) == form.needs.end())
      form.needs.push_back(piece.then);
  return forms_.emplace(kind, std::move(form)).first->second;
}

void StepForms::append(TextBuffer& out, const ReportInput& input, const TheirWords& their_words) {
  const auto& form = form_of({situation_of(input), their_words.foreign()});
  Facts facts;
  for (const auto* need : form.needs) facts.*need->value = for_json(need->in(input));
  their_words.change(facts.device);
  for (const auto& piece : form.pieces) {
    out.put(piece.text);
    if (piece.then) out.put(facts.*piece.then->value);
  }
}

}  // namespace hopblame
