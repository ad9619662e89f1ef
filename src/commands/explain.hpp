#pragma once
// `hopblame explain WORD`: what an outcome, mechanism or caveat means and what to do about it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/report/report.hpp"

namespace hopblame {

/// Nothing when the word is neither one of ours nor what programs print, alone ("Connection
/// refused") or within a line ("ssh: connect to host ... port 22: Connection refused").
[[nodiscard]] std::optional<std::string> explain(std::string_view word, const TextStyle& style);

/// All words, each with what it means in a few others.
[[nodiscard]] std::string word_list(const TextStyle& style);

/// The words that this one may be meant for, best first, at most five.
[[nodiscard]] std::vector<std::string> near_words(std::string_view word);

}  // namespace hopblame
