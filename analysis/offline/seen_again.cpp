#include "analysis/offline/seen_again.hpp"

#include "analysis/offline/endings.hpp"

namespace hopblame::offline {

/// By the hop limit of its SYN/ACK. Of two merged files what arrives is the copy of what was
/// sent. A RST may be somebody else's: its hop limit is looked at elsewhere.
bool is_repeated_by_server(const Trails& trails, const Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  if (segment.is_reset()) return false;
  const auto* accepted = trails.answer_of(trail, ReplyKind::syn_ack);
  const auto known = accepted ? accepted->hop_limit.value : seen.hop_limit.value;
  if (seen.hop_limit.value + 1 == known) return true;
  const auto end = segment.sequence + segment.payload;
  if (segment.payload == 0 || trail.said == 0 || is_before(trail.said, end)) return false;
  if (seen.at - trail.touched < same_moment && end == trail.said) return true;
  const bool arrives = seen.hop_limit.value <= known;
  return trail.apart && accepted && (arrives || seen.at - trail.touched < longest_way);
}

}  // namespace hopblame::offline
