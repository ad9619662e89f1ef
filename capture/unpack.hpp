#pragma once
// gzip (RFC 1952) and zstd (RFC 8878) on the way in. What expands beyond all reason is cut off.

#include "capture/byte_stream.hpp"
#include "capture/cursor.hpp"

namespace hopblame {

enum class Packing : std::uint8_t { none, gzip, zstd };

[[nodiscard]] Packing packing_of(Bytes start);

/// The unpacked stream; nothing when this build lacks the library.
[[nodiscard]] std::unique_ptr<ByteStream> unpack(Packing packing,
                                                 std::unique_ptr<ByteStream> packed);

}  // namespace hopblame
