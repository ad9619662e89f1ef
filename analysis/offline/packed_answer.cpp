#include "analysis/offline/packed_answer.hpp"

namespace hopblame::offline {
namespace {

struct Seen {
  ReplyKind kind = ReplyKind::other_segment;
  HopLimit hop_limit;
  std::uint8_t traffic_class = 0;
  bool dont_fragment : 1 = false;
  bool has_options : 1 = false;
  bool passed_on : 1 = false;
  std::uint8_t what : 2 = 0;  ///< index of the variant
};

/// What it acknowledges is mostly the first number and one.
void pack(Packer& to, const SeenSegment& segment, const Trail& trail) {
  to.whole(segment.sequence);
  to.distance(static_cast<std::int32_t>(segment.acknowledgment - trail.sequence));
  to.distance(segment.payload);
  to.whole(segment.window);
  to.whole(segment.flags);
  to.whole(segment.option_bytes);
  if (segment.options != HandshakeOptions{}) to.whole(segment.options);
}

SeenSegment segment_from(Unpacker& from, const Trail& trail, bool has_options) {
  SeenSegment segment;
  from.whole(segment.sequence);
  segment.acknowledgment = trail.sequence + static_cast<std::uint32_t>(from.distance());
  segment.payload = static_cast<std::uint32_t>(from.distance());
  from.whole(segment.window);
  from.whole(segment.flags);
  from.whole(segment.option_bytes);
  if (has_options) from.whole(segment.options);
  return segment;
}

std::size_t address_size(const Trail& trail) { return trail.key.family == Family::ipv4 ? 4 : 16; }

/// Of IPv4 the sender is the first four bytes.
void pack(Packer& to, const Rejection& error, const Trail& trail) {
  to.bytes(error.sender.data(), address_size(trail));
  to.distance(error.mtu);
  to.distance(error.ip_id_or_flow_label);
  to.whole(error.bytes);
  to.whole(std::array{error.type, error.code, error.hop_limit, error.traffic_class, error.flags});
  to.whole(static_cast<std::uint8_t>((error.has_flags ? 1 : 0) | (error.of_server ? 2 : 0)));
}

Rejection rejection_from(Unpacker& from, const Trail& trail) {
  Rejection error;
  std::ranges::copy(from.bytes(address_size(trail)), error.sender.begin());
  error.mtu = static_cast<std::uint32_t>(from.distance());
  error.ip_id_or_flow_label = static_cast<std::uint32_t>(from.distance());
  from.whole(error.bytes);
  for (auto* byte :
       {&error.type, &error.code, &error.hop_limit, &error.traffic_class, &error.flags})
    from.whole(*byte);
  std::uint8_t more = 0;
  from.whole(more);
  error.has_flags = (more & 1) != 0;
  error.of_server = (more & 2) != 0;
  return error;
}

void pack(Packer& to, const Elsewhere& other, const Trail& trail) {
  to.bytes(other.sender.data(), address_size(trail));
  to.whole(other.flags);
}

Elsewhere elsewhere_from(Unpacker& from, const Trail& trail) {
  Elsewhere other;
  std::ranges::copy(from.bytes(address_size(trail)), other.sender.begin());
  from.whole(other.flags);
  return other;
}

}  // namespace

void pack(Packer& to, const Answer& answer, const Trail& trail) {
  const auto* segment = std::get_if<SeenSegment>(&answer.what);
  const auto* error = std::get_if<Rejection>(&answer.what);
  to.distance(apart(answer.frame, trail.frame));
  to.whole(answer.at);  // a distance saves three bytes or four, in as many rounds
  to.distance(answer.ip_id_or_flow_label);
  to.whole(Seen{answer.kind, answer.hop_limit, answer.traffic_class, answer.dont_fragment,
                segment && segment->options != HandshakeOptions{}, answer.passed_on,
                static_cast<std::uint8_t>(answer.what.index() & 3)});
  if (segment) pack(to, *segment, trail);
  if (error) pack(to, *error, trail);
  if (const auto* other = std::get_if<Elsewhere>(&answer.what)) pack(to, *other, trail);
}

Answer answer_from(Unpacker& from, const Trail& trail) {
  Answer answer;
  answer.frame = after(trail.frame, from.distance());
  from.whole(answer.at);
  answer.ip_id_or_flow_label = static_cast<std::uint32_t>(from.distance());
  Seen seen;
  from.whole(seen);
  answer.kind = seen.kind;
  answer.hop_limit = seen.hop_limit;
  answer.traffic_class = seen.traffic_class;
  answer.dont_fragment = seen.dont_fragment;
  answer.passed_on = seen.passed_on;
  if (seen.what == 1) answer.what = segment_from(from, trail, seen.has_options);
  if (seen.what == 2) answer.what = rejection_from(from, trail);
  if (seen.what == 3) answer.what = elsewhere_from(from, trail);
  return answer;
}

}  // namespace hopblame::offline
