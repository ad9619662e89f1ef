#include "analysis/verdict/divided_evidence.hpp"

#include <algorithm>
#include <set>

#include "analysis/path/distance.hpp"
#include "analysis/path/rejection.hpp"
#include "analysis/verdict/resets.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

std::size_t walked(const Case& the_case, const PortFlow& flow) {
  return static_cast<std::size_t>(
      std::ranges::count_if(the_case.exchanges, [&](const Exchange& exchange) {
        return is_syn(exchange, Aim::target) && belongs_to(flow, exchange);
      }));
}

const PortFlow& best_walked(const Case& the_case, const std::vector<PortFlow>& flows) {
  return *std::ranges::max_element(flows, {},
                                   [&](const PortFlow& flow) { return walked(the_case, flow); });
}

bool is_accepted(const Exchange& exchange) {
  return std::ranges::any_of(exchange.replies,
                             [](const Reply& reply) { return reply.kind == ReplyKind::syn_ack; });
}

bool is_message_from(const Reply& reply, const std::set<IpAddress>& senders) {
  return reply.kind == ReplyKind::time_exceeded && senders.contains(reply.from);
}

/// Who rejects these flows; what died there tells where that is, whatever its flow.
std::set<IpAddress> rejecters_of(const Case& the_case, const std::vector<PortFlow>& flows) {
  std::set<IpAddress> senders;
  for (const auto& exchange : the_case.exchanges)
    if (is_syn(exchange, Aim::target) && belongs_to_any(flows, exchange))
      for (const auto& reply : exchange.replies)
        if (is_rejection(reply)) senders.insert(reply.from);
  senders.erase(the_case.owner());
  return senders;
}

/// connect() was rejected, and accepted when it sent its SYN again: the first answer counts here.
void forget_acceptance(Exchange& exchange) {
  std::erase_if(exchange.replies, [](const Reply& reply) { return !is_rejection(reply); });
}

bool was_rejected_first(const Exchange& exchange) {
  return exchange.origin == Origin::kernel && is_rejected(exchange);
}

/// Flows to the comparison port that are silent are on the path that swallows the others too;
/// answered ones then are on another one, and tell nothing of it. Nor do they speak for a routing
/// table that their path does not meet. The place of a RST is told by the host's.
std::vector<PortFlow> on_the_same_path(const Case& the_case, SynFate fate) {
  auto flows = flows_to(the_case.exchanges, Aim::control);
  const auto is = [](SynFate what) {
    return [what](const PortFlow& flow) { return flow.fate == what; };
  };
  if (fate == SynFate::silent && std::ranges::any_of(flows, is(SynFate::silent)))
    std::erase_if(flows, [&](const PortFlow& flow) { return flow.fate != SynFate::silent; });
  if (fate == SynFate::rejected) std::erase_if(flows, is(SynFate::reset));
  return flows;
}

bool passed_by_router(const Exchange& exchange, const IpAddress& owner) {
  return std::ranges::any_of(exchange.replies, [&](const Reply& reply) {
    return reply.kind == ReplyKind::time_exceeded && reply.from != owner;
  });
}

bool got_past(const Exchange& exchange, std::uint8_t hop, const IpAddress& owner) {
  return is_syn(exchange, Aim::target) && exchange.spec.question.hop_limit.value > hop &&
         passed_by_router(exchange, owner);
}

/// The RSTs come over as many routers as the messages of this hop, which is nearer than the last
/// that the flow passed.
std::optional<std::uint8_t> nearer_maker(const Case& of_flow) {
  const auto resets = gather_resets(of_flow);
  const auto& place = resets.place;
  if (!place.steady || !place.fitting.empty() || place.samples == 0) return {};
  const auto received = resets.first.reply->hop_limit;
  for (int hop = place.first - 1; hop >= 1; --hop) {
    const auto* message = of_flow.target.time_exceeded_at(static_cast<std::uint8_t>(hop));
    if (message != nullptr && return_hops(message->hop_limit) == return_hops(received))
      return static_cast<std::uint8_t>(hop);
  }
  return {};
}

}  // namespace

bool is_syn(const Exchange& exchange, Aim aim) {
  const auto& question = exchange.spec.question;
  return question.kind == ProbeKind::syn && question.aim == aim;
}

bool belongs_to_any(const std::vector<PortFlow>& flows, const Exchange& exchange) {
  return std::ranges::any_of(flows,
                             [&](const PortFlow& flow) { return belongs_to(flow, exchange); });
}

std::vector<FrameId> asked_on(std::initializer_list<const std::vector<PortFlow>*> all) {
  std::vector<const Exchange*> asked;
  for (const auto* flows : all)
    for (const auto& flow : *flows)
      for (const auto& one : flow.tries) asked.push_back(one.exchange);
  std::ranges::sort(asked, {}, [](const Exchange* exchange) { return exchange->at; });
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  return frames(asked);
}

std::vector<Exchange> evidence_of(const Case& the_case, const std::vector<PortFlow>& flows,
                                  SynFate fate) {
  const auto control = on_the_same_path(the_case, fate);
  const auto rejecters =
      fate == SynFate::rejected ? rejecters_of(the_case, flows) : std::set<IpAddress>{};
  const auto died_there = [&](const Exchange& exchange) {
    return std::ranges::any_of(
        exchange.replies, [&](const Reply& reply) { return is_message_from(reply, rejecters); });
  };
  const auto counts = [&](const Exchange& exchange) {
    const auto& question = exchange.spec.question;
    if (is_syn(exchange, Aim::target))
      return (belongs_to_any(flows, exchange) &&
              (!is_accepted(exchange) ||
               (fate == SynFate::rejected && was_rejected_first(exchange)))) ||
             died_there(exchange);
    if (is_syn(exchange, Aim::control))
      return belongs_to_any(control, exchange) || died_there(exchange);
    if (question.kind == ProbeKind::syn_bad_checksum) return belongs_to_any(flows, exchange);
    return fate != SynFate::silent && question.aim != Aim::target;
  };
  std::vector<Exchange> kept;
  std::ranges::copy_if(the_case.exchanges, std::back_inserter(kept), counts);
  for (auto& exchange : kept)
    if (is_accepted(exchange)) forget_acceptance(exchange);
  return kept;
}

std::vector<PortFlow> one_path(const Case& the_case, const std::vector<PortFlow>& flows) {
  std::vector<PortFlow> chosen{best_walked(the_case, flows)};
  for (const auto& flow : flows)
    if (!flow.raw && chosen.front().raw) chosen.push_back(flow);
  return chosen;
}

void keep_time_of_refusals(std::vector<Exchange>& evidence, const Contrast& contrast,
                           const IpAddress& owner) {
  auto first = TimePoint::max(), last = TimePoint::min();
  for (const auto& flow : contrast.others)
    for (const auto& one : flow.tries)
      if (one.fate == contrast.fate) {
        first = std::min(first, one.at);
        last = std::max(last, one.at);
      }
  std::erase_if(evidence, [&](const Exchange& exchange) {
    return is_syn(exchange, Aim::target) && (exchange.at < first || exchange.at > last) &&
           passed_by_router(exchange, owner);
  });
}

void leave_out_luck(const Case& the_case, std::vector<Exchange>& evidence) {
  const auto& owner = the_case.owner();
  const auto hop = nearer_maker(make_case(the_case, evidence));
  if (!hop) return;
  std::erase_if(evidence,
                [&](const Exchange& exchange) { return got_past(exchange, *hop, owner); });
}

std::vector<IpAddress> routers_met(const Walk& walk) {
  std::vector<IpAddress> routers;
  for (const auto& [distance, step] : walk.steps)
    for (const auto* reply : step.time_exceeded) routers.push_back(reply->from);
  return routers;
}

std::vector<FrameId> passes_of(const Case& the_case, const std::vector<PortFlow>& flows,
                               std::uint8_t hop) {
  std::vector<FrameId> passes;
  for (const auto& exchange : the_case.exchanges)
    if (belongs_to_any(flows, exchange) && got_past(exchange, hop, the_case.owner()))
      passes.push_back(exchange.left.front());
  return passes;
}

}  // namespace hopblame
