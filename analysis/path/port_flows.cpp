#include "analysis/path/port_flows.hpp"

#include <algorithm>
#include <utility>

namespace hopblame {
namespace {

std::optional<SynFate> fate_of(const Reply& reply) {
  switch (reply.kind) {
    case ReplyKind::syn_ack: return SynFate::accepted;
    case ReplyKind::reset:
    case ReplyKind::reset_ack: return SynFate::reset;
    case ReplyKind::icmp_error:
      if (!reply.to_later_segment) return SynFate::rejected;
      return {};
    default: return {};
  }
}

std::optional<SynFate> fate_of(const Exchange& exchange) {
  for (const auto& reply : exchange.replies)
    if (const auto fate = fate_of(reply)) return fate;
  return {};
}

/// Two answers of different kinds: a box and the host race, whatever the way.
bool got_both(const Exchange& exchange) {
  const auto first = fate_of(exchange);
  return std::ranges::any_of(exchange.replies, [&](const Reply& reply) {
    const auto fate = fate_of(reply);
    return fate && fate != first;
  });
}

PortFlow& flow_of(std::vector<PortFlow>& flows, const Exchange& exchange) {
  const auto known =
      std::ranges::find_if(flows, [&](const auto& flow) { return belongs_to(flow, exchange); });
  if (known != flows.end()) return *known;
  auto& flow = flows.emplace_back();
  flow.source_port = exchange.spec.flow.source.port;
  flow.lane = exchange.spec.question.lane;
  flow.raw = exchange.origin == Origin::raw;
  return flow;
}

bool was_to_arrive(const Exchange& exchange) {
  return exchange.origin == Origin::kernel || exchange.spec.question.hop_limit == full_hop_limit;
}

/// A connect() that was turned away may be answered otherwise when its SYN is sent again, as that
/// may take another way.
void add_other_answers(PortFlow& flow, const Exchange& exchange) {
  for (const auto& reply : exchange.replies)
    if (const auto fate = fate_of(reply); fate && *fate != flow.tries.back().fate)
      flow.tries.push_back({reply.at, *fate, &exchange});
}

/// Of a SYN that was sent several times, those tries went unanswered that have no answer of their
/// own.
void add(std::vector<PortFlow>& flows, const Exchange& exchange, TimePoint until) {
  const auto fate = fate_of(exchange);
  if (!fate && (exchange.answered() || exchange.at > until)) return;
  auto& flow = flow_of(flows, exchange);
  flow.tries.insert(flow.tries.end(), silent_copies(exchange),
                    {exchange.at, SynFate::silent, &exchange});
  const bool late = fate && exchange.left.size() > 1;
  flow.tries.push_back({late ? exchange.replies.front().at : exchange.at,
                        fate.value_or(SynFate::silent), &exchange});
  if (late && !flow.raw && fate != SynFate::accepted) add_other_answers(flow, exchange);
  flow.both = flow.both || got_both(exchange);
  flow.raced = flow.raw && flow.both;
}

/// A host that still holds the flow half open answers its next SYN with a bare ACK that belongs to
/// the one before (RFC 5961 section 4.2): it got there and back.
void count_challenges(PortFlow& flow) {
  std::vector<TimePoint> challenges;
  for (const auto& one : flow.tries)
    if (one.fate == SynFate::accepted)
      for (const auto& reply : one.exchange->replies)
        if (reply.kind == ReplyKind::other_segment) challenges.push_back(reply.at);
  for (const auto& at : challenges) {
    const auto next = std::ranges::upper_bound(flow.tries, at, {}, &SynTry::at);
    if (next != flow.tries.begin() && std::prev(next)->fate == SynFate::silent)
      std::prev(next)->fate = SynFate::accepted;
  }
}

void sum_up(PortFlow& flow) {
  std::ranges::stable_sort(flow.tries, {}, &SynTry::at);
  count_challenges(flow);
  for (const auto& one : flow.tries) {
    if (one.fate == SynFate::silent) continue;
    if (flow.fate == SynFate::silent) flow.fate = one.fate;
    flow.steady = flow.steady && flow.fate == one.fate;
  }
}

/// Linux answers on a flow that it holds half open at most twice a second (tcp_invalid_ratelimit),
/// and forgets it only when our RST arrives, which may take another way.
constexpr Duration half_open = std::chrono::seconds(1);

/// Silence of a SYN with too few hops to arrive is another question, and so is that of one so soon
/// after another of its flow.
void leave_out_steps(std::vector<PortFlow>& flows) {
  const auto host = nearest_arrival(flows);
  for (auto& flow : flows) {
    TimePoint before = TimePoint::min();
    std::erase_if(flow.tries, [&](const SynTry& one) {
      const bool soon = before != TimePoint::min() && one.at - before < half_open;
      const auto hops = one.exchange->spec.question.hop_limit.value;
      const bool counts = was_to_arrive(*one.exchange) || (host && hops >= *host && !soon);
      if (one.fate == SynFate::silent && !counts) {
        flow.opened_by_step = flow.opened_by_step || before == TimePoint::min();
        return true;
      }
      before = one.at;
      return false;
    });
  }
  std::erase_if(flows, [](const PortFlow& flow) { return flow.tries.empty(); });
}

}  // namespace

bool PortFlow::met(SynFate what) const {
  return std::ranges::any_of(tries, [&](const SynTry& one) { return one.fate == what; });
}

unsigned PortFlow::silences() const {
  return static_cast<unsigned>(std::ranges::count(tries, SynFate::silent, &SynTry::fate));
}

bool belongs_to(const PortFlow& flow, const Exchange& exchange) {
  return flow.source_port == exchange.spec.flow.source.port &&
         flow.raw == (exchange.origin == Origin::raw);
}

std::vector<PortFlow> flows_to(std::span<const Exchange> exchanges, Aim aim, TimePoint until) {
  std::vector<PortFlow> flows;
  for (const auto& exchange : exchanges) {
    const auto& question = exchange.spec.question;
    if (question.kind == ProbeKind::syn && question.aim == aim && exchange.sent())
      add(flows, exchange, until);
  }
  for (auto& flow : flows) sum_up(flow);
  leave_out_steps(flows);
  return flows;
}

SynFate fate_at_host(const std::vector<PortFlow>& flows) {
  const bool accepted =
      std::ranges::any_of(flows, [](const PortFlow& flow) { return flow.met(SynFate::accepted); });
  return accepted ? SynFate::accepted : SynFate::reset;
}

std::optional<std::uint8_t> nearest_to_meet(const std::vector<PortFlow>& flows, SynFate fate) {
  std::optional<std::uint8_t> nearest;
  for (const auto& flow : flows)
    for (const auto& one : flow.tries) {
      const auto hop = one.exchange->spec.question.hop_limit;
      const bool limited = flow.raw && hop != full_hop_limit;
      if (limited && one.fate == fate) nearest = std::min(nearest.value_or(hop.value), hop.value);
    }
  return nearest;
}

std::optional<std::uint8_t> nearest_arrival(const std::vector<PortFlow>& flows) {
  return nearest_to_meet(flows, fate_at_host(flows));
}

std::optional<Contrast> contrast_of(const std::vector<PortFlow>& flows) {
  const auto has = [&](SynFate fate) {
    return std::ranges::any_of(flows, [&](const PortFlow& flow) { return flow.met(fate); });
  };
  Contrast contrast;
  contrast.at_host = fate_at_host(flows);
  if (contrast.at_host == SynFate::accepted)
    contrast.fate = has(SynFate::reset)      ? SynFate::reset
                    : has(SynFate::rejected) ? SynFate::rejected
                                             : SynFate::silent;
  else if (has(SynFate::rejected))
    return {};
  const auto is_other = [&](const PortFlow& flow) {
    return contrast.fate == SynFate::silent ? flow.fate == SynFate::silent
                                            : flow.met(contrast.fate);
  };
  if (!has(contrast.at_host) || std::ranges::none_of(flows, is_other)) return {};
  for (const auto& flow : flows) {
    const bool through = flow.met(contrast.at_host), other = is_other(flow);
    if (through) contrast.through.push_back(flow);
    if (other) contrast.others.push_back(flow);
    if (!through && !other) ++contrast.neither;
  }
  return contrast;
}

}  // namespace hopblame
