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

/// The server's capture counts what the client answers to a challenge to the older connection;
/// behind a NAT that gives another flow the same ports, the client's counts it to the newer one.
class Joiner {
 public:
  Joiner(const CallPair& older, const CallPair& newer) : older_(older), newer_(newer) {}

  void join(Journeys& older, Journeys& newer) const {
    std::erase_if(older, [&](const Journey& far) {
      if (far.client || !segment_of(*far.server) || far.server->at < newer_.server->begun())
        return false;
      const auto same = std::ranges::find_if(newer, [&](const Journey& near) {
        return !near.server && near.way == far.way && is_same(*near.client, *far.server, far.way);
      });
      if (same == newer.end()) return false;
      same->server = far.server;
      same->fate = Fate::arrived;
      return true;
    });
  }

 private:
  [[nodiscard]] bool is_same(const Observation& near, const Observation& far, Way way) const {
    const auto *here = segment_of(near), *there = segment_of(far);
    if (!here || here->flags != there->flags || here->payload != there->payload) return false;
    const auto from_client = older_.there, from_server = 0u - older_.back;
    const bool goes = way == Way::there;
    const auto sent = goes ? from_client : from_server, heard = goes ? from_server : from_client;
    return here->sequence + sent == there->sequence &&
           (!here->has(tcp_flag::ack) || here->acknowledgment + heard == there->acknowledgment);
  }

  const CallPair &older_, &newer_;
};

bool is_unanswered(const CallPair& pair) {
  return pair.server && pair.client->syn() && !pair.client->syn_ack() && !pair.server->syn_ack();
}

/// Of each port that the server saw used again, by whichever flow of the client.
void join_reused(const std::vector<CallPair>& pairs, std::vector<Journeys>& journeys) {
  std::map<Flow, std::vector<std::size_t>> of_flow;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (pairs[i].server) of_flow[pairs[i].server->flow].push_back(i);
  for (const auto& [flow, calls] : of_flow)
    for (const auto newer : calls)
      for (const auto older : calls)
        if (pairs[older].client->flow != pairs[newer].client->flow &&
            pairs[older].server->begun() < pairs[newer].server->begun())
          Joiner(pairs[older], pairs[newer]).join(journeys[older], journeys[newer]);
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
  join_reused(pairs, journeys);
}

}  // namespace hopblame::compare
