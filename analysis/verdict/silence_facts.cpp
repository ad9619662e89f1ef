#include "analysis/verdict/silence_facts.hpp"

#include <algorithm>

#include "analysis/path/branching.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/pinged_hop.hpp"
#include "analysis/verdict/place.hpp"

namespace hopblame {
namespace {

/// A rule on the way turns all other ports away: that is no sign of the host.
bool is_of_router(const Case& the_case, const Exchange& exchange, const Reply& reply) {
  return exchange.spec.question.aim == Aim::control && the_case.made_by_router(reply);
}

const Reply* answer_of_host(const Case& the_case) {
  for (const auto& exchange : the_case.exchanges)
    for (const auto& reply : exchange.replies) {
      if (reply.from != the_case.owner() || reply.kind == ReplyKind::time_exceeded) continue;
      if (!is_of_router(the_case, exchange, reply)) return &reply;
    }
  return nullptr;
}

const Reply* reset_from_host(const Case& the_case, ProbeKind kind, Aim aim) {
  const auto* reply = the_case.first_reply(kind, aim);
  const bool reset =
      reply && (reply->kind == ReplyKind::reset || reply->kind == ReplyKind::reset_ack);
  return reset ? reply : nullptr;
}

const Reply* half_open(const Case& the_case) {
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target))
    for (const auto& reply : exchange->replies)
      if (reply.kind == ReplyKind::other_segment && reply.segment->has(tcp_flag::ack))
        return &reply;
  return nullptr;
}

/// The next distance beyond k that answers the control flow, and would have answered so many SYNs
/// to the port that chance cannot have lost all the answers: the SYN was stopped before it. Silent
/// routers and loss in between only widen the interval.
std::optional<std::uint8_t> next_known(const Case& the_case, std::uint8_t passed,
                                       std::optional<std::uint8_t> host) {
  const auto loss = loss_beyond(the_case, passed);
  const auto is_end = [&](const Reply* reply) { return !the_case.made_by_router(*reply); };
  unsigned unanswered = 0;
  const auto* ping = ping_beyond(the_case, passed);
  const auto pinged = ping ? ping->spec.question.hop_limit.value : full_hop_limit.value;
  for (const auto& [distance, step] : the_case.control.steps) {
    if (distance <= passed || distance >= pinged) continue;
    if (std::ranges::any_of(step.ends, is_end)) return distance;
    if (step.time_exceeded.empty()) continue;
    unanswered += fair_tries(the_case, distance);
    if (!could_be_chance(loss, unanswered)) return distance;
  }
  if (ping && (!host || *host > pinged)) return pinged;
  if (host && *host > passed) return host;
  return {};
}

/// Of the port's own way nothing is known beyond where it was seen last.
std::optional<std::uint8_t> beyond(std::optional<std::uint8_t> passed,
                                   std::optional<std::uint8_t> host) {
  return host == 0 || host > passed ? host : std::nullopt;
}

bool may_have_arrived(const Case& the_case, const SilenceFacts& facts) {
  if (!facts.host) return false;
  if (*facts.host == 1) return true;  // no router is on the way
  const auto passed = facts.passed.value_or(0);
  if (ping_beyond(the_case, passed)) return false;
  if (passed > 0 && passed + 1 >= nearest_end(the_case, *facts.host)) return true;
  if (facts.bound != facts.host || *facts.host < 2) return false;
  const auto last = static_cast<std::uint8_t>(*facts.host - 1);
  if (the_case.control.time_exceeded_at(last)) return true;
  return could_be_chance(loss_beyond(the_case, passed), fair_tries(the_case, last));
}

bool stopped_before_host(const Case& the_case, const SilenceFacts& facts) {
  if (!facts.bound || !facts.host || *facts.bound >= *facts.host) return false;
  const auto passed = facts.passed.value_or(0);
  if (ping_beyond(the_case, passed)) return true;
  unsigned unanswered = 0;
  for (unsigned hop = passed + 1u; hop < *facts.host; ++hop)
    if (the_case.control.time_exceeded_at(static_cast<std::uint8_t>(hop)))
      unanswered += fair_tries(the_case, static_cast<std::uint8_t>(hop));
  return !may_be_lost(direct_answers(the_case), loss_beyond(the_case, passed), unanswered);
}

bool mute_before_host(const Case& the_case, const SilenceFacts& facts) {
  const unsigned after = facts.passed.value_or(0) + 1u;
  if (!facts.host || facts.bound != facts.host || after >= *facts.host) return false;
  for (auto hop = after; hop < *facts.host; ++hop)
    if (the_case.time_exceeded_at(static_cast<std::uint8_t>(hop))) return false;
  return true;
}

bool acks_tell_nothing(const Case& the_case) {
  // A run of ours asks them wherever they can tell something; others do not know of them.
  const auto acks = the_case.probes(ProbeKind::ack, Aim::target);
  if (the_case.run.sends.empty() && acks.empty()) return true;
  if (the_case.host.control_answers && the_case.silent_tries(ProbeKind::ack, Aim::control) > 0)
    return true;
  const auto known = direct_answers(the_case);
  const auto asked = the_case.silent_tries(ProbeKind::ack, Aim::target);
  return asked > 0 && may_be_lost(known, known.loss(), asked);
}

bool has_holes(const Case& the_case, std::uint8_t farthest) {
  for (std::uint8_t hop = 1; hop < farthest; ++hop)
    if (!the_case.time_exceeded_at(hop)) return true;
  return false;
}

std::optional<std::uint8_t> distance_of_host(const Case& the_case, const Reply* alive) {
  if (the_case.run.facts.vantage.target_is_local) return 0;
  if (the_case.host.distance) return the_case.host.distance;
  if (alive) return the_case.distance_by_way_back(alive->hop_limit);
  return {};
}

/// What answers is nearer than this flow has come: its machine is another one behind the address.
bool is_another_machine(const Case& the_case, const SilenceFacts& facts) {
  if (!facts.host || !facts.passed || *facts.host == 0 || *facts.passed < *facts.host) return false;
  return the_case.target.time_exceeded_at(*facts.passed)->from != the_case.owner();
}

/// The port belongs to a host behind the address. What connection tracking calls invalid, a lone
/// FIN always, is not passed on: the forwarding device answers it, as it answers the control port.
void look_behind(const Case& the_case, SilenceFacts& facts) {
  facts.forwarded = true;
  facts.host = static_cast<std::uint8_t>(facts.passed.value_or(0) + 1);
  facts.bound.reset();
  facts.to_fin = nullptr;
  facts.fin_counts = false;
  const auto* own = the_case.host.witness;
  if (facts.to_ack && own && own->hop_limit == facts.to_ack->hop_limit) facts.to_ack = nullptr;
  facts.alive = facts.to_ack;
}

}  // namespace

SilenceFacts silence_facts(const Case& the_case) {
  SilenceFacts facts;
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (exchange->spec.question.hop_limit != full_hop_limit && exchange->origin == Origin::raw)
      continue;
    facts.unanswered.push_back(exchange);
    facts.tries += static_cast<unsigned>(exchange->left.size());
  }
  facts.alive = answer_of_host(the_case);
  facts.host = distance_of_host(the_case, facts.alive);
  facts.passed = the_case.target.last_passed();
  if (is_another_machine(the_case, facts))
    facts.host = static_cast<std::uint8_t>(*facts.passed + 1);
  facts.farthest = std::max(facts.passed.value_or(0), the_case.control.last_passed().value_or(0));
  facts.holes = has_holes(the_case, facts.farthest);
  // Where other flows to the port take the control flow's way and get through, theirs is the
  // measure.
  facts.other_way = !the_case.divided && take_other_ways(the_case.target, the_case.control);
  facts.bound = facts.host == 0 || facts.other_way
                    ? beyond(facts.passed, facts.host)
                    : next_known(the_case, facts.passed.value_or(0), facts.host);
  facts.to_ack = reset_from_host(the_case, ProbeKind::ack, Aim::target);
  facts.to_fin = reset_from_host(the_case, ProbeKind::fin, Aim::target);
  facts.half_open = half_open(the_case);
  facts.fin_counts = reset_from_host(the_case, ProbeKind::fin, Aim::control) != nullptr;
  facts.acks_tell_nothing = acks_tell_nothing(the_case);
  if (the_case.address_forwards()) look_behind(the_case, facts);
  facts.may_have_arrived = may_have_arrived(the_case, facts);
  facts.mute_before_host = mute_before_host(the_case, facts);
  facts.stopped_before_host = stopped_before_host(the_case, facts);
  return facts;
}

/// Hop k after its hop-limit check, the link after it, or hop k+1 before its own check: silence
/// cannot tell these apart (measured, signatures section 2). Hop 0, this host, is not in it: the
/// capture saw the packet leave.
Where gap_after(const Case& the_case, const SilenceFacts& facts) {
  if (facts.host == 0) return at_destination(the_case, 0);
  const auto first = std::max<std::uint8_t>(1, facts.passed.value_or(0));
  if (facts.host && *facts.host <= first) return at_destination(the_case, facts.host);
  if (facts.bound) return within(the_case, first, facts.bound);
  const auto beyond = end_of_all(the_case, facts);
  return within(the_case, std::min(first, *beyond.first_hop), beyond.last_hop);
}

/// Where some routers keep silent, the next device that speaks may be any number of hops behind.
Where end_of_all(const Case& the_case, const SilenceFacts& facts) {
  if (facts.host == 0) return at_destination(the_case, 0);
  if (facts.farthest == 0) return within(the_case, 1, std::nullopt);
  if (facts.holes) return within(the_case, facts.farthest, std::nullopt);
  return within(the_case, facts.farthest, static_cast<std::uint8_t>(facts.farthest + 1));
}

}  // namespace hopblame
