#pragma once
// --dry-run: the packets that would be sent, as lines like those of tcpdump. Nothing answers and no
// time passes, so these are the most that can go out.

#include <string>

#include "analysis/model/facts.hpp"
#include "analysis/model/goal.hpp"
#include "analysis/model/probe.hpp"

namespace hopblame {

[[nodiscard]] std::string dry_run(const Goal& goal, const Vantage& vantage);

/// One probe as a line, without its time.
[[nodiscard]] std::string packet_line(const ProbeSpec& spec);

}  // namespace hopblame
