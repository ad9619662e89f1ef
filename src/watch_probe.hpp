#pragma once
// One probe of `watch`, in a process of its own: it gives up every privilege it has, for good.

#include <optional>
#include <string>

#include "capture/redact/scrambler.hpp"
#include "src/cli/options.hpp"

namespace hopblame {

struct Probed {
  int exit_code = 0;
  std::string json;       ///< the report; empty: there is none
  std::string complaint;  ///< the last one, without the end of its line
};

[[nodiscard]] Probed probe_once(const ProbeOptions& options,
                                const std::optional<Scrambler>& scrambler);

}  // namespace hopblame
