#include "src/offline/connections_of.hpp"

#include <random>

#include "analysis/offline/tracker.hpp"

namespace hopblame {

std::unique_ptr<ForeignCapture> connections_of(std::span<const Observation> packets,
                                               const CaptureFacts& facts, const Wants& wants) {
  const std::uint64_t seed = std::random_device{}();
  auto found = std::make_unique<ForeignCapture>(seed);
  const Observation* current = nullptr;
  offline::TrackerLimits limits;
  limits.seed = seed;
  offline::Tracker tracker(
      limits, found->book.trails(),
      [&](offline::TrailId attempt, TimePoint horizon) { found->book.add(attempt, horizon); },
      [&](FrameId) { return std::optional(*current); });
  for (const auto& packet : packets) {
    if (!wants(packet)) continue;
    current = &packet;
    if (!std::holds_alternative<TcpSegment>(packet.message)) found->around.see(packet);
    tracker.observe(packet);
  }
  found->facts = facts;
  tracker.finish(facts.horizon);
  found->book.settle();
  found->counts = tracker.counts();
  return found;
}

}  // namespace hopblame
