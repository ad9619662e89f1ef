#include "analysis/verdict/two_owners.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/verdict/lists.hpp"

namespace hopblame {
namespace {

struct Owner {
  LinkAddress link;
  FrameId first;
};
using Owners = std::vector<Owner>;

void note(Owners& owners, const LinkAddress& link, FrameId frame) {
  if (std::ranges::find(owners, link, &Owner::link) == owners.end())
    owners.push_back({link, frame});
}

const IpAddress& next_machine(const Case& the_case) {
  const auto& gateway = the_case.run.facts.vantage.gateway;
  return gateway ? *gateway : the_case.owner();
}

/// By ARP or Neighbour Discovery.
Owners asked_for(const Case& the_case) {
  Owners owners;
  for (const auto& seen : the_case.neighbours) {
    const auto& message = std::get<NeighbourMessage>(seen.message);
    if (message.answer && seen.link && message.target == next_machine(the_case))
      note(owners, seen.link->from, seen.frame);
  }
  return owners;
}

/// A neighbour's table may have been filled before. Answers that come over a gateway do not tell:
/// it may send from another hardware address than it is reached by (a redundancy pair does).
Owners heard_from(const Case& the_case) {
  Owners owners;
  if (the_case.run.facts.vantage.gateway) return owners;
  for (const auto& seen : the_case.run.observations)
    if (seen.link && seen.flow.source == the_case.run.goal.target &&
        std::holds_alternative<TcpSegment>(seen.message))
      note(owners, seen.link->from, seen.frame);
  return owners;
}

Owners owners_of(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  if (is_foreign(the_case.run) || vantage.target_is_local) return {};
  auto owners = asked_for(the_case);
  return owners.size() > 1 ? owners : heard_from(the_case);
}

Owners sent_to(const Case& the_case) {
  Owners owners;
  for (const auto& seen : the_case.run.observations)
    if (seen.link && seen.flow.destination.address == the_case.owner() &&
        !std::holds_alternative<NeighbourMessage>(seen.message))
      note(owners, seen.link->to, seen.frame);
  return owners;
}

std::string both(const Case& the_case, const Owners& owners) {
  return fmt::format(
      "{} hardware addresses answer for {} on this machine's link: {} (packet {}) "
      "and {} (packet {})",
      owners.size() == 2 ? "Two" : "Several", to_string(next_machine(the_case)),
      to_string(owners[0].link), owners[0].first.value, to_string(owners[1].link),
      owners[1].first.value);
}

std::string taker(const Case& the_case) {
  const auto takers = sent_to(the_case);
  if (takers.empty()) return "either";
  return takers.size() > 1 ? "first one, then the other" : to_string(takers.front().link);
}

/// Some cause of the fault may stand as near as the gateway.
bool reaches_gateway(const Finding& finding) {
  return std::ranges::any_of(finding.explanations, [](const Explanation& one) {
    const auto& where = one.where;
    return one.rank == 1 && where.first_hop.value_or(1) <= 1 && where.last_hop.value_or(1) >= 1;
  });
}

Explanation wrong_gateway(const Case& the_case, const Owners& owners) {
  const auto& gateway = next_machine(the_case);
  return {
      Mechanism::local_neighbour,
      1,
      {CulpritKind::router, 1, 1, gateway},
      list_of(Evidence{fmt::format("{}. Packets went to {}: if that is not the gateway, it need "
                                   "not pass them on.",
                                   both(the_case, owners), taker(the_case)),
                       {owners[0].first, owners[1].first}}),
      {},
      fmt::format("the hardware addresses table of the switch: which machines are {} and {}? "
                  "Only one of them ought to have {}.",
                  to_string(owners[0].link), to_string(owners[1].link), to_string(gateway))};
}

}  // namespace

std::optional<Text> told_by_two(const Case& the_case) {
  const auto owners = owners_of(the_case);
  if (owners.size() < 2) return {};
  return Text(fmt::format(
      "{}. Packets went to {}, and what was heard may hold for that one only: the address may have "
      "been given to two machines. A redundancy pair, proxy ARP, and one machine with two links "
      "here look the same.",
      both(the_case, owners), taker(the_case)));
}

void doubt_owner(const Case& the_case, Finding& finding) {
  const auto owners = owners_of(the_case);
  if (owners.size() < 2) return;
  finding.confidence = std::min(finding.confidence, Confidence::strong);
  if (finding.outcome == Outcome::open || !the_case.run.facts.vantage.gateway) return;
  if (reaches_gateway(finding)) finding.explanations.push_back(wrong_gateway(the_case, owners));
}

}  // namespace hopblame
