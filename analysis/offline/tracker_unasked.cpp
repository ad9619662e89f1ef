// What answers a question that is not in the capture, and what was there before the capture began.

#include "analysis/model/tcp_limits.hpp"
#include "analysis/offline/answer.hpp"
#include "analysis/offline/conversation.hpp"
#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {
namespace {

DirectedKey reversed(DirectedKey flow) {
  flow.from_low = !flow.from_low;
  return flow;
}

/// The lower port is the service's, as long as nothing better is known.
bool is_to_service(const DirectedKey& flow) {
  const auto ends = flow.flow();
  return ends.source.port > ends.destination.port;
}

/// After a bare ACK what only its connection has: more of the same end, or what the other end has
/// to say to just that. A scan gets a RST, or nothing.
bool continues(const SeenSegment& segment, const Trail& trail, bool same_end) {
  if (segment.is_reset() || segment.is_syn_ack() || !segment.has(tcp_flag::ack)) return false;
  if (same_end) return segment.payload > 0 && segment.sequence - trail.sequence <= 1;
  return segment.acknowledgment - trail.sequence <= 1 &&
         segment.sequence - trail.number < largest_window;
}

}  // namespace

/// What began with a bare ACK was no scan, but a connection from before the capture.
bool Tracker::goes_on(Trail& trail, const Sighting& seen) {
  if (trail.answers > 0) return false;
  if (!continues(seen.segment, trail, trail.from_low == seen.key.from_low)) return false;
  trail.kind = ProbeKind::syn;
  trail.joined = trail.talking = true;
  if (!is_to_service(trail.flow())) {
    trail.from_low = !trail.from_low;
    trail.sequence = trail.number;
  }
  trail.number = 0;
  trail.touched = seen.at;
  const bool of_client = trail.from_low == seen.key.from_low;
  (of_client ? client_continues : server_continues)(trails_, trail, seen);
  return true;
}

/// The SYN/ACK is not in the capture; what the server sends then goes on where the client
/// acknowledged it, and acknowledges what the client has said: there was one.
[[gnu::noinline]] bool Tracker::goes_on_unaccepted(Trail& trail, const Sighting& seen) {
  const auto& segment = seen.segment;
  constexpr std::uint32_t largest_window = 1 << 20;
  const bool of_both = segment.sequence - trail.said < largest_window &&
                       segment.acknowledgment - (trail.sequence + 1) <=
                           trail.next_of_client() - (trail.sequence + 1);
  if (trail.talking || trail.answers > 0 || segment.is_reset() || segment.is_syn_ack() ||
      !segment.has(tcp_flag::ack) || trail.said == 0 || !of_both)
    return false;
  auto accepted = answer_of_segment(seen);
  accepted.kind = ReplyKind::syn_ack;
  std::get<SeenSegment>(accepted.what).sequence = trail.said - 1;
  trails_.add_answer(trail, accepted);
  trail.talking = true;
  trail.answer_unseen = false;
  server_continues(trails_, trail, seen);
  trail.touched = seen.at;
  return true;
}

/// By its number it answers the SYN of that client to another address: a translation of addresses
/// that is not undone on the way back.
Followed Tracker::asked_elsewhere(const Sighting& seen) {
  const auto begun = begun_with(seen.segment.acknowledgment - 1);
  if (!begun || begun->kind != ProbeKind::syn || begun->unseen()) return {};
  return begun->flow().flow().source == seen.key.flow().destination ? begun : Followed{};
}

/// The first packet of a flow that is no SYN: an ACK scan, the answer to a question that is not in
/// the capture, or a connection that was there before.
void Tracker::out_of_the_blue(const Sighting& seen, std::uint64_t hash) {
  const auto& segment = seen.segment;
  const bool answer = segment.is_syn_ack() ||
                      (segment.is_reset() && segment.has(tcp_flag::ack) && segment.sequence == 0);
  if (answer) {
    if (!follows(reversed(seen.key))) return;
    ++counts_.inbound;
    if (const auto asked = asked_elsewhere(seen)) {
      if (asked->answers == 0)
        trails_.add_answer(*asked, [&] { return answer_from_elsewhere(seen); });
      return;
    }
    auto& trail = begin(seen, hash, nothing, reversed(seen.key), ProbeKind::syn);
    trail.sequence = segment.acknowledgment - 1;
    trail.hop_limit = full_hop_limit;
    return trails_.add_answer(trail, [&] { return answer_of_segment(seen); });
  }
  if (segment.is_reset()) return;
  const bool bare_ack = segment.flags == tcp_flag::ack && segment.payload == 0;
  // All segments of a connection but its SYN have ACK (RFC 9293 section 3.1): this one is a scan's.
  const bool scan = !segment.has(tcp_flag::ack);
  const bool from_client = bare_ack || scan || is_to_service(seen.key);
  const auto towards_service = from_client ? seen.key : reversed(seen.key);
  if (!follows(towards_service)) return;
  const auto kind = bare_ack ? ProbeKind::ack : scan ? ProbeKind::fin : ProbeKind::syn;
  auto& trail = begin(seen, hash, nothing, towards_service, kind);
  if (bare_ack) trail.number = segment.acknowledgment;
  trail.sequence = from_client ? segment.sequence : segment.acknowledgment;
  trail.joined = trail.talking = kind == ProbeKind::syn;
  trails_.add_copy(trail, seen.frame);
}

}  // namespace hopblame::offline
