#pragma once
// A probe to the bytes of an IP packet, header included, checksums right (or wrong on purpose for
// ProbeKind::syn_bad_checksum). Built with libtins.

#include <cstdint>
#include <vector>

#include "analysis/model/probe.hpp"

namespace hopblame {

[[nodiscard]] std::vector<std::uint8_t> craft(const ProbeSpec& spec);

}  // namespace hopblame
