#pragma once
// Ports of one host that one client asked once each: a scan. Its lines would hide those of the
// connections that somebody needs.

#include <string>
#include <vector>

#include "src/commands/targets.hpp"

namespace hopblame {

struct Scan {
  IpAddress client, host;
  offline::Tally attempts;
  int worst = 0;  ///< badness
};

/// Of the first `top` targets; a scan takes all its targets out of `order`, which stays worst
/// first as far as that.
[[nodiscard]] std::vector<Scan> take_scans(const offline::Book& book, std::vector<Rank>& order,
                                           std::size_t top);

/// "203.0.113.7: 298 ports asked once each by 198.51.100.9 (a scan): 290 refused, 8 dropped"
[[nodiscard]] std::string to_string(const Scan& scan);

}  // namespace hopblame
