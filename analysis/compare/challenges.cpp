#include "analysis/compare/challenges.hpp"

#include <algorithm>
#include <set>

namespace hopblame::compare {
namespace {

bool is_bare_ack(const Observation& packet) {
  const auto* segment = segment_of(packet);
  return segment && segment->flags == tcp_flag::ack && segment->payload == 0;
}

/// The last one before that time. Null: none.
const Observation* last_before(const Packets& packets, TimePoint at) {
  const auto later =
      std::ranges::find_if(packets, [&](const Observation* packet) { return packet->at > at; });
  return later == packets.begin() ? nullptr : *std::prev(later);
}

class Giver {
 public:
  Giver(const CallPair& older, const CallPair& newer) : older_(older), newer_(newer) {}

  void give(Journeys& from, Journeys& to) {
    move(from, to, [&](const Journey& journey) { return is_challenge(journey); });
    move(from, to, [&](const Journey& journey) { return is_reset_to_challenge(journey); });
  }

 private:
  template <class Wanted>
  static void move(Journeys& from, Journeys& to, Wanted wanted) {
    const auto kept = std::stable_partition(
        from.begin(), from.end(), [&](const Journey& journey) { return !wanted(journey); });
    to.insert(to.end(), kept, from.end());
    from.erase(kept, from.end());
  }

  /// It follows a SYN of the newer attempt, at once as the server's capture shows it.
  bool is_challenge(const Journey& journey) {
    if (journey.way != Way::back || !journey.server || !is_bare_ack(*journey.server)) return false;
    const auto at = journey.server->at;
    const auto* asked = last_before(newer_.server->there, at);
    const auto* said = last_before(older_.server->there, at);
    const bool answers = asked && is_syn(*asked) && (!said || said->at < asked->at);
    if (answers && journey.client) numbers_.insert(segment_of(*journey.client)->acknowledgment);
    return answers;
  }

  /// Who knows nothing of the older connection takes its number from what it refuses.
  [[nodiscard]] bool is_reset_to_challenge(const Journey& journey) const {
    if (journey.way != Way::there || !journey.client || !is_reset(journey)) return false;
    return numbers_.contains(segment_of(*journey.client)->sequence) &&
           journey.client->at > newer_.client->begun();
  }

  const CallPair &older_, &newer_;
  std::set<std::uint32_t> numbers_;  ///< that the challenges acknowledge
};

bool is_unanswered(const CallPair& pair) {
  return pair.server && pair.client->syn() && !pair.client->syn_ack() && !pair.server->syn_ack();
}

}  // namespace

void give_challenges(const std::vector<CallPair>& pairs, std::vector<Journeys>& journeys,
                     const Clock& clock) {
  std::map<Flow, std::vector<std::size_t>> of_flow;
  for (std::size_t i = 0; i < pairs.size(); ++i) of_flow[pairs[i].client->flow].push_back(i);
  const auto when = [&](const Journey& journey) {
    return journey.client ? journey.client->at : clock.at_client(journey.server->at);
  };
  for (const auto& [flow, calls] : of_flow)
    for (std::size_t newer = 1; newer < calls.size(); ++newer) {
      const auto to = calls[newer];
      if (!is_unanswered(pairs[to])) continue;
      for (std::size_t older = 0; older < newer; ++older)
        if (const auto from = calls[older]; pairs[from].server)
          Giver(pairs[from], pairs[to]).give(journeys[from], journeys[to]);
      std::ranges::stable_sort(journeys[to], {}, when);
    }
}

}  // namespace hopblame::compare
