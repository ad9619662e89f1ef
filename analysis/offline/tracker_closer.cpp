// What few packets are asked for: is the checksum right, and for which machine was the frame?
#include <algorithm>

#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t most_sampled = 256;

/// Two machines of one maker differ in these.
std::uint32_t end_of(const LinkAddress& address) {
  std::uint32_t number = 0;
  for (const auto byte : std::span(address.bytes).last(4)) number = number << 8 | byte;
  return number;
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
  const auto link_to = packet->link ? end_of(packet->link->to) : 0;
  counts_.arrivals.push_back({seen.frame, seen.key, segment->bad_checksum, link_to});
  if (segment->bad_checksum) sample_until_ = counts_.packets + sampled;
}

void Tracker::sample(std::span<const Sighting> batch) {
  for (const auto& seen : batch)
    if (seen.kind == Sighting::Kind::segment && seen.segment.is_syn_ack())
      look_closer(seen, most_sampled);
}

}  // namespace hopblame::offline
