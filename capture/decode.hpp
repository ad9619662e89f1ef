#pragma once
// Bytes to an Observation. Total: whatever comes, it returns; what cannot be read is Unreadable.
//
// A capture cut short yields less, never something else. flow.transport is 0 for ARP and where no
// transport was reached; ports are 0 where they are cut off or there are none. An unknown transport
// keeps its number and addresses.

#include "analysis/model/ip_piece.hpp"
#include "analysis/model/observation.hpp"
#include "capture/cursor.hpp"
#include "capture/frame.hpp"

namespace hopblame {

[[nodiscard]] Observation decode(const Frame& frame) noexcept;

/// decode() leaves the checksum of a segment with data alone: that would have to read all of it.
void check_data(Observation& seen, const Frame& frame) noexcept;

/// Absent: the packet is whole.
[[nodiscard]] std::optional<IpPiece> piece_of(const Frame& frame) noexcept;

/// See Observation.
[[nodiscard]] std::uint32_t interface_index_of(int link_type, Bytes frame) noexcept;

}  // namespace hopblame
