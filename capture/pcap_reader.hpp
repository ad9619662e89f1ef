#pragma once
// Classic pcap (draft-ietf-opsawg-pcap): both byte orders, micro- and nanoseconds, and the records
// of Kuznetzov's patched libpcap.

#include "capture/ends.hpp"
#include "capture/fixed_header.hpp"
#include "capture/frame.hpp"
#include "capture/intake.hpp"

namespace hopblame {

class PcapReader {
 public:
  static constexpr bool may_have_journal = false;
  [[nodiscard]] static bool recognizes(Bytes start);

  /// Reads the header of the file; false when it is cut off.
  [[nodiscard]] bool begin(Intake& in);
  /// The next frame; false at the end, orderly or not.
  [[nodiscard]] bool next(Intake& in, Frame& frame);

  /// Sound records that are in memory already: frames given before stay valid. 0: ask next().
  [[nodiscard]] std::size_t take_at_hand(Intake& in, std::span<Frame> room);

  /// The first thing found wrong, a fixed text; null when nothing was.
  [[nodiscard]] const char* damage() const { return damage_; }
  [[nodiscard]] std::uint64_t dropped() const { return 0; }
  [[nodiscard]] std::string_view journal() const { return {}; }
  [[nodiscard]] std::string_view comment() const { return {}; }
  [[nodiscard]] bool has_both_ends() const { return false; }
  void show_end(CaptureEnd) {}

 private:
  struct Record {
    std::uint64_t whole, fraction;
    std::uint32_t captured, original;
  };
  using Header = FixedHeader<16>;  ///< of a record; the least of it
  template <std::endian order>
  [[nodiscard]] static Record record_in(Header header);
  [[nodiscard]] Record record_at(Header header) const;
  template <std::endian order>
  [[nodiscard]] std::size_t take_in(Bytes& rest, std::span<Frame> room);
  void fill(Frame& frame, const Record& record, Bytes bytes);
  [[nodiscard]] bool damaged(const char* what);

  std::endian order_ = std::endian::big;
  bool lengths_swapped_ = false;
  std::uint64_t per_second_ = 1'000'000, nanoseconds_ = 1000;  ///< of its fractions; of each
  std::size_t record_header_ = 16;
  int link_type_ = 1;
  std::uint64_t count_ = 0;
  const char* damage_ = nullptr;
};

}  // namespace hopblame
