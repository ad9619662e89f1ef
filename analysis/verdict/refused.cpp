#include "analysis/verdict/refused.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "analysis/path/distance.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/steadiness.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

bool is_reset(const Reply& reply) { return reply.kind == ReplyKind::reset_ack; }

struct Reset {
  const Exchange* exchange = nullptr;
  const Reply* reply = nullptr;
};

/// Everything about the RSTs to the port that the mechanisms share.
struct Resets {
  std::vector<Reset> all;
  Reset first;  ///< to a full-length raw probe if there is one
  Place place;
  bool marked = false;      ///< carries our traffic class, as the host's own stack makes it
  bool like_host = false;   ///< came the same way as the host's other answers
  bool raced = false;       ///< a SYN/ACK answered the same SYN, or several RSTs did
  bool odd_window = false;  ///< Linux stacks and netfilter leave the window 0 (measured)
};

/// The real connect() was accepted first: a RST after that ends a connection and refuses none.
bool is_established(const Exchange& exchange) {
  return exchange.origin == Origin::kernel && exchange.answered() &&
         exchange.replies.front().kind == ReplyKind::syn_ack;
}

std::vector<Reset> resets_of(const Case& the_case) {
  std::vector<Reset> found;
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (is_established(*exchange)) continue;
    for (const auto& reply : exchange->replies)
      if (is_reset(reply)) found.push_back({exchange, &reply});
  }
  return found;
}

bool is_raced(const Case& the_case) {
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (is_established(*exchange)) continue;
    const auto resets = std::ranges::count_if(exchange->replies, is_reset);
    const bool accepted = std::ranges::any_of(
        exchange->replies, [](const Reply& reply) { return reply.kind == ReplyKind::syn_ack; });
    // A retransmitted SYN may rightly get one RST each time.
    if (resets > static_cast<long>(exchange->left.size()) || (resets > 0 && accepted)) return true;
  }
  return false;
}

Resets gather(const Case& the_case) {
  Resets resets;
  resets.all = resets_of(the_case);
  if (resets.all.empty()) return resets;
  const auto raw_and_full = [](const Reset& reset) {
    return reset.exchange->origin == Origin::raw &&
           reset.exchange->spec.question.hop_limit == full_hop_limit;
  };
  const auto best = std::ranges::find_if(resets.all, raw_and_full);
  resets.first = best == resets.all.end() ? resets.all.front() : *best;
  resets.place = place_of(the_case, is_reset);
  resets.marked = resets.first.exchange->origin == Origin::raw && carries_mark(*resets.first.reply);
  const auto& host = the_case.host;
  const bool same_way = host.witness && resets.place.steady &&
                        host.witness->hop_limit == resets.first.reply->hop_limit;
  // A lost answer can make one walk seem longer; only other probes that pass there prove it
  // shorter.
  const auto passed = the_case.control.last_passed();
  const bool nearer = passed && resets.place.last && *passed >= *resets.place.last;
  resets.like_host = same_way && !nearer;
  resets.raced = is_raced(the_case);
  resets.odd_window = resets.first.reply->segment && resets.first.reply->segment->window != 0;
  return resets;
}

std::vector<FrameId> cited(const Resets& resets) {
  return frames(*resets.first.exchange, *resets.first.reply);
}

// ---- texts of the witnesses ------------------------------------------------------------------

Evidence arrival(const Case& the_case, const Resets& resets) {
  return {
      fmt::format(
          "A RST answers the SYN to {}, {:.1f} ms later, in the name of {}. It arrived with {} "
          "{}.",
          port_text(the_case), milliseconds(resets.first.reply->at - resets.first.exchange->at),
          to_string(the_case.owner()), limit_word(the_case), resets.first.reply->hop_limit.value),
      cited(resets)};
}

Evidence like_host(const Case& the_case) {
  const auto& witness = *the_case.host.witness;
  const char* what = witness.kind == ReplyKind::echo_reply ? "its answer to ping"
                                                           : "its answer from the control port";
  return {fmt::format("That is how the host itself answers: {} arrived with {} {} too.", what,
                      limit_word(the_case), witness.hop_limit.value),
          {witness.frame}};
}

std::optional<Evidence> boundary(const Case& the_case, const Resets& resets) {
  if (!resets.place.walked) return {};
  const auto end = *resets.place.last;
  const auto& step = the_case.target.steps.at(end);
  const auto first =
      std::ranges::find_if(step.ends, [](const Reply* reply) { return is_reset(*reply); });
  std::vector<FrameId> packets{(*first)->frame};
  const auto* passed = the_case.target.time_exceeded_at(resets.place.first);
  if (passed == nullptr || resets.place.first >= end)
    return Evidence{
        fmt::format("A SYN with {} {} already meets the RST.", limit_word(the_case), end), packets};
  packets.insert(packets.begin(), passed->frame);
  return Evidence{
      fmt::format("A SYN with {0} {1} still gets as far as {2}; one with {0} {3} meets the RST.",
                  limit_word(the_case), resets.place.first, hop_text(the_case, resets.place.first),
                  end),
      packets};
}

std::optional<Evidence> way_back(const Case& the_case, std::uint8_t hop, const Resets& resets) {
  const auto* passed = the_case.time_exceeded_at(hop);
  if (passed == nullptr) return {};
  const auto received = resets.first.reply->hop_limit.value;
  const auto own = passed->hop_limit.value;
  if (own == received)
    return Evidence{
        fmt::format(
            "The messages of {} itself arrive with {} {} as well: the RST came the same way.",
            hop_text(the_case, hop), limit_word(the_case), own),
        {passed->frame}};
  return Evidence{
      fmt::format("The RST passed {} router{} on its way back, as the messages of {} do.",
                  return_hops(passed->hop_limit), return_hops(passed->hop_limit) == 1 ? "" : "s",
                  hop_text(the_case, hop)),
      {passed->frame}};
}

std::optional<Evidence> host_is_elsewhere(const Case& the_case, const Resets& resets) {
  const auto* witness = the_case.host.witness;
  if (!witness || witness->hop_limit == resets.first.reply->hop_limit) return {};
  const auto distance = the_case.host.distance;
  const std::string where = distance ? fmt::format(" from hop {}", *distance) : "";
  return Evidence{
      fmt::format("The host itself answers{} with {} {}: {} another way.", where,
                  limit_word(the_case), witness->hop_limit.value,
                  witness->kind == ReplyKind::echo_reply ? "its ping replies come"
                                                         : "its control port's answers come"),
      {witness->frame}};
}

/// Somebody else's SYN, without our mark: only an IPv6 flow label can tell (measured).
Evidence without_mark(const Case& the_case, const Resets& resets) {
  if (the_case.owner().family == Family::ipv4)
    return {
        "The SYN bore no mark in its ToS, so this RST cannot show whether the host's own TCP "
        "stack made it or a firewall rule.",
        cited(resets)};
  if (resets.marked)
    return {
        "The RST has a flow label, as Linux's own TCP stack gives it and a firewall rule does not.",
        cited(resets)};
  return {
      "The RST has flow label 0, as a firewall rule writes it; Linux's own TCP stack gives one.",
      cited(resets)};
}

Evidence mark(const Case& the_case, const Resets& resets) {
  if (resets.first.exchange->spec.traffic_class != probe_traffic_class)
    return without_mark(the_case, resets);
  const char* field =
      the_case.owner().family == Family::ipv4 ? "ToS" : "traffic class and flow label";
  const auto& reply = *resets.first.reply;
  if (resets.marked)
    return {
        fmt::format("The RST carries the mark of our probe ({} 0x{:02x}): the host's own TCP stack "
                    "copies it, a firewall rule does not.",
                    the_case.owner().family == Family::ipv4 ? "ToS" : "traffic class",
                    reply.traffic_class),
        cited(resets)};
  if (reply.traffic_class == 0x10)
    return {"The RST has ToS 0x10, as the packet filter pf writes it (FreeBSD, OPNsense, pfSense).",
            cited(resets)};
  if (the_case.host.echoes_class)
    return {fmt::format(
                "The RST lacks the mark of our probe ({} 0), although the same host's RST from a "
                "closed port carries it: a firewall rule made this one, not the TCP stack.",
                field),
            {resets.first.reply->frame, the_case.host.witness->frame}};
  return {fmt::format(
              "The RST lacks the mark of our probe ({} 0). Nothing shows whether this host's own "
              "stack would copy it.",
              field),
          cited(resets)};
}

/// What stands behind a rule that rejects SYNs only: other segments still reach the stack.
std::optional<Evidence> behind_the_rule(const Case& the_case) {
  const auto* fin = the_case.first_reply(ProbeKind::fin, Aim::target);
  if (fin && is_reset(*fin) && carries_mark(*fin))
    return Evidence{"Other segments reach the host, and its stack says that nothing listens there.",
                    {fin->frame}};
  const auto* ack = the_case.first_reply(ProbeKind::ack, Aim::target);
  const auto* control = the_case.first_reply(ProbeKind::fin, Aim::control);
  // A listener ignores a lone FIN, a closed port resets it (RFC 9293 section 3.10.7); only a host
  // whose other ports do reset it proves that a rule does not eat it.
  if (ack && carries_mark(*ack) && control && is_reset(*control) &&
      the_case.silent_tries(ProbeKind::fin, Aim::target) >= 2)
    return Evidence{
        "Other segments pass the rule, and they show that a service is listening behind it: "
        "a lone FIN is ignored, as a listener does, where a closed port would reset it.",
        {ack->frame, control->frame}};
  return {};
}

// ---- the mechanisms ----------------------------------------------------------------------------

void add(std::vector<Evidence>& list, std::optional<Evidence> evidence) {
  if (evidence) list.push_back(std::move(*evidence));
}

std::string host_capture(const Case& the_case) {
  return fmt::format(
      "`sudo tcpdump -ni any tcp port {}` on {} while somebody connects: does the SYN "
      "arrive, and does the RST leave there?",
      the_case.run.goal.target.port, to_string(the_case.owner()));
}

std::vector<Evidence> host_witnesses(const Case& the_case, const Resets& resets) {
  std::vector<Evidence> because{arrival(the_case, resets)};
  if (resets.like_host) because.push_back(like_host(the_case));
  add(because, boundary(the_case, resets));
  because.push_back(mark(the_case, resets));
  return because;
}

Explanation closed_port(const Case& the_case, const Resets& resets, const Where& where) {
  return {Mechanism::closed_port,
          1,
          where,
          host_witnesses(the_case, resets),
          {},
          fmt::format("`ss -ltn 'sport = :{}'` on {}: is anything listening, and on which address?",
                      the_case.run.goal.target.port, to_string(the_case.owner()))};
}

Explanation host_firewall(const Case& the_case, const Resets& resets, const Where& where) {
  auto because = host_witnesses(the_case, resets);
  add(because, behind_the_rule(the_case));
  return {Mechanism::host_firewall_reset, 1, where, std::move(because), {}, host_capture(the_case)};
}

Explanation middlebox(const Case& the_case, const Resets& resets, const Where& where) {
  std::vector<Evidence> because{arrival(the_case, resets)};
  add(because, boundary(the_case, resets));
  if (where.kind == CulpritKind::router && where.first_hop)
    add(because, way_back(the_case, *where.first_hop, resets));
  add(because, host_is_elsewhere(the_case, resets));
  add(because, behind_the_rule(the_case));
  const std::string place = where.address ? to_string(*where.address) : "the devices named above";
  return {
      Mechanism::middlebox_reset,
      1,
      where,
      std::move(because),
      {},
      fmt::format("the rule counters and logs on {}: which rule rejects TCP to {} with a reset?",
                  place, port_text(the_case))};
}

Explanation injected(const Case& the_case, const Resets& resets, const Where& where) {
  std::vector<Evidence> because{arrival(the_case, resets)};
  if (resets.raced)
    because.push_back(
        {"One SYN got several answers that contradict or repeat each other: no single TCP "
         "stack sends these.",
         cited(resets)});
  if (!resets.place.steady)
    because.push_back(
        {fmt::format("The {} of the RST changes with that of our probe, as in a box that "
                     "copies it.",
                     limit_word(the_case)),
         cited(resets)});
  if (resets.odd_window)
    because.push_back(
        {fmt::format("The RST announces a window of {}; stacks and firewalls leave it 0.",
                     resets.first.reply->segment->window),
         cited(resets)});
  add(because, boundary(the_case, resets));
  return {Mechanism::injected_reset,
          1,
          where,
          std::move(because),
          {},
          "captures on both sides of the named hops: on which one does the RST appear first?"};
}

// ---- who it was --------------------------------------------------------------------------------

/// On the host: its own stack or a rule in front of it.
std::vector<Explanation> on_host(const Case& the_case, const Resets& resets, const Where& where) {
  if (resets.marked) return {closed_port(the_case, resets, where)};
  const bool filter = the_case.host.echoes_class || resets.first.reply->traffic_class == 0x10;
  if (filter) return {host_firewall(the_case, resets, where)};
  return {closed_port(the_case, resets, where), host_firewall(the_case, resets, where)};
}

/// Time exceeded in the destination's own name: the address is a forwarding device's.
bool forwards(const Case& the_case) {
  return std::ranges::any_of(the_case.target.steps, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.time_exceeded,
                               [&](const Reply* reply) { return reply->from == the_case.owner(); });
  });
}

Explanation port_forward(const Case& the_case, const Resets& resets, const Where& where) {
  std::vector<Evidence> because{arrival(the_case, resets)};
  add(because, boundary(the_case, resets));
  because.push_back(
      {fmt::format("{} itself is nearer than the end of this port's path: it passes {} on to "
                   "a host behind it.",
                   to_string(the_case.owner()), port_text(the_case)),
       cited(resets)});
  return {
      Mechanism::port_forward,
      1,
      where,
      std::move(because),
      {},
      fmt::format("the port forwarding (DNAT) rules on {}: to which host and port does {} go, and "
                  "does a service listen there?",
                  to_string(the_case.owner()), port_text(the_case))};
}

std::vector<Explanation> behind_forward(const Case& the_case, const Resets& resets) {
  auto where = at_destination(the_case, resets.place.last);
  auto explanations = resets.marked ? on_host(the_case, resets, where)
                                    : std::vector{closed_port(the_case, resets, where)};
  explanations.push_back(port_forward(the_case, resets, where));
  return explanations;
}

/// Nothing else is known of the host: the walk and the way back must do.
std::vector<Explanation> without_host(const Case& the_case, const Resets& resets) {
  const auto exact = resets.place.exact();
  const auto end = resets.place.last;
  if (exact && end && *exact < *end && !resets.marked) {
    // A host without Linux's mark whose answers take a shorter way back would look the same.
    auto host = closed_port(the_case, resets, at_destination(the_case, end));
    host.rank = 2;
    return {middlebox(the_case, resets, at_hop(the_case, CulpritKind::router, *exact)), host};
  }
  // Somebody passes other probes on at the very distance where this flow ends: not the host.
  const bool router_there = end && the_case.control.time_exceeded_at(*end) != nullptr;
  if (exact && router_there)
    return {middlebox(the_case, resets, at_hop(the_case, CulpritKind::router, *exact))};
  auto explanations = on_host(the_case, resets, at_destination(the_case, end ? end : exact));
  if (resets.marked) return explanations;  // no rule copies the mark
  auto box = middlebox(the_case, resets, within(the_case, resets.place.first, end));
  if (exact) {
    box.rank = 2;
    box.where = at_hop(the_case, CulpritKind::router, *exact);
  }
  explanations.push_back(std::move(box));
  return explanations;
}

std::vector<Explanation> elsewhere(const Case& the_case, const Resets& resets) {
  const auto exact = resets.place.exact();
  const auto& host = the_case.host;
  if (exact && (!host.distance || *exact < *host.distance)) {
    std::vector found{middlebox(the_case, resets, at_hop(the_case, CulpritKind::router, *exact))};
    // Only ping speaks for the host, and its way back may be another one than TCP's.
    if (!host.distance)
      for (auto& other : on_host(the_case, resets, at_destination(the_case, resets.place.last))) {
        other.rank = 2;
        found.push_back(std::move(other));
      }
    return found;
  }
  if (exact) {
    // The host's own place, another initial hop limit: a rule on it or a box right before it.
    return {host_firewall(the_case, resets, at_destination(the_case, host.distance))};
  }
  return {middlebox(the_case, resets, within(the_case, resets.place.first, resets.place.last))};
}

/// The end of the walks; when the hop before it never answered and the way back speaks for a nearer
/// one, the answers of the true end may have been lost: both then bound the place.
Where host_place(const Case& the_case, const Resets& resets) {
  const auto distance = the_case.host.distance ? the_case.host.distance : resets.place.last;
  auto where = at_destination(the_case, distance);
  if (!distance || *distance < 2) return where;
  if (the_case.time_exceeded_at(static_cast<std::uint8_t>(*distance - 1))) return where;
  const auto guess = guessed_distance(resets.first.reply->hop_limit);
  const auto passed = the_case.target.last_passed().value_or(0);
  if (guess > passed && guess < *distance) where.first_hop = guess;
  return where;
}

std::vector<Explanation> suspects(const Case& the_case, const Resets& resets) {
  const auto& host = the_case.host;
  const auto end = resets.place.last;
  // A box in the path cannot stand behind the host it speaks for, however late its RST gets back.
  const auto farthest = host.distance && (!end || *end > *host.distance) ? host.distance : end;
  const auto on_path = within(the_case, resets.place.first, farthest);
  if (resets.raced || resets.odd_window) return {injected(the_case, resets, on_path)};
  if (!resets.place.steady) {
    return {middlebox(the_case, resets, on_path), injected(the_case, resets, on_path)};
  }
  if (the_case.run.facts.vantage.target_is_local)
    return on_host(the_case, resets, at_destination(the_case, 0));
  const bool deeper = host.distance && end && *end > *host.distance && !resets.like_host;
  if (forwards(the_case) || deeper) return behind_forward(the_case, resets);
  if (resets.like_host) return on_host(the_case, resets, host_place(the_case, resets));
  if (!host.witness) return without_host(the_case, resets);
  return elsewhere(the_case, resets);
}

/// Every SYN, connect()'s too, met the same answer.
bool is_unanimous(const Case& the_case) {
  const auto tally = tally_of(the_case, Aim::target);
  const auto& connect = the_case.run.connect;
  const bool connect_agrees = !connect || !connect->ended || connect->error == ECONNREFUSED;
  return connect_agrees && tally.silent == 0 && tally.accepted == 0;
}

/// Certain only for the host's own stack: the walk, the way back (of the control port and of ping)
/// and the mark are independent and agree. A device on the way is known by two witnesses that
/// asymmetric ways back or a chosen initial hop limit could fool together.
Confidence sure(const Case& the_case, const Resets& resets, const std::vector<Explanation>& found) {
  const auto& where = found.front().where;
  if (where.kind == CulpritKind::unknown) return Confidence::weak;
  if (found.size() != 1 || found.front().mechanism != Mechanism::closed_port)
    return Confidence::strong;
  if (!is_unanimous(the_case)) return Confidence::strong;
  if (the_case.run.facts.vantage.target_is_local) return Confidence::certain;
  const auto& host = the_case.host;
  const auto end = resets.place.last;
  if (!end || host.distance != end || !resets.like_host || resets.place.samples < 2)
    return Confidence::strong;
  const bool on_link = !the_case.run.facts.vantage.gateway;
  // Time exceeded from right before the host: a lost answer cannot have moved both ends alike. An
  // address that is not on this link and answers at hop 1 may be a box that answers for everybody.
  const bool tight =
      *end == 1 ? on_link
                : the_case.time_exceeded_at(static_cast<std::uint8_t>(*end - 1)) != nullptr;
  const bool echo_agrees = host.echo && host.echo->hop_limit == resets.first.reply->hop_limit;
  const bool class_echoed = resets.first.reply->traffic_class == probe_traffic_class;
  return tight && echo_agrees && class_echoed ? Confidence::certain : Confidence::strong;
}

}  // namespace

std::optional<Finding> judge_refused(const Case& the_case) {
  const auto resets = gather(the_case);
  if (resets.all.empty()) return {};
  Finding finding{Outcome::refused, suspects(the_case, resets), Confidence::weak};
  finding.confidence = sure(the_case, resets, finding.explanations);
  return finding;
}

}  // namespace hopblame
