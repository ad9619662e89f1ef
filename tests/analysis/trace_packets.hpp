#pragma once
// The packets around a probe, with the numbers a real network would give them.

#include <string>

#include "analysis/model/message.hpp"
#include "analysis/model/probe.hpp"

namespace hopblame::trace {

/// What the capture sees leaving.
[[nodiscard]] Message message_of(const ProbeSpec& spec);

/// A segment that answers it: "rst-ack", "rst", "syn-ack", "data", "fin" or "segment".
[[nodiscard]] TcpSegment answer_to(const ProbeSpec& asked, const std::string& kind);

/// The probe as a router that quotes all of it would, with hop limit 1.
[[nodiscard]] Quote quote_of(const ProbeSpec& asked);

}  // namespace hopblame::trace
