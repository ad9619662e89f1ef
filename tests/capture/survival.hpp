#pragma once
// What must hold of a packet or file that was cut or changed: bounds are kept, and less of it never
// says what more of it takes back. For REQUIRE of Catch2.

#include "tests/capture/capture_files.hpp"

namespace hopblame::test {

void check_bounds(const Observation& seen);
/// The packet cut after every `step` bytes, in memory of exactly that size so that ASan sees one
/// more, against the whole of it.
void check_prefixes(const Named& packet, std::size_t step);
/// The packet with every single bit turned, and these cut after every few bytes.
void check_flips(const Named& packet);

/// The file cut after every byte gives a start of its frames; only the last may be cut.
void check_prefixes(const Packet& file);
/// The file with every single bit turned: whatever it says, within bounds.
void check_flips(const Packet& file);

}  // namespace hopblame::test
