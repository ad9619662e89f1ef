#include "analysis/compare/rewritten.hpp"

#include <algorithm>

#include "analysis/compare/journey.hpp"

namespace hopblame::compare {
namespace {

/// A proxy calls the server when it is called, or when the client has said what it wants.
constexpr Duration near = std::chrono::seconds(3);

/// Nothing that the client does has an effect before it does it.
bool follows(const Call& extra, const Call& call, const Clock& clock) {
  const auto unsure = clock.offset ? clock.uncertainty.value_or(longest_delay) : longest_delay;
  const auto apart = clock.at_client(extra.begun()) - call.begun();
  return apart >= -unsure - stamp_error && apart < near;
}

/// Its SYN/ACK came back to whoever called.
bool is_made(const Call& call) {
  return std::ranges::any_of(call.there, [](const Observation* packet) {
    const auto* segment = segment_of(*packet);
    return segment && segment->has(tcp_flag::ack) && !segment->is_reset();
  });
}

}  // namespace

bool may_be_rewritten(const Call& extra, const Call& call, const Clock& clock) {
  if (!extra.syn() || extra.flow.destination.port != call.flow.destination.port) return false;
  // Who rewrites packets makes none, and a proxy that is connected tells the client so: a client
  // without a SYN/ACK has no connection at the server.
  if (is_made(extra) && !call.syn_ack() && !is_made(call)) return false;
  return follows(extra, call, clock);
}

}  // namespace hopblame::compare
