#pragma once
// What the two pictures of a packet between two captures have in common.

#include <string>

#include "analysis/compare/comparison.hpp"

namespace hopblame {

/// "source address, MSS"; empty where nothing was changed.
[[nodiscard]] std::string changed_text(const compare::Crossing& crossing);
/// What became of it, where that is not simply that it arrived: "never arrived".
[[nodiscard]] std::string fate_text(const compare::Crossing& crossing);
/// "71 packets more that arrived"
[[nodiscard]] std::string left_out_text(const compare::Comparison& comparison);
/// "#3 at 0.21 ms", since the first of the picture; empty where it was not seen.
[[nodiscard]] std::string passage_text(const std::optional<compare::Passage>& passage,
                                       TimePoint begun);
/// Of the first packet, at whichever end.
[[nodiscard]] TimePoint begun(const compare::Comparison& comparison);

/// For a terminal, printable ASCII: an arrow for each packet, the client on the left. Empty without
/// packets.
[[nodiscard]] std::string crossings_text(const compare::Comparison& comparison, std::size_t width);

/// The same as an SVG element; a packet that the client's capture has is the element with the id
/// pN.
[[nodiscard]] std::string crossings_picture(const compare::Comparison& comparison);

}  // namespace hopblame
