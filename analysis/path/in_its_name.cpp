#include "analysis/path/in_its_name.hpp"

#include <algorithm>

#include "analysis/path/branching.hpp"
#include "analysis/path/distance.hpp"

namespace hopblame {
namespace {

/// A router at that distance, or farther, passes on what goes to the port: whoever answers the
/// control flow there stands on the way.
bool passes_beyond(const Walk& target, std::uint8_t distance, const IpAddress& owner) {
  const auto passed = target.last_passed();
  return passed && *passed >= distance && target.time_exceeded_at(*passed)->from != owner;
}

/// Over as many routers as the messages of one nearer than where it was met; loss may have hidden
/// that it was met there as well. Where no router says anything, nothing speaks for the host.
bool comes_as_of_router(const Walk& target, const Walk& control, const Reply& reset) {
  bool heard = false;
  for (std::uint8_t hop = 1; hop < *control.first_end(); ++hop) {
    const auto* known = target.time_exceeded_at(hop);
    if (!known) known = control.time_exceeded_at(hop);
    if (!known) continue;
    heard = true;
    if (could_come_over(reset.hop_limit, return_hops(known->hop_limit))) return true;
  }
  return !heard;
}

bool has_written_mark(const Exchange& exchange) {
  return exchange.spec.traffic_class != probe_traffic_class &&
         std::ranges::any_of(exchange.replies, [&](const Reply& reply) {
           const bool unseen = exchange.left.front() == reply.frame;  // the SYN itself
           return reply.kind == ReplyKind::reset_ack &&
                  reply.traffic_class == probe_traffic_class && !unseen;
         });
}

}  // namespace

bool carries_mark(const Reply& reply) {
  return reply.traffic_class == probe_traffic_class || has_label(reply);
}

bool has_label(const Reply& reply) {
  return reply.from.family == Family::ipv6 && reply.ip_id_or_flow_label != 0;
}

const Exchange* met_written_mark(const Walk& target) {
  for (const auto& [distance, step] : target.steps)
    for (const auto* exchange : step.exchanges)
      if (has_written_mark(*exchange)) return exchange;
  return nullptr;
}

bool made_by_router(const Walk& target, const Walk& control, const Reply& reset) {
  if (!reset.segment || !reset.segment->is_reset() || has_label(reset)) return false;
  if (carries_mark(reset) && !met_written_mark(target)) return false;
  const auto met_at = control.first_end();
  if (!met_at || *met_at < 2) return false;
  if (passes_beyond(target, *met_at, reset.from) && !branches_at(target, control)) return true;
  const auto nearer = static_cast<std::uint8_t>(*met_at - 1);
  return !could_come_over(reset.hop_limit, nearer) && comes_as_of_router(target, control, reset);
}

}  // namespace hopblame
