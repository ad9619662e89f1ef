#include "analysis/path/in_its_name.hpp"

#include "analysis/path/distance.hpp"

namespace hopblame {

bool carries_mark(const Reply& reply) {
  if (reply.traffic_class == probe_traffic_class) return true;
  return reply.from.family == Family::ipv6 && reply.ip_id_or_flow_label != 0;
}

bool made_by_router(const Walk& target, const Walk& control, const Reply& reset) {
  const auto met_at = control.first_end();
  if (!reset.segment || !reset.segment->is_reset() || carries_mark(reset)) return false;
  if (!met_at || *met_at < 2) return false;
  const auto nearer = static_cast<std::uint8_t>(*met_at - 1);
  const auto* before = target.time_exceeded_at(nearer);
  if (!before) before = control.time_exceeded_at(nearer);
  return before && could_come_over(reset.hop_limit, return_hops(before->hop_limit)) &&
         !could_come_over(reset.hop_limit, nearer);
}

}  // namespace hopblame
