#pragma once
// A box that writes what is left of a probe's hop limit into the RST it sends (signatures.md): its
// RST has lost on arrival what the way there and the way back take together, whatever was sent.

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/verdict/case.hpp"

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

/// On the link before a hop, or in that hop once it has counted the probe down.
struct CopierPlace {
  std::uint8_t hop;
  bool in_hop;
  std::uint8_t there, back;  ///< routers on either way
};

/// Those whose ways there and back take so many routers together, by hop. Its RSTs to probes that
/// have too little left for the way back die there: that such a probe passes farther on, or draws
/// no RST, says nothing of the box.
[[nodiscard]] std::vector<CopierPlace> places_of_copier(const Case& the_case, int lost);

}  // namespace hopblame
