#include "src/commands/commands.hpp"
#include "src/commands/explain.hpp"
#include "src/present.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

int not_a_word(const std::string& word) {
  std::string near;
  for (const auto& other : near_words(word))
    near += (near.empty() ? "" : ", ") + std::string(other);
  complain("'" + word + "' is no word of a report" + (near.empty() ? "" : "; near it: " + near) +
           ". `hopblame explain` alone lists all");
  return exit_code_of::wrong_usage;
}

}  // namespace

int run_command(const ExplainOptions& options) {
  const TextStyle style{wants_colour(options.colour), terminal_width()};
  const auto text = options.word.empty() ? word_list(style) : explain(options.word, style);
  return text ? print(*text) : not_a_word(options.word);
}

}  // namespace hopblame
