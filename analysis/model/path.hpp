#pragma once
// The way to the target, as the probes with a limited hop count showed it.

#include <optional>
#include <vector>

#include "analysis/model/flow.hpp"
#include "analysis/model/ids.hpp"
#include "analysis/model/time.hpp"

namespace hopblame {

/// What one flow met at one hop. The words are the contract's.
enum class FlowState : std::uint8_t {
  passes,   ///< time exceeded came from this hop
  answers,  ///< this hop is the end of that flow
  blocked,  ///< an ICMP rejection came from it
  silent,
  not_asked,
};

struct Hop {
  std::uint8_t distance = 0;           ///< 1 is the first router
  std::vector<IpAddress> responders;   ///< who sent a message or answered from there
  std::optional<Duration> round_trip;  ///< smallest seen
  FlowState target_flow = FlowState::not_asked, control_flow = FlowState::not_asked;
  unsigned asked = 0, answered = 0;
  bool operator==(const Hop&) const = default;
};

struct Distances {
  std::optional<std::uint8_t> target_flow;  ///< where the probes to the port end
  std::optional<std::uint8_t> destination;  ///< where the host that owns the address is
  bool operator==(const Distances&) const = default;
};

struct Path {
  std::vector<Hop> hops;
  Distances distance;
  bool operator==(const Path&) const = default;
};

[[nodiscard]] const char* to_string(FlowState state);  ///< "passes", ..., "not-asked"

}  // namespace hopblame
