#include "analysis/verdict/rejected.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// ARP and Neighbour Discovery give up after three tries of a second (measured: 3.0 to 3.1 s).
constexpr Duration neighbour_failure = std::chrono::milliseconds(2500);

bool is_rejection(const Reply& reply) {
  return reply.kind == ReplyKind::icmp_error && reply.icmp &&
         icmp_errno(reply.from.family, reply.icmp->type, reply.icmp->code) != 0;
}

struct Facts {
  Rejection rejection;
  Family family = Family::ipv4;
  std::uint8_t type = 0, code = 0;
  IpAddress from;
  Place place;
  std::optional<std::uint8_t> named;  ///< the hop that gave this address in time exceeded
  bool from_owner = false;            ///< in the destination's own name
  bool passes_first = false;          ///< probes that die at the sender draw time exceeded from it
  const Reply* to_bad_checksum = nullptr;
  bool bad_checksum_ignored = false;  ///< it got no answer while a later probe got one
  bool other_ports_too = false;       ///< the same sender rejects the control flow
  Duration latest{};                  ///< the longest a probe waited for its rejection
};

std::optional<std::uint8_t> hop_named(const Case& the_case, const IpAddress& address) {
  std::optional<std::uint8_t> hop;
  for (const auto* walk : {&the_case.target, &the_case.control}) {
    for (const auto& [distance, step] : walk->steps) {
      for (const auto* reply : step.time_exceeded) {
        if (reply->from != address) continue;
        if (hop && *hop != distance) return {};  // one box at two distances: a loop or another path
        hop = distance;
      }
    }
  }
  return hop;
}

bool rejects(const Walk& walk, const IpAddress& from) {
  return std::ranges::any_of(walk.steps, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.ends, [&](const Reply* reply) {
      return is_rejection(*reply) && reply->from == from;
    });
  });
}

Duration longest_wait(const Case& the_case) {
  Duration longest{};
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    const auto span = round_trip(*exchange);
    if (span && is_rejection(exchange->replies.front())) longest = std::max(longest, *span);
  }
  return longest;
}

/// A sender whose allowance of ICMP messages is spent answers nothing at all: its silence to a bad
/// checksum counts only when it still answered something later.
bool is_bad_checksum_ignored(const Case& the_case, const IpAddress& sender) {
  const auto bad = the_case.probes(ProbeKind::syn_bad_checksum, Aim::target);
  if (bad.empty() || the_case.first_reply(ProbeKind::syn_bad_checksum, Aim::target)) return false;
  return std::ranges::any_of(the_case.exchanges, [&](const Exchange& exchange) {
    return exchange.answered() && exchange.replies.front().from == sender &&
           exchange.at > bad.front()->at;
  });
}

Facts facts_of(const Case& the_case, const Rejection& rejection) {
  Facts facts;
  facts.rejection = rejection;
  const auto& reply = *rejection.reply;
  facts.family = reply.from.family;
  facts.type = reply.icmp->type;
  facts.code = reply.icmp->code;
  facts.from = reply.from;
  facts.from_owner = reply.from == the_case.owner();
  facts.place = place_of(the_case, is_rejection);
  if (!facts.from_owner) facts.named = hop_named(the_case, facts.from);
  facts.passes_first = facts.named && the_case.target.time_exceeded_at(*facts.named) != nullptr;
  const auto* bad = the_case.first_reply(ProbeKind::syn_bad_checksum, Aim::target);
  if (bad && is_rejection(*bad)) facts.to_bad_checksum = bad;
  facts.bad_checksum_ignored = is_bad_checksum_ignored(the_case, facts.from);
  facts.other_ports_too = rejects(the_case.control, facts.from);
  facts.latest = longest_wait(the_case);
  return facts;
}

std::string message(const Facts& facts) {
  return fmt::format("ICMP \"{}\" ({}/{})", icmp_text(facts.family, facts.type, facts.code),
                     facts.type, facts.code);
}

// ---- witnesses ---------------------------------------------------------------------------------

Evidence arrival(const Case& the_case, const Facts& facts) {
  return {fmt::format("{} answers the SYN to {} with {}, {:.1f} ms later.", to_string(facts.from),
                      port_text(the_case), message(facts),
                      milliseconds(facts.rejection.reply->at - facts.rejection.exchange->at)),
          frames(*facts.rejection.exchange, *facts.rejection.reply)};
}

std::optional<Evidence> boundary(const Case& the_case, const Facts& facts) {
  if (!facts.place.walked) return {};
  const auto end = *facts.place.last;
  std::vector<FrameId> packets;
  for (const auto* reply : the_case.target.steps.at(end).ends)
    if (is_rejection(*reply) && packets.empty()) packets.push_back(reply->frame);
  const auto* passed = the_case.target.time_exceeded_at(facts.place.first);
  if (!passed || facts.place.first >= end)
    return Evidence{fmt::format("A SYN with {} {} already meets it.", limit_word(the_case), end),
                    packets};
  packets.insert(packets.begin(), passed->frame);
  return Evidence{
      fmt::format(
          "A SYN with {0} {1} still gets as far as {2}; one with {0} {3} meets the rejection.",
          limit_word(the_case), facts.place.first, hop_text(the_case, facts.place.first), end),
      packets};
}

std::optional<Evidence> name_witness(const Case& the_case, const Facts& facts) {
  if (!facts.named) return {};
  const auto* passed = the_case.time_exceeded_at(*facts.named);
  return Evidence{
      fmt::format("{} is hop {}: it answers probes that die there with time exceeded from the "
                  "same address.",
                  to_string(facts.from), *facts.named),
      {passed->frame}};
}

std::optional<Evidence> quote_witness(const Case& the_case, const Facts& facts) {
  const auto& icmp = *facts.rejection.reply->icmp;
  if (!icmp.quote) return {};
  const auto& exchange = *facts.rejection.exchange;
  const auto sent = exchange.left_with.value_or(exchange.spec.question.hop_limit).value;
  return Evidence{fmt::format("It quotes our SYN, sent with {0} {1}, with {0} {2} left.",
                              limit_word(the_case), sent, icmp.quote->hop_limit.value),
                  {facts.rejection.reply->frame}};
}

std::optional<Evidence> checksum_witness(const Facts& facts) {
  if (facts.to_bad_checksum)
    return Evidence{
        "A SYN with a wrong TCP checksum gets the same answer, so it comes from the routing "
        "layer, which does not look at TCP; a firewall rule would have ignored it.",
        {facts.to_bad_checksum->frame}};
  if (facts.bad_checksum_ignored)
    return Evidence{
        "A SYN with a wrong TCP checksum gets no answer: the sender looks at TCP, as a "
        "firewall rule does and a routing table does not.",
        {}};
  return {};
}

std::vector<Evidence> witnesses(const Case& the_case, const Facts& facts) {
  std::vector<Evidence> because{arrival(the_case, facts)};
  for (auto evidence : {name_witness(the_case, facts), boundary(the_case, facts),
                        quote_witness(the_case, facts), checksum_witness(facts)})
    if (evidence) because.push_back(std::move(*evidence));
  return because;
}

// ---- places ------------------------------------------------------------------------------------

/// How far the quoted probe had travelled. A rule that rejects while forwarding and a failed ARP
/// quote it after the hop limit was counted down, routing and early rules before (measured, section
/// 3).
std::optional<std::uint8_t> quoted_travel(const Facts& facts) {
  const auto& quote = facts.rejection.reply->icmp->quote;
  const auto sent = facts.rejection.exchange->spec.question.hop_limit.value;
  if (!quote || quote->hop_limit.value > sent) return {};
  return static_cast<std::uint8_t>(sent - quote->hop_limit.value);
}

/// The hops from which this message can come: those of the boundary, as far as the quote allows,
/// without those that answer under another name.
std::vector<std::uint8_t> candidates(const Case& the_case, const Facts& facts, bool routing) {
  int first = facts.place.first;
  int last = facts.place.last.value_or(the_case.run.goal.max_hops);
  if (const auto travelled = quoted_travel(facts)) {
    first = std::max<int>(first, routing ? *travelled + 1 : *travelled);
    last = std::min<int>(last, *travelled + 1);
  }
  std::vector<std::uint8_t> hops;
  for (int hop = first; hop <= last; ++hop) {
    const auto address = the_case.address_of(static_cast<std::uint8_t>(hop));
    if (facts.from_owner || !address || *address == facts.from)
      hops.push_back(static_cast<std::uint8_t>(hop));
  }
  return hops;
}

/// The router by its own name where it gave one, else by the walk, the quote and the way back.
Where router_place(const Case& the_case, const Facts& facts, bool routing) {
  if (facts.named) return {CulpritKind::router, facts.named, facts.named, facts.from};
  const auto address = facts.from_owner ? std::nullopt : std::optional(facts.from);
  const auto hops = candidates(the_case, facts, routing);
  const auto exact = facts.place.exact();
  const bool by_way_back = exact && (facts.from_owner || std::ranges::count(hops, *exact) > 0) &&
                           (hops.size() <= 1 || the_case.time_exceeded_at(*exact));
  if (by_way_back) return {CulpritKind::router, *exact, *exact, address};
  if (hops.empty()) return {CulpritKind::unknown, facts.place.first, facts.place.last, address};
  if (hops.size() == 1) return {CulpritKind::router, hops.front(), hops.front(), address};
  return {CulpritKind::between, hops.front(), hops.back(), address};
}

/// Of a router that failed to find its neighbour.
std::uint8_t sender_hop(const Facts& facts) {
  if (facts.named) return *facts.named;
  if (const auto travelled = quoted_travel(facts); travelled && *travelled > 0) return *travelled;
  if (const auto exact = facts.place.exact()) return *exact;
  return facts.place.first;
}

/// In the destination's name from a place that is not the destination's: a box on the way made it
/// (a rule at device ingress forges the source, measured).
bool forged_on_the_way(const Case& the_case, const Facts& facts) {
  const auto& host = the_case.host;
  const auto end = facts.place.last;
  if (host.witness && host.witness->hop_limit == facts.rejection.reply->hop_limit) return false;
  if (host.distance && end && *end < *host.distance) return true;
  const auto beyond = the_case.control.last_passed();
  if (beyond && end && *beyond >= *end) return true;  // others are passed on at that very distance
  const auto exact = facts.place.exact();
  return exact && end && *exact < (host.distance ? *host.distance : *end);
}

// ---- mechanisms --------------------------------------------------------------------------------

std::string rule_counters(const Facts& facts) {
  return fmt::format("the rule counters and logs on {}: which rule rejects with \"{}\"?",
                     to_string(facts.from), icmp_text(facts.family, facts.type, facts.code));
}

Explanation rule_on_host(const Case& the_case, const Facts& facts) {
  const auto distance = the_case.host.distance ? the_case.host.distance : facts.place.last;
  return {Mechanism::icmp_reject_host, 1,  at_destination(the_case, distance),
          witnesses(the_case, facts),  {}, rule_counters(facts)};
}

Explanation rule_on_router(const Case& the_case, const Facts& facts) {
  auto because = witnesses(the_case, facts);
  const auto* ack = the_case.first_reply(ProbeKind::ack, Aim::target);
  if (ack && ack->from == the_case.owner())
    because.push_back({"Segments that are not SYNs pass it and reach the host.", {ack->frame}});
  return {Mechanism::icmp_reject_router,
          1,
          router_place(the_case, facts, false),
          std::move(because),
          {},
          rule_counters(facts)};
}

Explanation route(const Case& the_case, const Facts& facts) {
  const bool prohibited = is_admin_prohibited(facts.family, facts.type, facts.code);
  return {prohibited ? Mechanism::route_prohibited : Mechanism::no_route,
          1,
          router_place(the_case, facts, true),
          witnesses(the_case, facts),
          {},
          fmt::format("`ip route get {}` (or `show ip route`) on {}.", to_string(the_case.owner()),
                      to_string(facts.from))};
}

Explanation host_down(const Case& the_case, const Facts& facts) {
  auto because = witnesses(the_case, facts);
  if (facts.latest >= neighbour_failure)
    because.push_back(
        {fmt::format("The answer took {:.1f} s: so long a router tries to find the host on "
                     "its own network before it gives up.",
                     seconds(facts.latest)),
         {facts.rejection.reply->frame}});
  const auto hop = static_cast<std::uint8_t>(sender_hop(facts) + 1);
  return {
      Mechanism::host_down,
      1,
      at_destination(the_case, hop),
      std::move(because),
      {},
      fmt::format("the ARP or neighbour table of {}, and the machine itself: is it on, is this its "
                  "address, is it on that network segment?",
                  to_string(facts.from))};
}

bool is_neighbour_failure(const Facts& facts) {
  if (!is_host_unreachable(facts.family, facts.type, facts.code)) return false;
  if (facts.latest >= neighbour_failure) return true;
  return facts.to_bad_checksum && facts.passes_first;
}

/// A routing table speaks before the hop-limit check, about every port, and does not look at TCP.
bool is_routing(const Facts& facts) {
  if (!is_routing_code(facts.family, facts.type, facts.code)) return false;
  return facts.to_bad_checksum && !facts.passes_first;
}

/// Not every filter verifies checksums, but one that spares other ports is a filter.
bool spares_other_ports(const Case& the_case, const Facts& facts) {
  return the_case.host.control_answers && !facts.other_ports_too;
}

Finding name_mechanism(const Case& the_case, const Facts& facts) {
  const bool by_owner = facts.from_owner && !forged_on_the_way(the_case, facts);
  if (is_neighbour_failure(facts)) return {Outcome::unreachable, {host_down(the_case, facts)}, {}};
  if (by_owner) return {Outcome::rejected, {rule_on_host(the_case, facts)}, {}};
  if (is_routing(facts) && !spares_other_ports(the_case, facts))
    return {Outcome::unreachable, {route(the_case, facts)}, {}};
  const bool could_route = is_routing_code(facts.family, facts.type, facts.code) &&
                           !facts.passes_first && !facts.bad_checksum_ignored &&
                           !facts.to_bad_checksum && !spares_other_ports(the_case, facts);
  Finding finding{Outcome::rejected, {rule_on_router(the_case, facts)}, {}};
  if (could_route) {
    // Nothing asked tells a rule from a route: the code is all there is.
    finding.outcome = Outcome::unreachable;
    finding.explanations.push_back(route(the_case, facts));
  }
  return finding;
}

/// Somebody got through, or somebody else rejected: no single voice.
bool is_unanimous(const Case& the_case, const Facts& facts) {
  const auto& connect = the_case.run.connect;
  if (connect && connect->ended && connect->error == 0) return false;
  for (const auto& [distance, step] : the_case.target.steps)
    for (const auto* reply : step.ends)
      if (reply->from != facts.from || !is_rejection(*reply)) return false;
  return true;
}

/// Linux writes an ICMP error of its own with an identification and without DF; one made up at
/// device ingress, on a router or a bridge, has identification 0, DF and ToS 0, or no flow label
/// (measured).
bool looks_made_up(const Reply& reply) {
  if (reply.ip_id_or_flow_label != 0) return false;
  return reply.from.family == Family::ipv6 || (reply.dont_fragment && reply.traffic_class == 0);
}

/// The router's own name, the walk, the way back and the quote are independent and agree.
bool router_agrees(const Case& the_case, const Facts& facts) {
  if (!facts.named || !facts.place.last) return false;
  const auto hop = *facts.named;
  const auto* passed = the_case.time_exceeded_at(hop);
  const auto travelled = quoted_travel(facts);
  const bool walk = facts.place.first <= hop && hop <= *facts.place.last &&
                    facts.place.first + 1 >= *facts.place.last;
  const bool quote = travelled && (*travelled == hop || *travelled + 1 == hop);
  return walk && quote && passed->hop_limit == facts.rejection.reply->hop_limit;
}

Confidence sure(const Case& the_case, const Facts& facts, const Finding& finding) {
  const auto& found = finding.explanations.front();
  if (found.where.kind == CulpritKind::unknown) return Confidence::weak;
  if (finding.explanations.size() != 1 || !facts.place.walked || !is_unanimous(the_case, facts))
    return Confidence::strong;
  if (found.where.kind == CulpritKind::router)
    return router_agrees(the_case, facts) ? Confidence::certain : Confidence::strong;
  if (found.mechanism != Mechanism::icmp_reject_host) return Confidence::strong;
  const auto& host = the_case.host;
  const bool measured = host.distance && facts.place.last == host.distance;
  const bool same_way = host.witness && host.witness->hop_limit == facts.rejection.reply->hop_limit;
  const bool own = !looks_made_up(*facts.rejection.reply);
  return measured && same_way && own && facts.place.samples >= 2 ? Confidence::certain
                                                                 : Confidence::strong;
}

}  // namespace

std::optional<Rejection> deciding_rejection(const Case& the_case) {
  std::optional<Rejection> decisive;
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    for (const auto& reply : exchange->replies) {
      if (!is_rejection(reply)) continue;
      const bool full = exchange->spec.question.hop_limit == full_hop_limit;
      const bool raw = exchange->origin == Origin::raw;
      if (!decisive ||
          (full && raw && decisive->exchange->spec.question.hop_limit != full_hop_limit))
        decisive = {exchange, &reply};
    }
  }
  return decisive;
}

std::optional<Finding> judge_rejected(const Case& the_case) {
  const auto rejection = deciding_rejection(the_case);
  if (!rejection) return {};
  const auto facts = facts_of(the_case, *rejection);
  auto finding = name_mechanism(the_case, facts);
  finding.confidence = sure(the_case, facts, finding);
  return finding;
}

namespace {

/// The walk's answers from the loop on, as far as they came.
std::vector<FrameId> rounds(const Walk& walk, const Walk::Loop& loop) {
  std::vector<FrameId> packets;
  for (const auto& [distance, step] : walk.steps)
    if (distance >= loop.first && distance < full_hop_limit.value && !step.time_exceeded.empty())
      packets.push_back(step.time_exceeded.front()->frame);
  return packets;
}

}  // namespace

std::optional<Finding> judge_loop(const Case& the_case) {
  const auto full = the_case.target.steps.find(full_hop_limit.value);
  if (full == the_case.target.steps.end() || full->second.time_exceeded.empty()) return {};
  const auto& last = *full->second.time_exceeded.front();
  if (last.from == the_case.owner()) return {};  // a forwarding device in front of the host
  const auto loop_met = the_case.target.loop();
  const Where where =
      loop_met ? within(the_case, loop_met->first, static_cast<std::uint8_t>(loop_met->again - 1))
               : within(the_case, 1, std::nullopt);
  Explanation loop{Mechanism::routing_loop, 1, where, {}, {}, ""};
  loop.because.push_back(
      {fmt::format("A SYN sent with {} {} died on the way: {} says time exceeded.",
                   limit_word(the_case), full_hop_limit.value, to_string(last.from)),
       {last.frame}});
  if (loop_met)
    loop.because.push_back(
        {fmt::format("The walk meets the same router at hop {} and again at hop {}: the "
                     "packets go round.",
                     loop_met->first, loop_met->again),
         rounds(the_case.target, *loop_met)});
  loop.settled_by =
      fmt::format("the routes to {} on the routers named: each sends it to the other.",
                  to_string(the_case.owner()));
  return Finding{
      Outcome::unreachable, {std::move(loop)}, loop_met ? Confidence::strong : Confidence::weak};
}

}  // namespace hopblame
