#include "tests/properties/unheard.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace hopblame::properties {
namespace {

bool is_heard(const sim::Session& session, const IpAddress& address) {
  return std::ranges::any_of(session.run.observations, [&](const Observation& seen) {
    return seen.flow.source.address == address;
  });
}

/// The last router before the host, or the one that shares its hop.
bool is_last_router_heard(const sim::Session& session) {
  const auto& path = session.scenario.path;
  for (auto box = std::next(path.rbegin()); box != path.rend(); ++box) {
    if (box->kind != sim::BoxKind::router) continue;
    if (is_heard(session, box->address)) return true;
    if (!box->alternative) return false;
  }
  return false;
}

std::optional<HopLimit> sent_with(const sim::Session& session, std::uint32_t sequence) {
  for (const auto& send : session.run.sends)
    if (send.spec.sequence == sequence) return send.spec.question.hop_limit;
  return {};
}

bool is_time_exceeded(const Observation& seen) {
  const auto* error = std::get_if<IcmpError>(&seen.message);
  return error && error->quote && error->quote->tcp_sequence &&
         error->type == (seen.flow.source.address.family == Family::ipv4 ? 11 : 3);
}

/// Somebody answers probes that died at two distances, or one that had all the hops there are.
bool shows_a_round(const sim::Session& session) {
  std::map<IpAddress, std::set<std::uint8_t>> died;
  for (const auto& seen : session.run.observations) {
    if (!is_time_exceeded(seen)) continue;
    const auto& quote = *std::get<IcmpError>(seen.message).quote;
    const auto limit = sent_with(session, *quote.tcp_sequence).value_or(full_hop_limit);
    auto& distances = died[seen.flow.source.address];
    distances.insert(limit.value);
    if (limit == full_hop_limit || distances.size() > 1) return true;
  }
  return false;
}

}  // namespace

std::vector<Mechanism> looks_as_well_like(const RandomNetwork& network,
                                          const sim::Session& session) {
  // All answers of the port dropped on their way back, and not a word from the last router: a drop
  // on the way there, between the last router heard and the host, leaves these very packets, and
  // the row silent-routers of the scenario matrix asks for filter-drop alone.
  if (network.drops_all_back && !is_last_router_heard(session)) return {Mechanism::filter_drop};
  // Nobody heard twice: the packets might as well have been thrown away.
  if (network.mechanisms.front() == Mechanism::routing_loop && !shows_a_round(session))
    return {Mechanism::blackhole};
  return {};
}

}  // namespace hopblame::properties
