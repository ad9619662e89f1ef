#include "analysis/verdict/rejection_place.hpp"

#include <algorithm>

#include "analysis/path/branching.hpp"
#include "analysis/path/distance.hpp"

namespace hopblame {
namespace {

/// Somebody else stands there. A name that only the other flow got may be that of a router beside
/// it, on an equal path, where the way back of the message fits too.
bool is_somebody_else(const Case& the_case, const RejectionFacts& facts, std::uint8_t hop) {
  const auto address = the_case.address_of(hop);
  if (facts.from_owner || !address || *address == facts.from) return false;
  return the_case.target.time_exceeded_at(hop) || std::ranges::count(facts.place.fitting, hop) == 0;
}

/// No router of this flow's way stands as far as the host that the other flow meets at its end. A
/// bridge right before the host may have an address of its own: its messages come over as many
/// routers as the host's answers.
std::optional<int> farthest_sender(const Case& the_case, const RejectionFacts& facts) {
  const auto& host = the_case.host;
  const bool same_way = host.control_answers && !the_case.divided &&
                        !take_other_ways(the_case.target, the_case.control);
  const bool behind = the_case.address_forwards() || the_case.port_goes_farther();
  if (facts.from_owner || !same_way || behind || host.distance.value_or(0) < 2) return {};
  const bool as_far =
      return_hops(facts.rejection.reply->hop_limit) >= return_hops(host.witness->hop_limit);
  return as_far ? *host.distance : *host.distance - 1;
}

/// The hops from which this message can come: those of the boundary, as far as the quote allows,
/// without those that answer under another name. A quote that allows none was changed on its way.
std::vector<std::uint8_t> candidates(const Case& the_case, const RejectionFacts& facts,
                                     bool routing) {
  int first = facts.place.first;
  int last = last_hop_of(the_case, facts.place, facts.rejection.reply->hop_limit)
                 .value_or(the_case.run.goal.max_hops);
  const auto farthest = farthest_sender(the_case, facts);
  if (farthest && *farthest >= first) last = std::min(last, *farthest);
  const auto travelled = quoted_travel(facts);
  const bool changed = farthest && travelled >= the_case.host.distance;
  if (travelled && !changed) {
    first = std::max<int>(first, routing ? *travelled + 1 : *travelled);
    last = std::min<int>(last, *travelled + 1);
  }
  std::vector<std::uint8_t> hops;
  for (int hop = first; hop <= last; ++hop)
    if (!is_somebody_else(the_case, facts, static_cast<std::uint8_t>(hop)))
      hops.push_back(static_cast<std::uint8_t>(hop));
  return hops;
}

/// Fewer routers than all that is known to be the host's passed on its way back. Where its pings
/// come from as near, the address is a nearer device's, and other ports are passed on to a machine
/// behind it.
bool came_from_nearer(const Host& host, const Reply& reply) {
  const auto is_farther = [&](const Reply* known) {
    return known && return_hops(known->hop_limit) > return_hops(reply.hop_limit);
  };
  return is_farther(host.witness) && (!host.echo || is_farther(host.echo));
}

}  // namespace

/// How far the quoted probe had travelled. A rule that rejects while forwarding and a failed ARP
/// quote it after the hop limit was counted down, routing and early rules before (measured, section
/// 3).
std::optional<std::uint8_t> quoted_travel(const RejectionFacts& facts) {
  return quoted_travel(*facts.rejection.exchange, *facts.rejection.reply);
}
/// The router by its own name where it gave one, else by the walk, the quote and the way back.
Where router_place(const Case& the_case, const RejectionFacts& facts, bool routing) {
  if (facts.named) return {CulpritKind::router, facts.named, facts.named, facts.from};
  const auto address = facts.from_owner ? std::nullopt : std::optional(facts.from);
  const auto hops = candidates(the_case, facts, routing);
  const auto exact = facts.place.exact();
  if (exact && facts.called && *exact != *facts.called) {
    const auto [first, last] = std::minmax(*exact, *facts.called);
    return {CulpritKind::between, first, last, address};
  }
  const bool by_way_back = exact && (facts.from_owner || std::ranges::count(hops, *exact) > 0) &&
                           (hops.size() <= 1 || the_case.time_exceeded_at(*exact));
  const auto router = [&](std::uint8_t hop) -> Where {
    return {CulpritKind::router, hop, hop, facts.from_owner ? the_case.address_of(hop) : address};
  };
  if (by_way_back) return router(*exact);
  if (hops.empty()) return {CulpritKind::unknown, facts.place.first, facts.place.last, address};
  if (hops.size() == 1) return router(hops.front());
  // Nothing but the user's limit ends them.
  const bool open = !facts.place.last && hops.back() == the_case.run.goal.max_hops;
  if (open) return {CulpritKind::unknown, hops.front(), {}, address};
  return {CulpritKind::between, hops.front(), hops.back(), address};
}

/// Of a router that failed to find its neighbour.
std::uint8_t sender_hop(const RejectionFacts& facts) {
  if (facts.named) return *facts.named;
  if (const auto travelled = quoted_travel(facts); travelled && *travelled > 0) return *travelled;
  if (const auto exact = facts.place.exact()) return *exact;
  return facts.place.first;
}

bool looks_made_up(const Reply& reply) {
  if (reply.ip_id_or_flow_label != 0) return false;
  return reply.from.family == Family::ipv6 || (reply.dont_fragment && reply.traffic_class == 0);
}

Forgery forged_on_the_way(const Case& the_case, const RejectionFacts& facts) {
  const auto& host = the_case.host;
  const auto end = facts.place.last;
  const auto exact = facts.place.exact();
  // The forwarder puts its own address on the messages of routers behind it too.
  if (the_case.address_forwards())
    return exact && end && *exact < *end ? Forgery::possible : Forgery::no;
  // Then no way back tells boxes apart, and only how the message is written is left.
  if (the_case.hop_limits_rewritten())
    return looks_made_up(*facts.rejection.reply) ? Forgery::possible : Forgery::no;
  if (host.witness && host.witness->hop_limit == facts.rejection.reply->hop_limit)
    return Forgery::no;
  if (host.distance && end && *end < *host.distance) return Forgery::yes;
  const auto beyond = the_case.control.last_passed();
  if (beyond && end && *beyond >= *end) return Forgery::yes;  // others are passed on from there
  const bool nearer = exact && end && *exact < (host.distance ? *host.distance : *end);
  if (nearer && host.distance) return Forgery::yes;
  if (!end && came_from_nearer(host, *facts.rejection.reply)) return Forgery::possible;
  const bool made_up = looks_made_up(*facts.rejection.reply) && !host.witness;
  return nearer || made_up ? Forgery::possible : Forgery::no;
}

bool is_translated(const Case& the_case, const RejectionFacts& facts) {
  const auto& [exchange, reply] = facts.rejection;
  return facts.from_owner && facts.spares_other_ports && !is_about_another_probe(facts.rejection) &&
         !the_case.divided && the_case.host.distance && !looks_made_up(*reply) &&
         facts.place.exact() && facts.place.exact() == facts.place.last &&
         forged_on_the_way(the_case, facts) == Forgery::yes &&
         !take_other_ways(the_case.target, the_case.control);
}

}  // namespace hopblame
