#pragma once
// The short way from bytes to a Sighting, for the packets that large captures are made of: TCP, and
// ICMP errors that quote it, without fragments, extension headers or lengths that do not add up.

#include "analysis/model/sighting.hpp"
#include "capture/frame.hpp"

namespace hopblame {

/// False when the packet is not that plain; then sighting_of(decode(frame)) reads it. Where this
/// returns true the two are the same, but that packets of no attempt keep no key.
[[nodiscard]] bool glance(const Frame& frame, Sighting& seen) noexcept;

}  // namespace hopblame
