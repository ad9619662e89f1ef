#pragma once
// Classic pcap (draft-ietf-opsawg-pcap): both byte orders, micro- and nanoseconds, and the records
// of Kuznetzov's patched libpcap.

#include "capture/frame.hpp"
#include "capture/intake.hpp"

namespace hopblame {

class PcapReader {
 public:
  [[nodiscard]] static bool recognizes(Bytes start);

  /// Reads the header of the file; false when it is cut off.
  [[nodiscard]] bool begin(Intake& in);
  /// The next frame; false at the end, orderly or not.
  [[nodiscard]] bool next(Intake& in, Frame& frame);

  /// The next record is in memory: next() will not touch the frames before it.
  [[nodiscard]] bool is_at_hand(const Intake& in) const {
    const Bytes bytes = in.at_hand();
    if (bytes.size() < record_header_) return false;
    Cursor header(bytes, order_);
    header.skip(lengths_swapped_ ? 12 : 8);
    return bytes.size() - record_header_ >= header.u32();
  }

  /// The first thing found wrong, a fixed text; null when nothing was.
  [[nodiscard]] const char* damage() const { return damage_; }
  [[nodiscard]] std::uint64_t dropped() const { return 0; }
  [[nodiscard]] std::string_view journal() const { return {}; }
  [[nodiscard]] std::string_view comment() const { return {}; }

 private:
  [[nodiscard]] bool damaged(const char* what);

  std::endian order_ = std::endian::big;
  bool nanoseconds_ = false, lengths_swapped_ = false;
  std::size_t record_header_ = 16;
  int link_type_ = 1;
  std::uint64_t count_ = 0;
  const char* damage_ = nullptr;
};

}  // namespace hopblame
