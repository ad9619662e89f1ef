// Probes that are no TCP: the datagrams of traceroute, and pings with their answers. Seldom seen,
// so not in one piece with the rest.

#include "analysis/offline/answer.hpp"
#include "analysis/offline/tracker.hpp"

namespace hopblame::offline {

/// traceroute gives each a port of its own; where a tool does not, the newest that waits is meant.
void Tracker::see_datagram(const Sighting& seen, std::uint64_t hash, const Followed& newest) {
  if (!follows(seen.key) || passes_again(seen, newest, 0)) return;
  auto& trail = begin(seen, hash, newest.id, seen.key, ProbeKind::udp);
  trails_.add_copy(trail, seen.frame);
  trails_.add_ip_id(trail, seen.ip_id_or_flow_label);
}

void Tracker::see_echo(const Sighting& seen, std::uint64_t hash, const Followed& newest) {
  const auto& echo = seen.echo;
  const auto number = std::uint32_t{echo.identifier} << 16 | echo.sequence;
  if (!echo.reply) {
    if (!follows(seen.key) || passes_again(seen, newest, number)) return;
    auto& trail = begin(seen, hash, newest.id, seen.key, ProbeKind::echo);
    trail.sequence = number;
    trails_.add_copy(trail, seen.frame);
    return trails_.add_ip_id(trail, seen.ip_id_or_flow_label);
  }
  const auto asked = live_.find_asked(newest, !seen.key.from_low,
                                      [&](const Trail& trail) { return trail.sequence == number; });
  if (asked) add(*asked, seen, answer_of_echo);
}

}  // namespace hopblame::offline
