#pragma once
// What the judges of a connection that was made ask of its packets.

#include <map>

#include "analysis/compare/call.hpp"
#include "analysis/compare/journey.hpp"
#include "analysis/model/bare_reset.hpp"

namespace hopblame::compare {

using Journeys = std::vector<Journey>;

/// What holds data, by the number of its first byte.
[[nodiscard]] inline std::map<std::uint32_t, Packets> copies_of(const Packets& packets) {
  std::map<std::uint32_t, Packets> copies;
  for (const auto* packet : packets)
    if (const auto* segment = segment_of(*packet); segment && segment->payload > 0)
      copies[segment->sequence].push_back(packet);
  return copies;
}

[[nodiscard]] inline bool is_syn(const Observation& packet) {
  const auto* segment = segment_of(packet);
  return segment && segment->is_syn();
}

[[nodiscard]] inline bool is_syn_ack(const Observation& packet) {
  const auto* segment = segment_of(packet);
  return segment && segment->is_syn_ack();
}

[[nodiscard]] inline bool is_lost_syn(const Journey& journey) {
  return journey.fate == Fate::lost && is_syn(journey.seen());
}

[[nodiscard]] inline bool is_reset(const Journey& journey) {
  const auto* segment = segment_of(journey.seen());
  return segment && segment->is_reset();
}

[[nodiscard]] inline bool is_bare_reset(const Journey& journey) {
  const auto* segment = segment_of(journey.seen());
  return segment && hopblame::is_bare_reset(*segment);
}

/// With a wrong checksum in the receiver's capture, where nothing is left to be filled in: its
/// stack drops it unread. Of fragments, and of data that a card joined, no checksum is right.
[[nodiscard]] inline bool is_spoiled(const Journey& journey) {
  const auto *got = journey.way == Way::there ? journey.server : journey.client,
             *sent = journey.way == Way::there ? journey.client : journey.server;
  const auto *received = got ? segment_of(*got) : nullptr,
             *left = sent ? segment_of(*sent) : nullptr;
  if (!received || !received->bad_checksum) return false;
  return received->payload == 0 ||
         (left && left->payload == received->payload && !left->bad_checksum);
}

[[nodiscard]] inline bool has_payload(const Journey& journey) {
  const auto* segment = segment_of(journey.seen());
  return segment && segment->payload > 0;
}

/// As the capture shows it at the end that sends on `way`. Null: not there.
[[nodiscard]] inline const Observation* at_sender(const Journey& journey, Way way) {
  return way == Way::there ? journey.client : journey.server;
}

/// By the client, as one of the captures shows.
[[nodiscard]] inline bool is_sent(const Journey& journey) {
  return journey.way == Way::there && (journey.client || journey.of_client);
}

/// The last step of the handshake, or the one before it.
[[nodiscard]] inline bool is_handshake(const Journey& journey) {
  const auto* segment = segment_of(journey.seen());
  return segment && segment->payload == 0 && !segment->is_reset() && !segment->has(tcp_flag::fin);
}

/// The sender of `packet` says to have got `byte`, both as one end numbers them.
[[nodiscard]] inline bool acknowledges(const Observation& packet, std::uint32_t byte) {
  const auto* segment = segment_of(packet);
  return segment && segment->has(tcp_flag::ack) && !segment->is_reset() &&
         static_cast<std::int32_t>(segment->acknowledgment - (byte + 1)) >= 0;
}

/// Those of one way for which `wanted(journey)`, in order.
template <class Wanted>
[[nodiscard]] Journeys select(const Journeys& journeys, Way way, Wanted wanted) {
  Journeys found;
  for (const auto& journey : journeys)
    if (journey.way == way && wanted(journey)) found.push_back(journey);
  return found;
}

}  // namespace hopblame::compare
