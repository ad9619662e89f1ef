#pragma once
// What we said on the real connection and the peer never acknowledged: chance, or no chance any
// more?

#include "analysis/path/own_words.hpp"
#include "analysis/verdict/case.hpp"

namespace hopblame {

/// So long a silence to what was said is evidence.
inline constexpr Duration enough_time = std::chrono::seconds(2);

/// SYNs get lost by chance, so data does too.
[[nodiscard]] bool is_lossy(const Case& the_case);

/// The first piece of ours that was never acknowledged although it was sent again and again.
[[nodiscard]] std::optional<OwnSegment> lost_words(const Case& the_case);
[[nodiscard]] Evidence unacknowledged(const OwnSegment& lost, std::uint32_t acknowledged);
[[nodiscard]] std::optional<Evidence> words_unacknowledged(const Case& the_case);

/// By what was seen of the path, may chance have taken it each time it was sent, or its answer? In
/// one of a hundred runs like this; in one of a thousand.
enum class Chance : std::uint8_t { none, slight, fair };
[[nodiscard]] Chance chance_of_loss(const Case& the_case, const OwnSegment& lost);
/// The same of the greeting.
[[nodiscard]] Chance chance_of_lost_greeting(const Case& the_case);

}  // namespace hopblame
