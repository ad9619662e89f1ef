#pragma once
// An answer in as few bytes as it needs: what most have in common with their question, or do not
// have at all, takes one.

#include "analysis/offline/packed.hpp"
#include "analysis/offline/trail.hpp"

namespace hopblame::offline {

[[nodiscard]] inline std::int64_t apart(TimePoint later, TimePoint at) {
  return (later - at).count();
}
[[nodiscard]] inline std::int64_t apart(FrameId later, FrameId frame) {
  return static_cast<std::int64_t>(later.value - frame.value);
}
[[nodiscard]] inline TimePoint after(TimePoint at, std::int64_t distance) {
  return at + Duration(distance);
}
[[nodiscard]] inline FrameId after(FrameId frame, std::int64_t distance) {
  return {frame.value + static_cast<std::uint64_t>(distance)};
}

void pack(Packer& to, const Answer& answer, const Trail& trail);
/// What it is an answer to must have been unpacked before, but for its other answers.
[[nodiscard]] Answer answer_from(Unpacker& from, const Trail& trail);

}  // namespace hopblame::offline
