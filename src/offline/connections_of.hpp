#pragma once
// The connections of packets that are in memory, as read_file() finds those of a file.

#include <functional>
#include <memory>
#include <span>

#include "src/offline/read_file.hpp"

namespace hopblame {

using Wants = std::function<bool(const Observation&)>;

/// Of the packets that are wanted. `facts` of the capture they come from.
[[nodiscard]] std::unique_ptr<ForeignCapture> connections_of(std::span<const Observation> packets,
                                                             const CaptureFacts& facts,
                                                             const Wants& wants);

}  // namespace hopblame
