#include "analysis/compare/half_made.hpp"

#include <algorithm>

namespace hopblame::compare {
namespace {

bool bears_syn(const Journey& journey) {
  const auto* segment = segment_of(journey.seen());
  return segment && segment->has(tcp_flag::syn);
}

/// What the client says after its SYN.
bool goes_on(const Journey& journey) {
  return journey.way == Way::there && journey.client && segment_of(journey.seen()) &&
         !bears_syn(journey);
}

}  // namespace

bool repeats_syn_ack(const Journeys& journeys) {
  const auto first = std::ranges::find_if(journeys, goes_on);
  return first != journeys.end() && std::ranges::any_of(journeys, [&](const Journey& journey) {
           return journey.way == Way::back && journey.fate == Fate::arrived && bears_syn(journey) &&
                  journey.client->at - first->client->at >= longest_delay;
         });
}

void prove_lost(Journeys& journeys) {
  if (!repeats_syn_ack(journeys)) return;
  const bool waits = std::ranges::all_of(journeys, [](const Journey& journey) {
    const bool more = journey.way == Way::back && segment_of(journey.seen()) && !bears_syn(journey);
    return !more && (!goes_on(journey) || !journey.server);
  });
  if (!waits) return;
  for (auto& journey : journeys)
    if (goes_on(journey) && journey.fate == Fate::unshown) journey.fate = Fate::lost;
}

}  // namespace hopblame::compare
