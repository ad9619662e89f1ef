#pragma once
// Bytes with a time and a link type: what comes from a wire or a file before it is understood.

#include <cstdint>
#include <span>
#include <string>
#include <variant>

#include "analysis/model/facts.hpp"
#include "analysis/model/ids.hpp"
#include "analysis/model/time.hpp"
#include "capture/link_types.hpp"

namespace hopblame {

struct Frame {
  FrameId id;
  TimePoint at;
  int link_type = link_ethernet;        ///< LINKTYPE_ number (www.tcpdump.org/linktypes.html)
  std::uint32_t original_length = 0;    ///< bytes on the wire; `bytes` may hold fewer
  std::span<const std::uint8_t> bytes;  ///< valid until the next call of the source
};

/// Nothing arrived by the deadline; the time is `now`.
struct Tick {
  TimePoint now;
};
/// No more packets will come; `error` is empty at an orderly end, else one line for the user.
struct End {
  std::string error;
};

using PacketEvent = std::variant<Frame, Tick, End>;

/// Where packets come from. Time comes with them: a caller never asks a clock.
struct PacketSource {
  virtual ~PacketSource() = default;
  /// The next frame, or a Tick once `deadline` has passed, or End.
  virtual PacketEvent next(TimePoint deadline) = 0;
  [[nodiscard]] virtual CaptureFacts facts() const = 0;
};

}  // namespace hopblame
