#include "analysis/compare/witnesses.hpp"

#include <algorithm>

#include "analysis/compare/clock.hpp"

namespace hopblame::compare {
namespace {

void keep(std::vector<FrameId>& kept, const std::vector<FrameId>& more) {
  kept.insert(kept.end(), more.begin(), more.end());
}

/// So many as tell whether it was answered and how it began.
std::vector<FrameId> frames_of(const Call& call) {
  constexpr std::size_t most = 4;
  std::vector<FrameId> frames;
  for (const auto* way : {&call.there, &call.back})
    for (std::size_t i = 0; i < std::min(most, way->size()); ++i)
      frames.push_back((*way)[i]->frame);
  return frames;
}

class Keeper {
 public:
  Keeper(Comparison& comparison, const Packets& client)
      : comparison_(comparison), client_(client) {}

  /// The first and the last each way.
  void keep_clocks(std::vector<Journey> datagrams) {
    std::ranges::stable_sort(datagrams, {}, [](const auto& one) { return one.client->at; });
    for (const auto way : {Way::there, Way::back}) {
      std::vector<const Journey*> some;
      for (const auto& journey : datagrams)
        if (journey.way == way) some.push_back(&journey);
      if (some.empty()) continue;
      for (const auto* journey : {some.front(), some.back()}) keep_met(met_of(*journey));
    }
  }

  /// A segment would look like an attempt of its own.
  void keep_others() {
    const auto& meanwhile = comparison_.meanwhile;
    for (const auto* met : {&meanwhile.arrived, &meanwhile.around})
      for (const auto& one : *met)
        if (!is_segment(one.client)) keep_met(one);
    keep(comparison_.client_witnesses, meanwhile.lost);
  }

 private:
  void keep_met(const Met& met) {
    comparison_.client_witnesses.push_back(met.client);
    comparison_.server_witnesses.push_back(met.server);
  }

  [[nodiscard]] bool is_segment(FrameId frame) const {
    const auto found = std::ranges::find(client_, frame, &Observation::frame);
    return found != client_.end() && segment_of(**found) != nullptr;
  }

  Comparison& comparison_;
  const Packets& client_;  ///< to and from the target
};

}  // namespace

void keep_witnesses(Comparison& comparison, const IpAddress& target, const Shown& shown) {
  Keeper keeper(comparison, shown.of_target);
  keeper.keep_clocks(met_datagrams(shown.datagrams, target));
  keeper.keep_others();
  keep(comparison.client_witnesses, comparison.at_client.examples);
  keep(comparison.server_witnesses, comparison.at_server.examples);
  keep(comparison.server_witnesses, shown.forwarding.examples);
  if (shown.doubtful) keep(comparison.server_witnesses, frames_of(*shown.doubtful));
}

}  // namespace hopblame::compare
