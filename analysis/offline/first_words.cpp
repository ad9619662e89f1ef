#include "analysis/offline/first_words.hpp"

#include "analysis/model/tcp_limits.hpp"
#include "analysis/offline/answer.hpp"
#include "analysis/offline/endings.hpp"

namespace hopblame::offline {
namespace {

/// It begins after its beginning.
bool leaves_gap(const Trails& trails, const Trail& trail, const SeenSegment& segment) {
  const auto before = segment.sequence - trails.first_word(trail);
  return !trail.joined && !trail.unseen() && trail.has(ReplyKind::syn_ack) && before > 0 &&
         before < largest_window;
}

}  // namespace

void fill_gap(const Trails& trails, Trail& trail, const SeenSegment& segment) {
  if (segment.payload > 0 && !is_before(trails.first_word(trail), segment.sequence))
    trail.gapped = trail.missed = 0;
}

void note_hearing(Trails& trails, Trail& trail, const SeenSegment& segment) {
  if (!segment.has(tcp_flag::ack)) return;
  const auto known = trails.first_word(trail) + (trail.spoke ? 0 : 1);
  if (!is_before(known, segment.acknowledgment)) {
    trail.missed = trail.gapped;
    return;
  }
  trail.taken = 1;
  if (trail.gapped && trail.spoke) trails.forget_greeting(trail);
  trail.gapped = trail.missed = 0;
}

void note_lost_words(Trails& trails, Trail& trail, const Sighting& seen) {
  if (trail.gapped || trail.taken || seen.segment.flags != tcp_flag::ack) return;
  if (!leaves_gap(trails, trail, seen.segment)) return;
  if (seen.segment.sequence - trails.first_word(trail) < 2) return;
  trail.gapped = 1;
  trail.missed = trail.client_closed ? 1 : 0;
  trails.add_answer(trail, [&] { return answer_of_segment(seen); });
}

void hear(Trails& trails, Trail& trail, const Sighting& seen, bool anew) {
  if (!trail.spoke) {
    trail.spoke = true;
    trail.gapped = leaves_gap(trails, trail, seen.segment) ? 1 : 0;
    if (!trail.gapped) trail.missed = 0;
    trails.rest_of(trail).spoke = seen.at;
    trails.add_answer(trail, [&] { return answer_of_segment(seen); });
  }
  if (anew) trails.add_greeting(trail, seen.text);
}

void forget_late_words(const Trails& trails, Trail& trail) {
  const auto& rest = trails.rest_of(trail);
  if (trail.spoke && !trail.taken && !trail.closed && rest.spoke > rest.client_closed)
    trail.spoke = false;
}

}  // namespace hopblame::offline
