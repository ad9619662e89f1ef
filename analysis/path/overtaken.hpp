#pragma once
// A device that keeps state remembers of the SYNs of one five-tuple the last one (Linux conntrack):
// the answer to one that another has overtaken acknowledges the wrong number, and goes no farther.

#include <vector>

#include "analysis/path/walk.hpp"

namespace hopblame {

/// The unanswered SYNs from this hop limit on that another one followed before their answer could
/// come. None where such an answer came all the same, or where one that was alone got none either:
/// then packets get lost.
[[nodiscard]] std::vector<const Exchange*> overtaken(const Walk& walk, std::uint8_t first);

/// Another SYN of its five-tuple followed before an answer from farther on could come.
[[nodiscard]] bool is_followed(const Walk& walk, const Exchange& probe);

/// A SYN without an answer that was alone on its way: with another of its five-tuple underway at
/// the same time, who keeps state may pass the answer to either, to both or to none (measured:
/// Linux), and silence shows no loss.
[[nodiscard]] bool has_lone_silence(const Walk& walk);

}  // namespace hopblame
