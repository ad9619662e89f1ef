#include "analysis/offline/unseen_words.hpp"

#include "analysis/model/tcp_limits.hpp"

namespace hopblame::offline {
namespace {

const SeenSegment* end_of(const Trails& trails, const Trail& trail) {
  const auto* answer = trails.answer_of(trail, trail.reset ? ReplyKind::reset : ReplyKind::fin);
  return answer ? std::get_if<SeenSegment>(&answer->what) : nullptr;
}

/// How much further one number is, as far as that makes sense.
std::uint32_t ahead(std::uint32_t number, std::uint32_t known) {
  const auto more = number - known;
  return more < largest_window ? more : 0;
}

}  // namespace

std::optional<Outcome> outcome_of_unseen_words(const Trails& trails, const Trail& trail) {
  const auto* end = end_of(trails, trail);
  if (!end || trail.spoke || trail.joined) return {};
  const auto first_word = trails.first_word(trail);
  // A RST may be anybody's guess.
  if (!trail.reset && first_word != 0 && ahead(end->sequence, first_word) > 0) return Outcome::open;
  if (!end->has(tcp_flag::ack)) return {};
  const auto more = ahead(end->acknowledgment, trail.next_of_client());
  if (more == 1) return Outcome::open;  // the client's FIN (RFC 9293 section 3.6)
  return more > 1 ? std::optional(Outcome::inconclusive) : std::nullopt;
}

}  // namespace hopblame::offline
