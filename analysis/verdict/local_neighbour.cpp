#include "analysis/verdict/local_neighbour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "analysis/verdict/own_link.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Somebody asked for the next hop's link address and nobody answered.
std::optional<Evidence> unanswered_neighbour(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  const auto next = vantage.gateway.value_or(the_case.owner());
  Evidence evidence;
  for (const auto& observation : the_case.neighbours) {
    const auto& message = std::get<NeighbourMessage>(observation.message);
    if (message.target != next) continue;
    if (message.answer) return {};
    evidence.packets.push_back(observation.frame);
  }
  if (evidence.packets.empty()) return {};
  evidence.text =
      fmt::format("{} asked for {} and got no answer, so nothing could be sent there.",
                  next.family == Family::ipv4 ? "ARP" : "Neighbour Discovery", to_string(next));
  return evidence;
}

/// Who is asked for on a link whose networks it does not belong to hardly lives there: a route
/// without a gateway, or an interface chosen that has none (Linux then takes everybody for a
/// neighbour).
std::vector<Explanation> without_gateway(const Case& the_case, Explanation down) {
  const auto& interface = the_case.run.facts.vantage.interface;
  Explanation route{Mechanism::local_route, 1, this_host, down.because, {}, ""};
  route.because.push_back(
      {fmt::format("The route by which this machine sends to {} names no gateway, and {} has no "
                   "address in its network: it looks for the host on its own link.",
                   to_string(the_case.owner()), interface),
       {}});
  route.settled_by =
      fmt::format("`ip route get {}` on this machine: it ought to say `via` and a gateway.",
                  to_string(the_case.owner()));
  down.rank = 2;
  return {std::move(route), std::move(down)};
}

Explanation gateway_dead(const IpAddress& gateway, std::vector<Evidence> because) {
  return {Mechanism::local_neighbour,
          1,
          {CulpritKind::router, 1, 1, gateway},
          std::move(because),
          {},
          fmt::format("`ip neigh show {}` on this machine, and a look at that gateway: is it up "
                      "and on this network segment?",
                      to_string(gateway))};
}

Explanation target_dead(const Case& the_case, std::vector<Evidence> because) {
  return {Mechanism::host_down,
          1,
          {CulpritKind::destination, 1, 1, the_case.owner()},
          std::move(because),
          {},
          "a look at the machine itself: is it switched on, is its cable or virtual network "
          "connected, is this its address?"};
}

/// ARP alone does not tell who is not there from who is somewhere else. A link-local address is
/// nowhere else (RFC 4291 section 2.5.6, RFC 3927 section 2.6.2).
void add_doubt_of_mask(const Case& the_case, Explanation& down) {
  const auto& owner = the_case.owner();
  if (owner.is_link_local()) return;
  down.because.push_back(
      {fmt::format("This machine holds {} for a neighbour and asked on its own link. If the mask "
                   "of its own address is too wide, a host that is up behind the gateway looks "
                   "like this as well.",
                   to_string(owner)),
       {}});
  down.settled_by = fmt::format(
      "`ip -brief address` on this machine: is {} really in its network? Then a look at the "
      "machine "
      "itself: is it switched on, is its cable or virtual network connected, is this its address?",
      to_string(owner));
}

bool heard_anything(const Case& the_case) {
  return !the_case.misfit_answers.empty() ||
         std::ranges::any_of(the_case.exchanges,
                             [](const Exchange& exchange) { return exchange.answered(); });
}

bool answered(const Case& the_case, const IpAddress& neighbour) {
  return std::ranges::any_of(the_case.neighbours, [&](const Observation& seen) {
    const auto& message = std::get<NeighbourMessage>(seen.message);
    return message.answer && message.target == neighbour;
  });
}

}  // namespace

bool is_link_unheard(const Case& the_case) {
  return leaves_by_tunnel(the_case) && !heard_anything(the_case);
}

std::optional<Explanation> neighbour_unheard(const Case& the_case) {
  const auto& vantage = the_case.run.facts.vantage;
  if (is_foreign(the_case.run) || vantage.point_to_point || !vantage.gateway) return {};
  if (heard_anything(the_case) || answered(the_case, *vantage.gateway)) return {};
  return Explanation{
      Mechanism::local_neighbour,
      2,
      {CulpritKind::between, 0, 1, {}},
      {{fmt::format("Nothing was heard of the gateway {} either. This machine sends to the "
                    "hardware address that it remembers or was told for it; that may be old or "
                    "wrong, or the gateway be gone.",
                    to_string(*vantage.gateway)),
        {}}},
      {},
      fmt::format("`ip neigh show {0}` on this machine (PERMANENT: somebody set it by hand), and "
                  "`ping -c 3 {0}`.",
                  to_string(*vantage.gateway))};
}

std::optional<Finding> judge_neighbour(const Case& the_case, const Departures& departures) {
  if (departures.others) return {};
  const auto& vantage = the_case.run.facts.vantage;
  const auto& connect = the_case.run.connect;
  const bool connect_says = connect && connect->ended && connect->error == EHOSTUNREACH;
  auto asked = unanswered_neighbour(the_case);
  if (!asked && !connect_says) return {};
  const bool once = !asked || asked->packets.size() < 2;
  std::vector<Evidence> because;
  if (asked) because.push_back(std::move(*asked));
  because.push_back({"No packet for the target left this machine.", {}});
  if (connect_says)
    because.push_back({fmt::format("connect() ended with {} {}.", failure_text(EHOSTUNREACH),
                                   after_text(*connect->ended - connect->at)),
                       {}});
  const bool took_time = connect_says && *connect->ended - connect->at > neighbour_failure;
  Finding finding{vantage.gateway || vantage.off_network ? Outcome::local : Outcome::unreachable,
                  {},
                  !once && took_time ? Confidence::certain : Confidence::strong};
  if (vantage.gateway) {
    finding.explanations.push_back(gateway_dead(*vantage.gateway, std::move(because)));
  } else {
    finding.explanations.push_back(target_dead(the_case, std::move(because)));
    finding.confidence = Confidence::strong;
    if (vantage.off_network)
      finding.explanations = without_gateway(the_case, std::move(finding.explanations.front()));
    else
      add_doubt_of_mask(the_case, finding.explanations.front());
  }
  if (asked) return finding;
  // The error alone: a rule of this machine that sends all elsewhere, where nobody is, gives it
  // too.
  finding.confidence = Confidence::weak;
  for (auto& other : stopped_before_departure(the_case, departures).explanations) {
    other.rank = 2;
    finding.explanations.push_back(std::move(other));
  }
  return finding;
}

}  // namespace hopblame
