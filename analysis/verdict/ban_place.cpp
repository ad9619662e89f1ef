#include "analysis/verdict/ban_place.hpp"

#include <algorithm>

#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/tries.hpp"

namespace hopblame {
namespace {

template <class Each>
void for_each_syn(const Walk& walk, Each each) {
  for (const auto& [distance, step] : walk.steps)
    for (const auto* exchange : step.exchanges) each(distance, *exchange);
}

/// It had hops enough to be answered.
bool is_swallowed(std::uint8_t distance, const Exchange& syn, std::uint8_t host) {
  return distance >= host && !syn.answered();
}

TimePoint first_swallowed(const Walk& walk, TimePoint last_answer, std::uint8_t host) {
  auto first = TimePoint::max();
  for_each_syn(walk, [&](std::uint8_t distance, const Exchange& syn) {
    if (is_swallowed(distance, syn, host) && syn.at > last_answer) first = std::min(first, syn.at);
  });
  return first;
}

/// A flow that got through before may be let through for good, unless it was swallowed later.
bool is_shut_out(const Walk& walk, const Exchange& of_flow, TimePoint since, std::uint8_t host) {
  bool got_through = false, swallowed = false;
  for_each_syn(walk, [&](std::uint8_t distance, const Exchange& syn) {
    if (syn.spec.flow.source.port != of_flow.spec.flow.source.port) return;
    got_through = got_through || (syn.at < since && syn.answered());
    swallowed = swallowed || (syn.at >= since && is_swallowed(distance, syn, host));
  });
  return swallowed || !got_through;
}

/// The host of a port that the address's own device passes on: where it was met, else no nearer
/// than behind the last hop that the port's flow passed.
std::uint8_t distance_behind_forward(const Case& the_case,
                                     std::optional<std::uint8_t> by_way_back) {
  const auto behind = static_cast<std::uint8_t>(the_case.target.last_passed().value_or(0) + 1);
  const auto met = the_case.target.first_end();
  if (met && *met >= behind && *met < full_hop_limit.value) return *met;
  return std::max(behind, by_way_back.value_or(behind));
}

/// By its answers' way back.
std::optional<std::uint8_t> distance_of_answers(const Case& the_case) {
  for (const auto& one : tries_of(the_case, Aim::target))
    if (is_answered(one))
      return the_case.distance_by_way_back(one.exchange->replies.front().hop_limit);
  return {};
}

/// How SYNs fared that were to die before the host, once the answers had stopped.
struct Since {
  bool looked = false;        ///< any of shut-out flows were sent at all
  std::uint8_t farthest = 0;  ///< the last hop that shut-out flows still reached
  bool missed = false;        ///< at some hop they did not arrive, or nobody said so
  bool old_pass = false;      ///< flows that got through before still do
  std::optional<std::uint8_t> nearest_missed;  ///< of hops that had an answer to give
};

void note_missed(const Case& the_case, std::uint8_t distance, const Exchange& syn, Since& fared) {
  fared.missed = true;
  if (the_case.time_exceeded_at(distance) && is_fair(the_case, syn))
    fared.nearest_missed = std::min(fared.nearest_missed.value_or(distance), distance);
}

/// The last hop before one that was missed at first and reached later.
std::optional<std::uint8_t> let_pass_again(const Since& fared) {
  if (!fared.nearest_missed || *fared.nearest_missed > fared.farthest) return {};
  return static_cast<std::uint8_t>(std::max(1, *fared.nearest_missed - 1));
}

Since fared_since(const Case& the_case, TimePoint last_answer, std::uint8_t host,
                  bool for_all_ports) {
  const auto since = first_swallowed(the_case.target, last_answer, host);
  Since fared;
  const auto look_at = [&](const Walk& walk) {
    for_each_syn(walk, [&](std::uint8_t distance, const Exchange& syn) {
      if (distance >= host || syn.at <= since) return;
      const bool shut_out = is_shut_out(walk, syn, since, host);
      fared.looked = fared.looked || shut_out;
      if (!shut_out)
        fared.old_pass = fared.old_pass || syn.answered();
      else if (syn.answered())
        fared.farthest = std::max(fared.farthest, distance);
      else
        note_missed(the_case, distance, syn, fared);
    });
  };
  look_at(the_case.target);
  if (for_all_ports) look_at(the_case.control);
  return fared;
}

}  // namespace

std::optional<std::uint8_t> host_distance(const Case& the_case) {
  if (the_case.address_forwards())
    return distance_behind_forward(the_case, distance_of_answers(the_case));
  if (the_case.host.distance) return the_case.host.distance;
  return distance_of_answers(the_case);
}

std::optional<std::uint8_t> last_router(const Case& the_case) {
  const auto host = host_distance(the_case);
  if (!host) return the_case.target.last_passed();
  return std::max<std::uint8_t>(1, static_cast<std::uint8_t>(*host - 1));
}

Ban ban_of(const Case& the_case, TimePoint last_answer, bool for_all_ports) {
  const auto host = host_distance(the_case);
  if (!host) return {within(the_case, 1, host), false};
  const auto fared = fared_since(the_case, last_answer, *host, for_all_ports);
  // The device that passes the port on may ban as well as the host behind it.
  if (the_case.address_forwards()) {
    const auto owner = std::max<std::uint8_t>(1, the_case.host.distance.value_or(1));
    const auto nearest = fared.missed ? fared.farthest : std::max<int>(fared.farthest, owner - 1);
    return {within(the_case, static_cast<std::uint8_t>(std::max<int>(1, nearest)), host),
            fared.old_pass, let_pass_again(fared)};
  }
  if (!fared.looked && *host > 1) return {within(the_case, 1, host), fared.old_pass};
  if (!fared.missed || fared.farthest + 1 >= *host)
    return {{CulpritKind::destination, last_router(the_case), host, the_case.owner()},
            fared.old_pass,
            let_pass_again(fared)};
  return {within(the_case, std::max<std::uint8_t>(1, fared.farthest), host), fared.old_pass,
          let_pass_again(fared)};
}

Text look_at_bans() {
  return say(
      "the ban list on the host or the firewall before it (`fail2ban-client status`, `sudo nft "
      "list ruleset`: dynamic sets, `recent` lists); try from another source");
}

}  // namespace hopblame
