#include "analysis/verdict/departures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/own_rules.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// A rule of the output hook that drops or rejects (Linux nf_hook_slow: EPERM), SELinux.
bool is_rule_error(int error) { return error == EPERM || error == ECONNREFUSED; }

/// Without a mark there is a route, or nothing would have been tried: a rule of the output hook
/// gave the packet one, was routed anew, and that table says no (Linux ip_route_me_harder).
Explanation route_by_mark(const Case& the_case, const Departures& departures) {
  return {Mechanism::local_route,
          1,
          this_host,
          {{fmt::format("This machine has a route to {}, and yet refused to send to its port {}: "
                        "{} from the kernel, {} of {} tries. So says a route, not a filter: for "
                        "packets that a rule marks, or a routing rule picks, another table holds.",
                        to_string(the_case.owner()), port_of(the_case),
                        failure_text(departures.error), departures.refused, departures.handed_over),
            {}}},
          {},
          "`ip rule` on this machine and the rules that set a mark (`sudo nft list ruleset`, `sudo "
          "iptables -t mangle -vnL OUTPUT`): with that mark, `ip route get ADDRESS mark MARK` says "
          "no."};
}

/// The packet on its way to somebody else, as it left or as a message quotes it.
struct Elsewhere {
  Endpoint where;
  FrameId frame;
  std::optional<IcmpCode> told;
};

bool is_of_port(const Case& the_case, const Flow& flow) {
  const auto& connect = the_case.run.connect;
  if (connect && connect->flow.source == flow.source) return true;
  return std::ranges::any_of(the_case.exchanges, [&](const Exchange& exchange) {
    return exchange.spec.question.aim == Aim::target && exchange.spec.flow.source == flow.source;
  });
}

std::optional<Elsewhere> sent_elsewhere(const Case& the_case) {
  for (const auto& seen : the_case.run.observations) {
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    const auto* icmp = std::get_if<IcmpError>(&seen.message);
    const bool quotes = icmp && icmp->quote;
    if (!quotes && !(segment && segment->is_syn())) continue;
    const auto& flow = quotes ? icmp->quote->flow : seen.flow;
    if (flow.destination == the_case.run.goal.target || !is_of_port(the_case, flow)) continue;
    Elsewhere found{flow.destination, seen.frame, {}};
    if (quotes) found.told = IcmpCode{seen.flow.source.address.family, icmp->type, icmp->code};
    return found;
  }
  return {};
}

Evidence went_to(const Elsewhere& elsewhere) {
  if (elsewhere.told)
    return {say("An ICMP message (\"{}\") quotes a SYN from the same source port, on its way to {} "
                "port {}: a rule of this machine gave it another destination.",
                *elsewhere.told, elsewhere.where.address, elsewhere.where.port),
            {elsewhere.frame}};
  return {say("A SYN from the same source port left for {} port {}: a rule of this machine gave it "
              "another destination.",
              elsewhere.where.address, elsewhere.where.port),
          {elsewhere.frame}};
}

Evidence taken_and_unseen(const Case& the_case, const Departures& departures) {
  if (departures.error != 0)
    return {fmt::format("This machine refused to send the probes to port {}: {} from the kernel, "
                        "{} of {} tries.",
                        port_of(the_case), failure_text(departures.error), departures.refused,
                        departures.handed_over),
            {}};
  return {say("The kernel took {} probe{} to port {}, and the capture on the network interface saw "
              "none of them leave.",
              departures.handed_over, plural(departures.handed_over), port_of(the_case)),
          {}};
}

std::optional<Evidence> connect_unseen(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  if (!connect || connect_left(the_case)) return {};
  const auto ending = connect->ended && connect->error != 0
                          ? fmt::format(", and it failed with {} {}", failure_text(connect->error),
                                        after_text(*connect->ended - connect->at))
                          : std::string();
  return Evidence{fmt::format("An ordinary connect() was made as well: its SYN never appeared on "
                              "the network interface{}.",
                              ending),
                  {}};
}

/// A filter says EPERM. A packet that was taken and did not leave was sent elsewhere (address
/// translation), or eaten later: by a queue's program, an egress hook.
bool may_be_elsewhere(const Departures& departures) { return departures.error == 0; }

Explanation output_rule(const Case& the_case, const Departures& departures,
                        const std::optional<Elsewhere>& elsewhere) {
  Explanation rule{Mechanism::local_output_filter, 1, this_host, {}, {}, ""};
  rule.because.push_back(taken_and_unseen(the_case, departures));
  add(rule.because, connect_unseen(the_case));
  if (elsewhere) rule.because.push_back(went_to(*elsewhere));
  if (elsewhere)
    rule.settled_by =
        "the address translation rules of this machine: `sudo nft list ruleset`, `sudo iptables -t "
        "nat -vnL OUTPUT`, `sudo ip6tables -t nat -vnL OUTPUT`.";
  else if (may_be_elsewhere(departures))
    rule.settled_by =
        "the packet counters of the rules on this machine for what goes out, those that translate "
        "addresses included: `sudo nft list ruleset`, `sudo iptables -t nat -vnL OUTPUT`, `sudo "
        "iptables -vnL OUTPUT`, and the same with `ip6tables`.";
  else
    rule.settled_by = output_counters;
  return rule;
}

/// Whom a rule of this machine turns its own connections to need not be there.
Explanation dead_redirect(const Case& the_case, const Departures& departures) {
  return {Mechanism::transparent_proxy,
          2,
          this_host,
          list_of(taken_and_unseen(the_case, departures),
                  Evidence{say("A rule of this machine may turn port {} to a proxy on this very "
                               "machine, which does not let it through.",
                               port_of(the_case)),
                           {}}),
          {},
          "the address translation rules of this machine: `sudo nft list ruleset`, `sudo iptables "
          "-t nat -vnL OUTPUT`."};
}

/// Other packets left by the gateway that is known: it would be another one.
std::optional<Explanation> other_gateway(const Case& the_case, const Departures& departures) {
  const auto& connect = the_case.run.connect;
  const bool says_so = connect && connect->ended && connect->error == EHOSTUNREACH;
  if (!says_so || !the_case.run.facts.vantage.gateway || !departures.others) return {};
  return Explanation{Mechanism::local_neighbour,
                     2,
                     {CulpritKind::router, 1, 1, {}},
                     {{"connect() fails so as well where a gateway is asked for in vain; others of "
                       "our packets left, so it would be another gateway than theirs.",
                       {}}},
                     {},
                     "`ip route` and `ip rule` on this machine: does this port have another "
                     "gateway, and does `ip neigh` say FAILED for it?"};
}

}  // namespace

bool is_route_error(int error) {
  return error == EACCES || error == EINVAL || error == ENETUNREACH || error == EHOSTUNREACH;
}

Departures departures_of(const Case& the_case) {
  Departures departures;
  for (const auto& exchange : the_case.exchanges) {
    const auto& question = exchange.spec.question;
    if (question.kind != ProbeKind::syn || question.aim != Aim::target) {
      departures.others = departures.others || exchange.sent();
      continue;
    }
    ++departures.handed_over;
    if (exchange.sent()) ++departures.left;
    if (exchange.error == 0) continue;
    ++departures.refused;
    departures.error = exchange.error;
  }
  return departures;
}

bool is_refused(const Departures& departures) {
  return is_rule_error(departures.error) || is_route_error(departures.error);
}

Finding stopped_before_departure(const Case& the_case, const Departures& departures) {
  if (is_route_error(departures.error)) {
    auto route = route_by_mark(the_case, departures);
    add(route.because, connect_unseen(the_case));
    return {Outcome::local, {std::move(route)}, Confidence::strong};
  }
  const auto elsewhere = may_be_elsewhere(departures) ? sent_elsewhere(the_case) : std::nullopt;
  Finding finding{
      Outcome::local, {output_rule(the_case, departures, elsewhere)}, Confidence::strong};
  if (is_rule_error(departures.error)) {
    if (departures.error == EPERM && !connect_left(the_case))
      finding.confidence = Confidence::certain;
    return finding;
  }
  // What was not captured may have left.
  if (the_case.run.facts.dropped > 0) finding.confidence = Confidence::weak;
  if (!may_be_elsewhere(departures) || elsewhere) return finding;
  finding.explanations.push_back(dead_redirect(the_case, departures));
  add(finding.explanations, other_gateway(the_case, departures));
  return finding;
}

}  // namespace hopblame
