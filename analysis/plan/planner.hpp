#pragma once
// What to ask next. Pure: the loop that owns sockets and clocks asks, and obeys.

#include <optional>
#include <span>
#include <variant>

#include "analysis/model/exchange.hpp"
#include "analysis/model/facts.hpp"
#include "analysis/model/goal.hpp"

namespace hopblame {

struct Send {
  Question question;
};
struct WaitUntil {
  TimePoint at;
};
/// Give up the real connect(), whose SYNs must not disturb the rest that follows.
struct HangUp {};
/// Then the host answered after all: how does an application fare now?
struct CallAgain {};
struct Done {};
using Decision = std::variant<Send, WaitUntil, HangUp, CallAgain, Done>;

/// All the planner looks at. `exchanges` are our probes and their replies so far, sends that failed
/// included; `now` is the time of the last packet or tick.
struct Situation {
  const Goal& goal;
  const Vantage& vantage;
  std::span<const Exchange> exchanges;
  const std::optional<ConnectRecord>& connect;
  TimePoint started, now;
};

[[nodiscard]] Decision next_step(const Situation& situation);

}  // namespace hopblame
