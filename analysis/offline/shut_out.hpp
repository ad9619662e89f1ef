#pragma once
// A port that answered this client, and then no longer or only now and then: a rule against the
// port answers no SYN at all, a ban or a limit some.

#include "analysis/offline/exhibits.hpp"

namespace hopblame::offline {

/// Since when `client`'s SYNs get no answer, after some did and none since. Absent: that is not so.
[[nodiscard]] std::optional<TimePoint> shut_since(const std::vector<Attempt>& sample,
                                                  const IpAddress& client);

/// Leaves out what passed before that, for the way may be shut since. Was that all of the walk?
bool forget_ways_before(std::vector<Exchange>& exchanges, TimePoint shut);

/// Of SYNs that are dropped.
void suspect_ban_or_limit(Verdict& verdict, const Target& target,
                          const std::vector<Attempt>& sample, const Exhibits& exhibits);

}  // namespace hopblame::offline
