#pragma once
// The deciding packets in time: who sent what to whom, this host on the left, hops and destination
// to the right, an answer in somebody else's name marked. First as values, then as a drawing.

#include <string>
#include <vector>

#include "src/report/report.hpp"

namespace hopblame {

enum class RungFate : std::uint8_t {
  arrives,
  unheard,  ///< it gets to lane `to`, or ought to: nobody answers
  stopped,  ///< on the way from lane `to` to the next
};

struct Rung {
  FrameId frame;
  std::string when;              ///< since the first packet of the run: "12.41 ms"
  std::string words;             ///< "SYN to port 22, hop limit 3"
  std::size_t from = 0, to = 0;  ///< lanes
  bool forged = false;           ///< sent by another than its source address says
  RungFate fate = RungFate::arrives;
  std::size_t lost_by = 0;  ///< of a stopped one: the first lane that it surely does not pass
};

struct Ladder {
  std::vector<std::string> lanes;  ///< "this host", "1", "2-4", ...
  std::vector<Rung> rungs;         ///< in order of capture
  std::size_t left_out = 0;        ///< cited packets for which there was no room

  [[nodiscard]] bool shows(std::uint64_t frame) const;
};

/// The packets that explanations cite; those of the best explanation first, where room is short.
[[nodiscard]] Ladder ladder_of(const ReportInput& input);

/// An SVG element; a rung is the element with the id pN. Empty without packets.
[[nodiscard]] std::string ladder_picture(const Ladder& ladder);

}  // namespace hopblame
