#pragma once
// A box that writes what is left of a probe's hop limit into the RST it sends (signatures.md): its
// RST has lost on arrival what the way there and the way back take together, whatever was sent.

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/model/ids.hpp"

namespace hopblame {

/// The hop limit that a probe left with, and that of the answer it drew when it arrived here.
struct SentAndReceived {
  std::uint8_t sent;
  HopLimit received;
};

/// How many routers the way to the box and the way back take together, in routers; empty unless
/// probes of two different hop limits drew answers that lost the same. No stack does so: its own
/// initial hop limit does not follow that of the probe.
[[nodiscard]] std::optional<int> there_and_back(const std::vector<SentAndReceived>& pairs);

}  // namespace hopblame
