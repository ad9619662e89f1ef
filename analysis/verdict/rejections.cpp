#include "analysis/verdict/rejections.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/rest.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/verdict/chance.hpp"

namespace hopblame {
namespace {

/// The hop whose router gave this address in time exceeded. One box at two distances is a loop or
/// another path, or a NAT near us put its own address on the messages of all routers behind it.
const Reply* message_of(const Case& the_case, const IpAddress& address, std::uint8_t& hop) {
  const Reply* message = nullptr;
  for (const auto* walk : {&the_case.target, &the_case.control}) {
    for (const auto& [distance, step] : walk->steps) {
      for (const auto* reply : step.time_exceeded) {
        if (reply->from != address) continue;
        if (message &&
            (hop != distance || return_hops(reply->hop_limit) != return_hops(message->hop_limit)))
          return nullptr;
        if (message) continue;
        hop = distance;
        message = reply;
      }
    }
  }
  return message;
}

/// By a name that its message may have borrowed: it comes another way back than that hop's own.
void name_sender(const Case& the_case, RejectionFacts& facts) {
  std::uint8_t hop = 0;
  const auto& rejection = *facts.rejection.reply;
  const auto* message = message_of(the_case, facts.from, hop);
  if (message == nullptr) return;
  const bool same_way = return_hops(message->hop_limit) == return_hops(rejection.hop_limit);
  (same_way ? facts.named : facts.called) = hop;
  if (same_way) facts.named_by = message;
}

bool has_from(const Exchange& exchange, const IpAddress& sender, bool (*is_it)(const Reply&)) {
  return std::ranges::any_of(
      exchange.replies, [&](const Reply& reply) { return reply.from == sender && is_it(reply); });
}

bool is_time_exceeded(const Reply& reply) { return reply.kind == ReplyKind::time_exceeded; }

/// Of a flow that it rejects: on other ways, and at other times, another rule or route may hold.
bool passes_first(const Case& the_case, std::uint8_t hop, const IpAddress& router) {
  const auto probes = the_case.probes(ProbeKind::syn, Aim::target);
  return std::ranges::any_of(probes, [&](const Exchange* died) {
    if (died->spec.question.hop_limit.value != hop) return false;
    if (!has_from(*died, router, is_time_exceeded)) return false;
    return std::ranges::any_of(probes, [&](const Exchange* one) {
      return one->spec.flow == died->spec.flow && has_from(*one, router, is_rejection);
    });
  });
}

bool rejects(const Walk& walk, const IpAddress& from) {
  return std::ranges::any_of(walk.steps, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.ends, [&](const Reply* reply) {
      return is_rejection(*reply) && reply->from == from;
    });
  });
}

void find_longest_wait(const Case& the_case, RejectionFacts& facts) {
  const auto& [exchange, reply] = facts.rejection;
  facts.latest = reply->at - exchange->at;
  facts.told_latest = reply->frame;
  for (const auto* one : the_case.probes(ProbeKind::syn, Aim::target)) {
    const auto span = round_trip(*one);
    if (!span || !is_rejection(one->replies.front()) || *span <= facts.latest) continue;
    facts.latest = *span;
    facts.told_latest = one->replies.front().frame;
  }
}

bool is_late_for_neighbour(const Exchange& exchange, const Reply& reply) {
  return is_host_unreachable(reply) && reply.at - exchange.at >= neighbour_failure;
}

/// A sender whose allowance of ICMP messages is spent answers nothing at all: its silence to a bad
/// checksum counts only when it answered what came right after it.
bool answers_right_after(const Case& the_case, const IpAddress& sender, const Exchange& ignored) {
  return std::ranges::any_of(the_case.exchanges, [&](const Exchange& later) {
    return &later != &ignored && later.at >= ignored.at &&
           later.at - ignored.at <= same_allowance && later.left.size() == 1 && later.answered() &&
           later.replies.front().from == sender;
  });
}

unsigned bad_checksums_ignored(const Case& the_case, const IpAddress& sender) {
  if (the_case.first_reply(ProbeKind::syn_bad_checksum, Aim::target)) return 0;
  const auto bad = the_case.probes(ProbeKind::syn_bad_checksum, Aim::target);
  return static_cast<unsigned>(std::ranges::count_if(
      bad, [&](const Exchange* one) { return answers_right_after(the_case, sender, *one); }));
}

bool is_rejected_at_once(const Exchange& asked, const IpAddress& sender) {
  if (!asked.answered()) return false;
  const auto& reply = asked.replies.front();
  return is_rejection(reply) && reply.from == sender && reply.at - asked.at < neighbour_failure;
}

/// A failed neighbour is looked for anew, for three seconds (measured, section 7): what is sent
/// after the first rejection would have to wait for the next.
bool rejects_again_at_once(const Case& the_case, const Rejection& first) {
  return std::ranges::any_of(the_case.exchanges, [&](const Exchange& later) {
    return later.at >= first.reply->at && is_rejected_at_once(later, first.reply->from);
  });
}

/// What leaves a router at the same moment arrives within this, however long its queues are.
constexpr Duration at_once = std::chrono::milliseconds(500);

/// One failure answers all that waited for it at once, and the next comes as long after it as the
/// first after the question: what one flow is soon told in between, no neighbour is missing for.
bool speaks_between_failures(const Case& the_case, const IpAddress& sender) {
  std::map<Flow, std::vector<std::pair<TimePoint, Duration>>> told;
  for (const auto* syn : the_case.probes(ProbeKind::syn, Aim::target))
    for (const auto& reply : syn->replies)
      if (is_rejection(reply) && reply.from == sender)
        told[syn->spec.flow].emplace_back(reply.at, reply.at - syn->at);
  return std::ranges::any_of(told, [](auto& of_flow) {
    std::ranges::sort(of_flow.second);
    const auto between = [](const auto& one, const auto& next) {
      const auto apart = next.first - one.first;
      return at_once < apart && std::max(apart, next.second) < neighbour_failure;
    };
    return std::ranges::adjacent_find(of_flow.second, between) != of_flow.second.end();
  });
}

/// What waits for a neighbour is answered in the order in which it came, whatever its checksum.
const Exchange* passed_over(const Case& the_case, const Rejection& rejection) {
  if (the_case.first_reply(ProbeKind::syn_bad_checksum, Aim::target)) return nullptr;
  for (const auto* bad : the_case.probes(ProbeKind::syn_bad_checksum, Aim::target)) {
    const auto comes_after = [&](const Exchange& good) {
      return good.at >= bad->at && good.at - bad->at <= same_allowance &&
             is_rejected_at_once(good, rejection.reply->from);
    };
    if (std::ranges::any_of(the_case.exchanges, comes_after)) return bad;
  }
  return nullptr;
}

std::optional<Rejection> rejection_of_port(const Case& the_case) {
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

/// Nothing answered the SYNs to the port but routers where they died on purpose.
bool is_port_silent(const Case& the_case) {
  return std::ranges::all_of(the_case.target.steps, [](const auto& entry) {
    const bool full = entry.first == full_hop_limit.value;
    return entry.second.ends.empty() && (!full || entry.second.time_exceeded.empty());
  });
}

/// SYNs to the port that met the sender while it had messages to send: it answered what came right
/// before or after them. What waited for a neighbour is answered all at once, when that has failed:
/// one allowance is shared by all of them, and one of several neighbours may use it up.
unsigned silent_beside(const Case& the_case, const IpAddress& sender) {
  const auto spoke_beside = [&](const Exchange& silent) {
    return std::ranges::any_of(the_case.exchanges, [&](const Exchange& other) {
      const auto apart = other.at > silent.at ? other.at - silent.at : silent.at - other.at;
      if (apart > same_allowance || !other.answered()) return false;
      const auto& reply = other.replies.front();
      return is_rejection(reply) && reply.from == sender && !is_late_for_neighbour(other, reply);
    });
  };
  const auto syns = the_case.probes(ProbeKind::syn, Aim::target);
  return static_cast<unsigned>(std::ranges::count_if(syns, [&](const Exchange* syn) {
    return syn->spec.question.hop_limit == full_hop_limit && spoke_beside(*syn);
  }));
}

/// About the host, not about one port of it: whoever else asks is told the same.
bool is_about_host(const Case& the_case, const Exchange& exchange, const Reply& reply) {
  // A datagram to a closed port is always rejected.
  if (exchange.spec.flow.transport == Transport::udp) return is_late_for_neighbour(exchange, reply);
  if (exchange.spec.question.aim == Aim::target) return true;
  return !the_case.host.control_answers || is_late_for_neighbour(exchange, reply);
}

/// The port is silent, and another probe of the same host was rejected: senders of ICMP messages
/// may send only a few, and the ones to the SYNs were not among them, or got lost. A sender that
/// answers others again and again beside the silent SYNs treats the port otherwise.
std::optional<Rejection> rejection_of_others(const Case& the_case) {
  if (!is_port_silent(the_case)) return {};
  for (const auto& exchange : the_case.exchanges)
    for (const auto& reply : exchange.replies)
      if (exchange.sent() && is_rejection(reply) && is_about_host(the_case, exchange, reply) &&
          silent_beside(the_case, reply.from) < 2)
        return Rejection{&exchange, &reply};
  return {};
}

}  // namespace

RejectionFacts rejection_facts(const Case& the_case, const Rejection& rejection) {
  RejectionFacts facts;
  facts.rejection = rejection;
  const auto& reply = *rejection.reply;
  facts.family = reply.from.family;
  facts.type = reply.icmp->type;
  facts.code = reply.icmp->code;
  facts.from = reply.from;
  facts.from_owner = reply.from == the_case.owner();
  facts.place = place_of(the_case, is_rejection);
  if (!facts.from_owner) name_sender(the_case, facts);
  facts.passes_first = facts.named && passes_first(the_case, *facts.named, facts.from);
  const auto* bad = the_case.first_reply(ProbeKind::syn_bad_checksum, Aim::target);
  if (bad && is_rejection(*bad)) facts.to_bad_checksum = bad;
  const auto ignored = bad_checksums_ignored(the_case, facts.from);
  facts.speaks_beside_bad = ignored > 0;
  facts.bad_checksum_ignored = !could_be_chance(loss_beyond(the_case, 1), ignored);
  facts.again_at_once = rejects_again_at_once(the_case, rejection);
  if (facts.again_at_once && is_host_unreachable(facts.family, facts.type, facts.code))
    facts.passed_over = passed_over(the_case, rejection);
  facts.between_failures = speaks_between_failures(the_case, facts.from);
  facts.other_ports_too = rejects(the_case.control, facts.from);
  facts.spares_other_ports = the_case.host.control_answers && !facts.other_ports_too;
  find_longest_wait(the_case, facts);
  return facts;
}

bool says_no_way(const RejectionFacts& facts) {
  return is_routing_code(facts.family, facts.type, facts.code) &&
         !is_admin_prohibited(facts.family, facts.type, facts.code);
}

bool may_be_host_unreachable(const RejectionFacts& facts) {
  const bool translated = facts.family == Family::ipv6 && facts.type == 1 && facts.code == 0;
  return translated || is_host_unreachable(facts.family, facts.type, facts.code);
}

bool is_neighbour_failure(const RejectionFacts& facts) {
  if (!may_be_host_unreachable(facts) || facts.between_failures) return false;
  if (facts.latest >= neighbour_failure) return true;
  return facts.to_bad_checksum && facts.passes_first && !facts.again_at_once;
}

bool is_about_another_probe(const Rejection& rejection) {
  const auto& question = rejection.exchange->spec.question;
  return question.kind != ProbeKind::syn || question.aim != Aim::target;
}

bool is_first_after_rest(const Case& the_case, const Rejection& rejection) {
  const auto& question = rejection.exchange->spec.question;
  const auto first = first_after_rest(departures(the_case.exchanges, the_case.run.connect));
  return question.kind == ProbeKind::syn_bad_checksum && question.aim == Aim::target &&
         first == rejection.exchange->at;
}

std::optional<Rejection> failed_neighbour(const Case& the_case) {
  for (const auto& exchange : the_case.exchanges)
    for (const auto& reply : exchange.replies)
      if (is_rejection(reply) && is_late_for_neighbour(exchange, reply))
        return Rejection{&exchange, &reply};
  return {};
}

std::optional<Rejection> deciding_rejection(const Case& the_case) {
  if (auto rejection = rejection_of_port(the_case)) return rejection;
  return rejection_of_others(the_case);
}

}  // namespace hopblame
