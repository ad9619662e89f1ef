#pragma once
// Everything a verdict depends on. A live run fills one of these and saves it as a pcapng; reading
// that file gives the same Run, and so the same verdict.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/model/facts.hpp"
#include "analysis/model/goal.hpp"
#include "analysis/model/observation.hpp"
#include "analysis/model/probe.hpp"

namespace hopblame {

struct Run {
  Goal goal;
  CaptureFacts facts;
  std::vector<SendRecord> sends;
  std::optional<ConnectRecord> connect;  ///< absent with --no-handshake or when it was never called
  std::optional<ConnectOnly> connect_only;  ///< absent: probes were sent and packets captured
  std::vector<OtherAddress> others;
  std::vector<std::pair<IpAddress, std::string>> names;  ///< reverse DNS; outside text
  std::vector<Observation> observations;                 ///< in capture order
  bool redacted = false;  ///< addresses are not the real ones, and names were left out
  TimePoint started, ended;
};

/// Until then connect() waited for an answer that had not come.
[[nodiscard]] inline TimePoint waited_until(const Run& run) {
  return run.connect ? run.connect->hung_up.value_or(run.ended) : run.ended;
}

/// Made from a capture of somebody else: every run of ours was given a host.
[[nodiscard]] inline bool is_foreign(const Run& run) { return run.goal.host.empty(); }

}  // namespace hopblame
