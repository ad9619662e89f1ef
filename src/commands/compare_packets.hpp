#pragma once
// One of the two captures of `compare`, packet by packet.

#include <variant>
#include <vector>

#include "analysis/compare/comparison.hpp"
#include "src/offline/read_file.hpp"

namespace hopblame {

struct Packets {
  std::vector<Observation> list;
  CaptureFacts facts;
  bool both_ends = false;     ///< the file has the other end's packets too
  bool cut_options = false;   ///< some SYN is not there to its end
  std::size_t files = 1;      ///< it was in so many
  std::vector<FrameId> torn;  ///< first fragments, of which the others are not there
  [[nodiscard]] compare::Side side() const;
};

/// As many as fit; that some are left out is said.
[[nodiscard]] std::variant<Packets, FileError> packets_of(const ReadRequest& request);

}  // namespace hopblame
