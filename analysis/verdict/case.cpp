#include "analysis/verdict/case.hpp"

#include <algorithm>

#include "analysis/path/branching.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/met_nearer.hpp"
#include "analysis/path/odd_limits.hpp"
#include "analysis/path/rejection.hpp"
#include "analysis/path/window.hpp"
#include "analysis/verdict/answered_nearby.hpp"

namespace hopblame {
namespace {

bool is_reset(const Reply& reply) {
  return reply.kind == ReplyKind::reset_ack || reply.kind == ReplyKind::reset;
}

bool is_direct(const Reply& reply) { return is_reset(reply) || reply.kind == ReplyKind::syn_ack; }

/// Ping comes back over more routers than the control port's answers: then somebody on the way
/// answers for that port, and only the ping is the host's own.
bool answered_on_the_way(const Reply& control, const Reply* echo) {
  return echo && return_hops(control.hop_limit) < return_hops(echo->hop_limit);
}

/// Over how many routers the answers of who is met at this distance come back, if they go the same
/// way: one more than those of the hop before.
std::optional<std::uint8_t> due_hops_back(const Case& the_case, std::uint8_t distance) {
  if (distance == 1) return 0;
  const auto* before = the_case.time_exceeded_at(static_cast<std::uint8_t>(distance - 1));
  if (before == nullptr || before->from == the_case.owner()) return {};
  return static_cast<std::uint8_t>(return_hops(before->hop_limit) + 1);
}

/// As if written by the router before, which counts the hop limit down first, or by one that stands
/// here and counts it down then: one router less, or one more, than is due from where it is met.
bool comes_as_written_near(const Case& the_case, std::uint8_t distance, HopLimit received) {
  const auto due = due_hops_back(the_case, distance);
  const int back = return_hops(received);
  return due && (back + 1 == *due || back == *due + 1);
}

/// Over no more routers than the messages of hop 1.
bool comes_as_from_next(const Case& the_case, HopLimit received) {
  const auto* next = the_case.time_exceeded_at(1);
  return return_hops(received) <= (next ? return_hops(next->hop_limit) : 0);
}

/// Longer than any path, and not by an initial value that is known, from where it is met.
bool comes_from_nowhere(const Case& the_case, std::uint8_t distance, HopLimit received) {
  const auto due = due_hops_back(the_case, distance);
  const bool odd = due && is_odd_hop_limit(received.value + *due);
  return return_hops(received) > the_case.run.goal.max_hops && !odd;
}

const Reply* echo_of(const Case& the_case) {
  const auto* reply = the_case.first_reply(ProbeKind::echo, Aim::none);
  return reply && reply->kind == ReplyKind::echo_reply ? reply : nullptr;
}

/// Of a capture: other attempts, between those in question, that the port accepted.
const Reply* accepted_besides(const Case& the_case) {
  const auto* reply = the_case.first_reply(ProbeKind::echo, Aim::none);
  return reply && reply->kind == ReplyKind::syn_ack ? reply : nullptr;
}

/// To the port, where nothing else of the host answers. A RST may be a router's, in its name, and
/// so may the SYN/ACK of a SYN proxy.
const Reply* answered_alone(const Case& the_case) {
  for (const auto& [distance, step] : the_case.target.steps)
    for (const auto* reply : step.ends)
      if ((reply->kind == ReplyKind::syn_ack && !is_made_up(*reply->segment) &&
           !shuts_window(*reply)) ||
          (is_rejection(*reply) && reply->from == the_case.owner()))
        return reply;
  return nullptr;
}

Host host_of(const Case& the_case) {
  Host host;
  host.echo = echo_of(the_case);
  for (const auto& [distance, step] : the_case.control.steps) {
    for (const auto* reply : step.ends) {
      if (!is_direct(*reply) || the_case.made_by_router(*reply)) continue;
      const auto received = reply->hop_limit;
      const bool written =
          is_reset(*reply) && the_case.made_by_stack(*reply) &&
          (comes_as_written_near(the_case, distance, received) ||
           (due_hops_back(the_case, distance) > 1 && comes_as_from_next(the_case, received)));
      if (answered_on_the_way(*reply, host.echo) && !written) continue;
      if (!host.witness) host.witness = reply;
      if (!host.distance && distance < full_hop_limit.value)
        host.distance = met_nearer(the_case.target, the_case.control, distance);
      host.control_answers = true;
      host.echoes_class = host.echoes_class ||
                          (reply->kind != ReplyKind::syn_ack && the_case.made_by_stack(*reply));
    }
  }
  if (!host.witness) host.witness = host.echo;
  if (!host.witness) host.witness = accepted_besides(the_case);
  return host;
}

/// Routing sends the port another way than the control flow (by port, or over one of several
/// paths): the host is farther on that one. Where both flows pass the same routers, the control
/// flow ended at a device that passes the port on.
bool is_on_another_way(const Case& the_case) {
  return the_case.port_goes_farther() && branches_at(the_case.target, the_case.control);
}

}  // namespace

bool connect_left(const Case& the_case) {
  return the_case.kernel_syn != nullptr && the_case.kernel_syn->sent();
}

const Reply* Case::first_reply(ProbeKind kind, Aim aim) const {
  for (const auto* exchange : probes(kind, aim))
    if (exchange->answered()) return &exchange->replies.front();
  return nullptr;
}

std::uint8_t Case::distance_by_way_back(HopLimit received) const {
  const auto farthest =
      std::max(target.last_passed().value_or(0), control.last_passed().value_or(0));
  const auto* known = farthest == 0 ? nullptr : time_exceeded_at(farthest);
  if (known == nullptr || known->from == owner()) return guessed_distance(received);
  return distance_beyond(farthest, known->hop_limit, received);
}

unsigned Case::silent_tries(ProbeKind kind, Aim aim) const {
  unsigned tries = 0;
  for (const auto* exchange : probes(kind, aim)) {
    if (exchange->answered()) return 0;
    tries += static_cast<unsigned>(exchange->left.size());
  }
  return tries;
}

// A device that passes the port on writes the owner's name over those of routers.
std::optional<IpAddress> Case::address_of(std::uint8_t hop) const {
  const auto* reply = time_exceeded_at(hop);
  if (reply == nullptr) return {};
  if (reply->from != owner()) return reply->from;
  const auto* other = control.time_exceeded_at(hop);
  return other != nullptr ? other->from : reply->from;
}

std::optional<std::uint8_t> Case::hop_of(const IpAddress& router) const {
  const auto is_its = [&](const Reply* reply) { return reply->from == router; };
  std::optional<std::uint8_t> nearest;
  for (const auto* walk : {&target, &control})
    for (const auto& [hop, step] : walk->steps)
      if (hop < full_hop_limit.value && std::ranges::any_of(step.time_exceeded, is_its))
        nearest = std::min(nearest.value_or(hop), hop);
  return nearest;
}

bool Case::right_behind_the_hop_before(std::uint8_t distance, const Reply& answer) const {
  const auto* before =
      distance < 2 ? nullptr : time_exceeded_at(static_cast<std::uint8_t>(distance - 1));
  return before && return_hops(answer.hop_limit) == return_hops(before->hop_limit) + 1;
}

std::uint8_t Case::extra_way_back() const {
  if (host.witness == nullptr || host.distance.value_or(0) < 2) return 0;
  const auto* before = time_exceeded_at(static_cast<std::uint8_t>(*host.distance - 1));
  if (before == nullptr) return 0;
  const int more = return_hops(host.witness->hop_limit) - return_hops(before->hop_limit) - 1;
  return static_cast<std::uint8_t>(std::max(more, 0));
}

bool Case::witness_is_of_port() const {
  return host.witness && host.witness == accepted_besides(*this);
}

const Reply* Case::told_by_forwarder() const {
  for (const auto& [distance, step] : target.steps)
    for (const auto* reply : step.time_exceeded)
      if (reply->from == owner()) return reply;
  return nullptr;
}

bool Case::port_goes_farther() const {
  const auto passed = target.last_passed();
  return host.distance && passed && *passed >= *host.distance &&
         target.time_exceeded_at(*passed)->from != owner();
}

bool Case::host_seems_next() const {
  const auto* answer = host.witness ? host.witness : answered_alone(*this);
  return answer && comes_as_from_next(*this, answer->hop_limit);
}

const Reply* Case::rejection_from_next() const {
  for (const auto& [distance, step] : target.steps)
    for (const auto* exchange : step.exchanges)
      for (const auto& reply : exchange->replies)
        if (exchange->origin == Origin::raw && is_rejection(reply) &&
            quoted_travel(*exchange, reply) >= std::uint8_t{2} &&
            comes_as_from_next(*this, reply.hop_limit))
          return &reply;
  return nullptr;
}

bool Case::hop_limits_rewritten() const {
  if (answered_nearby || rejection_from_next()) return true;
  if (host.witness == nullptr) return target.first_end().value_or(0) > 1 && host_seems_next();
  const auto received = host.witness->hop_limit;
  const auto back = return_hops(received);
  const bool ping_is_farther = host.echo && return_hops(host.echo->hop_limit) > back;
  if (host.distance && ping_is_farther && comes_as_written_near(*this, *host.distance, received))
    return true;
  const auto* next = time_exceeded_at(1);
  const bool behind = next != nullptr && next->from != owner();
  if (host.distance.value_or(behind ? 2 : 1) < 2) return false;
  if (host.distance && comes_from_nowhere(*this, *host.distance, received)) return true;
  return host_seems_next();
}

Case make_case(const Run& run, const Paired& paired) {
  Case the_case{run,
                paired.exchanges,
                paired.neighbours,
                paired.misfits,
                paired.misfit_answers,
                walk_of(paired.exchanges, ProbeKind::syn, Aim::target),
                walk_of(paired.exchanges, ProbeKind::syn, Aim::control),
                nullptr,
                {}};
  for (const auto& exchange : paired.exchanges)
    if (exchange.origin == Origin::kernel) the_case.kernel_syn = &exchange;
  the_case.written_mark = met_written_mark(the_case.target);
  the_case.host = host_of(the_case);
  if (is_on_another_way(the_case)) the_case.host.distance.reset();
  the_case.answered_nearby = is_answered_nearby(the_case);
  return the_case;
}

Case make_case(const Case& whole, std::span<const Exchange> exchanges) {
  auto part =
      make_case(whole.run, {exchanges, whole.neighbours, whole.misfits, 0, whole.misfit_answers});
  part.answered_nearby = whole.answered_nearby;
  return part;
}

}  // namespace hopblame
