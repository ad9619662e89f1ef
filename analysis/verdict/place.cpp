#include "analysis/verdict/place.hpp"

#include <algorithm>
#include <bitset>

#include "analysis/path/distance.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/copied_limit.hpp"

namespace hopblame {
namespace {

/// Of the control port's segments: either only the host's way back is longer, or that of TCP is:
/// then it is for whoever answers in the host's name on the way.
std::uint8_t detour_of_segments(const Case& the_case) {
  const auto* witness = the_case.host.witness;
  return witness && witness->segment ? the_case.extra_way_back() : std::uint8_t{0};
}

/// That the host's segments come over more routers than our probes passed on their way there may be
/// no longer way back: something on the way there may have given our probes a new hop limit. All
/// that stands behind it then answers at the host's distance, a box before the host over fewer
/// routers than the host.
bool may_be_out_of_count(const Case& the_case, std::uint8_t distance, HopLimit received) {
  const auto& host = the_case.host;
  const auto* before = the_case.time_exceeded_at(static_cast<std::uint8_t>(distance - 1));
  return host.distance == distance && before != nullptr &&
         return_hops(received) > return_hops(before->hop_limit) &&
         return_hops(received) < return_hops(host.witness->hop_limit);
}

/// The last probe that passed, among those that died before the first that met the answer.
std::uint8_t last_pass_before(const Walk& walk, std::optional<std::uint8_t> end) {
  std::uint8_t last = 0;
  for (const auto& [distance, step] : walk.steps)
    if (!step.time_exceeded.empty() && (!end || distance < *end)) last = distance;
  return last;
}

struct Sample {
  std::uint8_t sent;
  HopLimit received;
  bool segment;
  bool walked_flow;  ///< the flow whose hop limits were walked, not another one to the same port
  std::uint16_t source_port;
};

std::vector<Sample> samples_of(const Case& the_case, bool (*meant)(const Reply&)) {
  std::vector<Sample> samples;
  for (const auto& [distance, step] : the_case.target.steps)
    for (const auto* exchange : step.exchanges)
      for (const auto& reply : exchange->replies)
        if (meant(reply))
          samples.push_back({distance, reply.hop_limit, reply.segment.has_value(),
                             exchange->origin == Origin::raw && exchange->spec.question.lane == 0,
                             exchange->spec.flow.source.port});
  return samples;
}

bool is_steady(const std::vector<Sample>& samples) {
  return std::ranges::all_of(
      samples, [&](const Sample& sample) { return sample.received == samples.front().received; });
}

/// Other flows may take another way back; packets of one flow keep theirs.
bool is_copied(const std::vector<Sample>& samples) {
  return std::ranges::any_of(samples, [&](const Sample& sample) {
    return sample.received !=
           std::ranges::find(samples, sample.source_port, &Sample::source_port)->received;
  });
}

/// What one flow drew, each with the hop limit its probe left with.
std::vector<SentAndReceived> pairs_of(const std::vector<Sample>& samples) {
  std::vector<SentAndReceived> pairs;
  for (const auto& sample : samples)
    if (sample.source_port == samples.front().source_port)
      pairs.push_back({sample.sent, sample.received});
  return pairs;
}

void place_copier(Place& place, const Case& the_case, int lost) {
  place.lost_both_ways = lost;
  const auto places = places_of_copier(the_case, lost);
  if (places.empty()) return;
  place.first = full_hop_limit.value;
  place.last = 0;
  place.walked = false;  // no probe of so few hops drew it
  for (const auto& [hop, in_hop, there, back] : places) {
    const auto nearest = in_hop ? hop : std::max<std::uint8_t>(1, there);
    place.first = std::min(place.first, nearest);
    place.last = std::max(*place.last, hop);
  }
}

}  // namespace

std::uint8_t routers_back(const Case& the_case, std::uint8_t distance) {
  if (const auto* reply = the_case.time_exceeded_at(distance)) return return_hops(reply->hop_limit);
  if (the_case.host.distance == distance) return return_hops(the_case.host.witness->hop_limit);
  return static_cast<std::uint8_t>(distance - 1);
}

std::optional<std::uint8_t> Place::exact() const {
  if (fitting.size() == 1) return fitting.front();
  return {};
}

Place place_of(const Case& the_case, bool (*meant)(const Reply&)) {
  Place place;
  const auto samples = samples_of(the_case, meant);
  if (samples.empty()) return place;
  const auto nearest = std::ranges::min(samples, {}, &Sample::sent).sent;
  place.walked = nearest < full_hop_limit.value;
  if (place.walked) place.last = nearest;
  if (the_case.accepted_at && the_case.accepted_at < place.last.value_or(full_hop_limit.value)) {
    place.last = the_case.accepted_at;
    place.walked = false;
  }
  // Another flow to the same port may have taken another path: the walk is not about it.
  const bool of_walk = std::ranges::any_of(samples, &Sample::walked_flow);
  if (of_walk)
    place.first = std::max<std::uint8_t>(1, last_pass_before(the_case.target, place.last));
  place.steady = is_steady(samples);
  place.copied = !place.steady && is_copied(samples);
  std::bitset<256> sent;
  for (const auto& sample : samples) sent.set(sample.sent);
  place.samples = static_cast<unsigned>(sent.count());
  if (place.copied) {
    if (const auto lost = there_and_back(pairs_of(samples))) place_copier(place, the_case, *lost);
    return place;
  }
  const int last = place.last.value_or(the_case.host.distance.value_or(the_case.run.goal.max_hops));
  const auto detour = samples.front().segment ? detour_of_segments(the_case) : std::uint8_t{0};
  const auto walked = std::ranges::find_if(samples, &Sample::walked_flow);
  const auto received = (of_walk ? *walked : samples.front()).received;
  for (int hop = place.first; hop <= last; ++hop) {
    const auto distance = static_cast<std::uint8_t>(hop);
    const auto back = routers_back(the_case, distance);
    const auto longer =
        static_cast<std::uint8_t>(back + (the_case.host.distance == hop ? 0 : detour));
    if (could_come_over(received, back) ||
        (detour > 0 &&
         (could_come_over(received, longer) || may_be_out_of_count(the_case, distance, received))))
      place.fitting.push_back(distance);
  }
  return place;
}

/// A device that passes the port on puts its own name on the messages of those behind it.
std::optional<std::uint8_t> last_hop_of(const Case& the_case, const Place& place,
                                        HopLimit received) {
  if (!place.last || !may_be_out_of_count(the_case, *place.last, received)) return place.last;
  return std::max(*place.last, the_case.distance_by_way_back(received));
}

Where at_hop(const Case& the_case, CulpritKind kind, std::uint8_t hop) {
  const auto address = the_case.address_of(hop);
  const bool borrowed = address == the_case.owner() && the_case.host.distance.value_or(hop) < hop;
  return {kind, hop, hop, borrowed ? std::nullopt : address};
}

Where at_destination(const Case& the_case, std::optional<std::uint8_t> distance) {
  Where where{CulpritKind::destination, distance, distance, the_case.owner()};
  const bool met = distance && (the_case.control.answered_at(*distance) ||
                                the_case.target.answered_at(*distance));
  if (met && *distance > 1) where.first_hop = nearest_end(the_case, *distance);
  return where;
}

Where anywhere_up_to(const Case& the_case, std::optional<std::uint8_t> last) {
  if (!last) return {CulpritKind::unknown, 1, {}, {}};
  if (*last <= 1) return at_destination(the_case, *last);
  return {CulpritKind::between, 1, last, {}};
}

Where within(const Case& the_case, std::uint8_t first, std::optional<std::uint8_t> last) {
  if (!last) return {CulpritKind::unknown, first, {}, {}};
  if (first == *last) return at_hop(the_case, CulpritKind::router, first);
  return {CulpritKind::between, first, last, {}};
}

}  // namespace hopblame
