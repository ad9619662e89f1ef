// What few packets are asked for: is the checksum right, and for which machine was the frame?
#include <algorithm>

#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t most_sampled = 256, most_refusals = 64;

/// Two machines of one maker differ in these.
std::uint32_t end_of(const LinkAddress& address) {
  std::uint32_t number = 0;
  for (const auto byte : std::span(address.bytes).last(4)) number = number << 8 | byte;
  return number;
}

/// The answer to a SYN (RFC 9293 section 3.5.2).
bool is_refusal(const SeenSegment& segment) {
  return segment.has(tcp_flag::rst | tcp_flag::ack) && segment.sequence == 0;
}

}  // namespace

void Tracker::look_closer(const Sighting& seen, std::size_t most) {
  const bool may_be = seen.segment.is_syn_ack() || seen.segment.is_reset();
  if (seen.kind != Sighting::Kind::segment || !may_be) return;
  if (counts_.arrivals.size() >= most || !(shown_ || look_)) return;
  if (std::ranges::count(counts_.arrivals, seen.frame, &Arrival::frame) > 0) return;
  std::optional<Observation> found;
  if (!shown_) found = look_(seen.frame);
  const auto* packet = shown_ ? shown_ : found ? &*found : nullptr;
  const auto* segment = packet ? std::get_if<TcpSegment>(&packet->message) : nullptr;
  if (!segment) return;
  Arrival arrival{seen.frame, seen.key, segment->bad_checksum, 0, 0};
  if (packet->link) {
    arrival.link_to = end_of(packet->link->to);
    arrival.link_from = end_of(packet->link->from);
  }
  counts_.arrivals.push_back(arrival);
  if (segment->bad_checksum) sample_until_ = counts_.packets + sampled;
}

void Tracker::sample(std::span<const Sighting> batch) {
  for (const auto& seen : batch) {
    if (seen.kind != Sighting::Kind::segment) continue;
    if (seen.segment.is_syn_ack()) look_closer(seen, most_sampled);
    if (is_refusal(seen.segment)) look_closer(seen, most_refusals);
  }
}

}  // namespace hopblame::offline
