#pragma once
// One diagnosis in the simulated network: the loop of src/live_session with the real planner,
// factory and correlator, in virtual time and bounded in steps.

#include <functional>
#include <span>

#include "analysis/model/run.hpp"
#include "tests/support/sim/scenario.hpp"

namespace hopblame::sim {

struct SessionOptions {
  std::uint64_t seed = 1;
  unsigned most_steps = 20'000;
  Duration longest = std::chrono::seconds(60);
  bool handshake = true;
  /// Asked before every step: what somebody else lets arrive at the client, who has these flows
  /// under way. As in a live capture only what a filter for them takes is kept.
  std::function<std::vector<Observation>(std::span<const Flow>, TimePoint)> intruder = {};
};

struct Session {
  Scenario scenario;
  Run run;
  bool done = false;  ///< the planner said Done; false: stopped at a bound
  unsigned steps = 0;

  [[nodiscard]] Duration elapsed() const { return run.ended - run.started; }
};

[[nodiscard]] Session probe(const Scenario& scenario, const SessionOptions& options = {});

/// The scenario and every packet as a line, for a test that failed.
[[nodiscard]] std::string history(const Session& session);

}  // namespace hopblame::sim
