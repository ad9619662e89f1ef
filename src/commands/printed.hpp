#pragma once
// What programs print when a connection fails: which word of ours it stands for.

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "src/report/knowledge.hpp"

namespace hopblame {

struct Printed {
  std::string_view words;  ///< as our words are written: "connection-refused"
  std::variant<Outcome, Mechanism, const Article*> means;
};

[[nodiscard]] std::span<const Printed> printed_by_programs();

/// A program says first what it did and then what went wrong: of several, the one that ends last in
/// its line, and the longest of these. Null: none.
[[nodiscard]] const Printed* printed_in(std::string_view line);

/// "what programs say when the outcome is "refused""
[[nodiscard]] std::string kind_of(const Printed& printed);
[[nodiscard]] const Article& article_of(const Printed& printed);

}  // namespace hopblame
