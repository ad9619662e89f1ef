#pragma once
// Short pieces of text that the judges share. Sentences for a reader who knows what a packet is and
// nothing about this program.

#include <string>
#include <vector>

#include "analysis/verdict/case.hpp"

namespace hopblame {

[[nodiscard]] Hops hop_named(const Case& the_case, std::uint8_t hop);
[[nodiscard]] Hops place_named(const Case& the_case, const Where& where);
/// "TTL" or "hop limit".
[[nodiscard]] Term limit_word(Family family);
[[nodiscard]] Term limit_word(const Case& the_case);
/// Of the target.
[[nodiscard]] std::uint16_t port_of(const Case& the_case);
[[nodiscard]] Text works_so_far();
/// What settles `open`: nothing, where the service spoke.
[[nodiscard]] inline Text it_works(const Run& run) {
  const bool tested = is_foreign(run) || (run.connect && run.connect->spoke);
  return tested ? say("nothing: it works") : works_so_far();
}
/// "EPERM (operation not permitted)"
[[nodiscard]] std::string failure_text(int error);
/// "at once", "after 3.1 s"
[[nodiscard]] std::string after_text(Duration span);

[[nodiscard]] std::vector<FrameId> frames(const std::vector<const Exchange*>& exchanges);
[[nodiscard]] std::vector<FrameId> frames(const Exchange& exchange, const Reply& reply);
/// The capture shows the answer and not the question, for which the answer stands.
[[nodiscard]] bool is_question_unseen(const Exchange& exchange, const Reply& reply);

}  // namespace hopblame
