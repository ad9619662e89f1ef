#pragma once
// What the user asked for, as far as probing and judging depend on it.

#include <optional>
#include <string>

#include "analysis/model/flow.hpp"
#include "analysis/model/time.hpp"

namespace hopblame {

struct Goal {
  std::string host;  ///< as typed: outside text, never printed unescaped
  Endpoint target;
  std::uint16_t control_port = 0;  ///< the comparison port, expected closed
  std::uint8_t max_hops = 30;
  std::uint8_t tries = 3;            ///< how often an unanswered question is asked in all
  std::optional<Duration> patience;  ///< the longest wait for one answer; else from round trips
  unsigned rate = 50;                ///< packets per second after the opening burst of 40
  bool handshake = true;             ///< one real connect() beside the raw probes
  bool numeric = false;              ///< no reverse DNS
  bool operator==(const Goal&) const = default;
};

}  // namespace hopblame
