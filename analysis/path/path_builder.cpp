#include "analysis/path/path_builder.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"
#include "analysis/path/in_its_name.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/path/met_nearer.hpp"
#include "analysis/path/rejection.hpp"
#include "analysis/path/silence.hpp"

namespace hopblame {
namespace {

/// An end met only by full-length probes says nothing about the distance.
std::optional<std::uint8_t> measured_end(const Walk& walk) {
  const auto end = walk.first_end();
  return end && *end < full_hop_limit.value ? end : std::nullopt;
}

std::optional<FlowEnd> natural_end(const Walk& walk, const Walk& other) {
  const auto end = measured_end(walk);
  if (!end) return {};
  const auto& met = walk.steps.at(*end).exchanges;
  const auto rejected =
      std::ranges::find_if(met, [](const Exchange* exchange) { return is_rejected(*exchange); });
  if (rejected == met.end()) return FlowEnd{*end, FlowState::answers};
  return FlowEnd{hop_of_sender((*rejected)->replies.front(), *end, walk, other),
                 FlowState::blocked};
}

/// A router that rejects while forwarding lets the probe pass that dies at it.
std::optional<FlowEnd> end_of_control(const Walk& control, const Walk& target) {
  auto end = natural_end(control, target);
  if (end && end->state == FlowState::answers &&
      made_by_router(target, control, *control.steps.at(end->hop).ends.front()))
    --end->hop;
  else if (end && end->state == FlowState::answers)
    end->hop = met_nearer(target, control, end->hop);
  return end;
}

/// A router may reject the control flow too, or reset it in the host's name: only the address
/// itself tells how far it is. Where the hops before it say nothing it need not be as far as the
/// first probe that reached it, for others may have been swallowed; its way back then tells so.
std::optional<std::uint8_t> destination_distance(const Walk& target, const Walk& control,
                                                 const std::optional<FlowEnd>& control_end) {
  if (!control_end) return {};
  const auto& step = control.steps.at(*control.first_end());
  const auto& owner = step.exchanges.front()->spec.flow.destination.address;
  const auto& first = *step.ends.front();
  const bool own = first.from == owner && !made_by_router(target, control, first);
  const auto before = static_cast<std::uint8_t>(control_end->hop - 1);
  const bool mute =
      before > 0 && !control.time_exceeded_at(before) && !target.time_exceeded_at(before);
  const bool nearer = mute && guessed_distance(first.hop_limit) < control_end->hop;
  return own && !nearer ? std::optional(control_end->hop) : std::nullopt;
}

/// A limit or chance may have lost those few probes that were just to reach the host. What answers
/// others over as many routers as the host answers the other flow stands where that does.
std::optional<FlowEnd> end_as_of_host(const Walk& target, const Walk& control, std::uint8_t host) {
  const auto full = target.steps.find(full_hop_limit.value);
  if (full == target.steps.end() || target.last_passed().value_or(0) >= host) return {};
  const auto& known = *control.steps.at(*control.first_end()).ends.front();
  const auto alike = [&](const Reply& reply) {
    return is_due_answer(reply) && reply.segment && reply.from == known.from &&
           reply.hop_limit == known.hop_limit;
  };
  const auto met = [&](const Exchange* probe) {  // the application's SYN may fare otherwise
    return probe->origin == Origin::raw && std::ranges::any_of(probe->replies, alike);
  };
  if (std::ranges::none_of(full->second.exchanges, met)) return {};
  return FlowEnd{host, FlowState::answers};
}

/// The host's own message came to a probe with more hops to go: nearer ones fared otherwise. Who
/// passes the port on speaks for those behind it too.
bool is_of_host(const Walk& target, std::uint8_t host) {
  if (target.last_passed().value_or(0) >= host) return false;
  const auto& exchanges = target.steps.at(*target.first_end()).exchanges;
  const auto& owner = exchanges.front()->spec.flow.destination.address;
  return std::ranges::any_of(exchanges, [&](const Exchange* met) {
    return is_rejected(*met) && met->replies.front().from == owner;
  });
}

/// A bare ACK counts a SYN that had arrived before (RFC 5961 section 4.2), perhaps one with fewer
/// hops to go whose SYN/ACK was lost: the host is no farther than where the other flow met it.
std::optional<FlowEnd> end_of_port(const Walk& target, const Walk& control,
                                   std::optional<std::uint8_t> host) {
  auto end = natural_end(target, control);
  if (!host) return end;
  if (!end) return end_as_of_host(target, control, *host);
  if (end->state == FlowState::answers &&
      std::ranges::none_of(target.steps.at(end->hop).ends,
                           [](const Reply* reply) { return is_due_answer(*reply); }))
    end->hop = std::min(end->hop, *host);
  if (end->state == FlowState::blocked && is_of_host(target, *host))
    end->hop = std::min(end->hop, *host);
  return end;
}

FlowState state_at(const Walk& walk, std::uint8_t distance, const std::optional<FlowEnd>& end) {
  if (end && end->hop == distance) return end->state;
  const auto step = walk.steps.find(distance);
  if (step == walk.steps.end() || step->second.asked == 0) return FlowState::not_asked;
  // Behind its end the flow is asked in vain, or met the end once more.
  if (end && distance > end->hop)
    return step->second.ends.empty() && step->second.time_exceeded.empty() ? FlowState::silent
                                                                           : FlowState::not_asked;
  return step->second.time_exceeded.empty() ? FlowState::silent : FlowState::passes;
}

void add_responder(Hop& hop, const Reply& reply) {
  const auto known = std::ranges::find(hop.responders, reply.from);
  if (known == hop.responders.end()) hop.responders.push_back(reply.from);
}

void time(Hop& hop, const Exchange& exchange) {
  const auto span = round_trip(exchange);
  if (span && exchange.left.size() == 1 && (!hop.round_trip || *span < *hop.round_trip))
    hop.round_trip = span;
}

/// What died at this hop; a probe that went on and met its end elsewhere says nothing about the
/// hop.
void gather(Hop& hop, const Walk& walk) {
  const auto found = walk.steps.find(hop.distance);
  if (found == walk.steps.end()) return;
  for (const auto* exchange : found->second.exchanges) {
    ++hop.asked;
    if (!exchange->answered()) continue;
    ++hop.answered;
    const auto& first = exchange->replies.front();
    if (first.kind != ReplyKind::time_exceeded) continue;
    add_responder(hop, first);
    time(hop, *exchange);
  }
}

/// Who answered at the end: the destination's own address, unless time exceeded named somebody
/// else.
void add_end(Hop& hop, const Walk& walk) {
  const auto found = walk.steps.find(hop.distance);
  if (found == walk.steps.end() || !hop.responders.empty()) return;
  for (const auto* exchange : found->second.exchanges) {
    if (!exchange->answered()) continue;
    add_responder(hop, exchange->replies.front());
    time(hop, *exchange);
  }
}

/// On another of several ways than that of the router which gave its name there.
void add_other_sender(Hop& hop, const Walk& walk) {
  for (const auto& [distance, step] : walk.steps)
    for (const auto* exchange : step.exchanges) {
      if (!is_rejected(*exchange)) continue;
      const auto& reply = exchange->replies.front();
      if (reply.from == exchange->spec.flow.destination.address) return;
      add_responder(hop, reply);
      const auto sender = std::ranges::find(hop.responders, reply.from);
      std::rotate(hop.responders.begin(), sender, sender + 1);
      return;
    }
}

/// Its sender may have answered only probes that were to go farther.
void add_rejections(Hop& hop, const Walk& walk) {
  if (!hop.responders.empty()) return add_other_sender(hop, walk);
  const Reply* sender = nullptr;
  for (const auto& [distance, step] : walk.steps) {
    for (const auto* exchange : step.exchanges) {
      if (!is_rejected(*exchange)) continue;
      const auto& reply = exchange->replies.front();
      if (sender && sender->from != reply.from) continue;
      sender = &reply;
      ++hop.asked;
      ++hop.answered;
      time(hop, *exchange);
    }
  }
  if (sender) add_responder(hop, *sender);
}

/// The other flow may have met a router there, on a longer way. Whom the target's flow met is
/// first.
void add_owner(Hop& hop, const Walk& walk, Aim aim) {
  const auto found = walk.steps.find(hop.distance);
  if (found == walk.steps.end()) return;
  const auto& owner = found->second.exchanges.front()->spec.flow.destination.address;
  for (const auto* reply : found->second.ends) {
    const auto is_known = std::ranges::count(hop.responders, owner) > 0;
    if (reply->from != owner || is_known) continue;
    const auto place = aim == Aim::target ? hop.responders.begin() : hop.responders.end();
    hop.responders.insert(place, owner);
  }
}

void add_end(Hop& hop, const Walk& walk, const std::optional<FlowEnd>& end, Aim aim) {
  if (!end || end->hop != hop.distance) return;
  add_end(hop, walk);
  if (end->of_owner) add_owner(hop, walk, aim);
  if (end->state == FlowState::blocked) add_rejections(hop, walk);
}

/// A device that passes the port on writes the owner's name over those of routers: where one gave
/// its own to the other flow, that is its name.
void put_own_name_first(Hop& hop, const Walk& target) {
  if (hop.responders.size() < 2 || target.steps.empty()) return;
  const auto& owner = target.steps.begin()->second.exchanges.front()->spec.flow.destination.address;
  std::stable_partition(hop.responders.begin(), hop.responders.end(),
                        [&](const IpAddress& one) { return one != owner; });
}

bool is_unasked(const Hop& hop) {
  return hop.asked == 0 && hop.target_flow == FlowState::not_asked &&
         hop.control_flow == FlowState::not_asked;
}

std::uint8_t length_of(const Walk& walk, const std::optional<FlowEnd>& end) {
  if (end) return end->hop;
  const auto passed = walk.last_passed();
  return passed && *passed < full_hop_limit.value ? static_cast<std::uint8_t>(*passed + 1) : 0;
}

}  // namespace

Path build_path(const Walk& target, const Walk& control, std::optional<FlowEnd> target_end,
                bool at_owner) {
  auto control_end = end_of_control(control, target);
  Path path;
  path.distance.destination = destination_distance(target, control, control_end);
  if (control_end) control_end->of_owner = path.distance.destination.has_value();
  if (!target_end) target_end = end_of_port(target, control, path.distance.destination);
  if (target_end) target_end->of_owner = at_owner;

  const auto length = std::max(length_of(target, target_end), length_of(control, control_end));
  for (std::uint8_t distance = 1; distance <= length; ++distance) {
    Hop hop;
    hop.distance = distance;
    gather(hop, target);
    gather(hop, control);
    put_own_name_first(hop, target);
    hop.target_flow = state_at(target, distance, target_end);
    hop.control_flow = state_at(control, distance, control_end);
    add_end(hop, control, control_end, Aim::control);
    add_end(hop, target, target_end, Aim::target);
    path.hops.push_back(std::move(hop));
  }
  // What lies behind the last router that passed is shown where it was asked for: not beyond
  // --max-hops.
  if (!path.hops.empty() && is_unasked(path.hops.back())) path.hops.pop_back();
  if (target_end) path.distance.target_flow = target_end->hop;
  return path;
}

std::optional<FlowEnd> flow_end(Outcome outcome, const Where& blamed) {
  if (!blamed.first_hop || blamed.first_hop != blamed.last_hop || *blamed.first_hop == 0) return {};
  const bool accepted = outcome == Outcome::closed_early || outcome == Outcome::silent_service;
  if (accepted) return FlowEnd{*blamed.first_hop, FlowState::answers};
  const bool by_icmp = outcome == Outcome::rejected || outcome == Outcome::unreachable;
  if (outcome != Outcome::refused && !by_icmp) return {};
  if (by_icmp && blamed.kind == CulpritKind::destination && outcome == Outcome::unreachable)
    return {};  // the host is down: nothing answered from there
  return FlowEnd{*blamed.first_hop, by_icmp ? FlowState::blocked : FlowState::answers};
}

}  // namespace hopblame
