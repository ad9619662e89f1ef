#pragma once
// --dry-run: the packets that would be sent, as lines like those of tcpdump. Nothing answers and no
// time passes, so these are the most that can go out.

#include <string>
#include <vector>

#include "analysis/model/facts.hpp"
#include "analysis/model/goal.hpp"
#include "analysis/model/probe.hpp"
#include "src/cli/options.hpp"

namespace hopblame {

struct PlannedPacket {
  double after_seconds = 0;
  std::string line;
};
[[nodiscard]] std::vector<PlannedPacket> planned_packets(const Goal& goal, const Vantage& vantage);

/// A line each, or one object of JSON.
[[nodiscard]] std::string dry_run(const Goal& goal, const Vantage& vantage,
                                  Format format = Format::text);

/// One probe as a line, without its time.
[[nodiscard]] std::string packet_line(const ProbeSpec& spec);

}  // namespace hopblame
