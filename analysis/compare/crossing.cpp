#include "analysis/compare/crossing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "analysis/compare/rewrite.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {
namespace {

using Seen = std::set<std::tuple<Way, std::string, std::uint32_t>>;

/// "SYN", "SYN again"
std::string words_of(const Journey& journey, Seen& seen) {
  const auto* segment = segment_of(journey.seen());
  const bool data = segment && segment->payload > 0 && !segment->has(tcp_flag::fin);
  auto words = data ? fmt::format("{} bytes", segment->payload) : packet_text(journey.seen());
  const bool numbered = segment && (segment->is_syn() || segment->is_syn_ack() ||
                                    segment->payload > 0 || segment->has(tcp_flag::fin));
  if (numbered && !seen.emplace(journey.way, words, segment->sequence).second) words += " again";
  return words;
}

/// A router's message about a packet comes from where that was not going.
std::optional<IpAddress> maker_of(const Journey& journey) {
  const auto& packet = journey.seen();
  const auto* error = std::get_if<IcmpError>(&packet.message);
  if (!error || !error->quote || journey.fate == Fate::arrived || journey.fate == Fate::lost)
    return {};
  const auto from = packet.flow.source.address;
  return from == error->quote->flow.destination.address ? std::nullopt : std::optional(from);
}

std::vector<std::size_t> chosen(std::span<const Journey> journeys) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < journeys.size(); ++i) kept.push_back(i);
  if (kept.size() <= most_crossings) return kept;
  std::stable_partition(kept.begin(), kept.end(), [&](std::size_t i) {
    return i < most_crossings / 2 || journeys[i].fate != Fate::arrived;
  });
  kept.resize(most_crossings);
  std::ranges::sort(kept);
  return kept;
}

}  // namespace

std::vector<Crossing> crossings_of(std::span<const Journey> journeys, const Clock& clock,
                                   LeftOut& left_out) {
  const auto changes = changes_by_packet(journeys);
  const auto shown = chosen(journeys);
  const auto arrived = [&](std::size_t i) { return journeys[i].fate == Fate::arrived; };
  left_out.all = journeys.size() - shown.size();
  left_out.arrived =
      static_cast<std::size_t>(std::ranges::count(journeys, Fate::arrived, &Journey::fate) -
                               std::ranges::count_if(shown, arrived));
  std::vector<Crossing> crossings;
  Seen seen;
  for (const auto index : shown) {
    const auto& journey = journeys[index];
    Crossing crossing{journey.way,
                      journey.fate,
                      words_of(journey, seen),
                      {},
                      {},
                      changes[index],
                      {},
                      journey.taken || (journey.of_client && !is_unwatched(journey))};
    if (journey.of_client) crossing.fate = Fate::unknown;
    crossing.made_by = maker_of(journey);
    if (journey.client) crossing.client = Passage{journey.client->frame, journey.client->at};
    if (journey.server)
      crossing.server = Passage{journey.server->frame, clock.at_client(journey.server->at)};
    crossings.push_back(std::move(crossing));
  }
  return crossings;
}

}  // namespace hopblame::compare
