#include "capture/pcap_reader.hpp"

namespace hopblame {
namespace {

constexpr std::uint32_t microseconds = 0xa1b2c3d4, nanoseconds = 0xa1b23c4d, kuznetzov = 0xa1b2cd34;
constexpr std::size_t file_header = 24, kuznetzov_record = 24;
constexpr std::uint32_t most_captured = std::uint32_t{16} << 20;

bool is_magic(std::uint32_t value) {
  return value == microseconds || value == nanoseconds || value == kuznetzov;
}

}  // namespace

bool PcapReader::recognizes(Bytes start) {
  return is_magic(Cursor(start, std::endian::big).u32()) ||
         is_magic(Cursor(start, std::endian::little).u32());
}

bool PcapReader::begin(Intake& in) {
  const Bytes bytes = in.take(file_header);
  order_ = is_magic(Cursor(bytes).u32()) ? std::endian::big : std::endian::little;
  Cursor header(bytes, order_);
  const std::uint32_t magic = header.u32();
  nanoseconds_ = magic == nanoseconds;
  if (magic == kuznetzov) record_header_ = kuznetzov_record;
  const unsigned major = header.u16(), minor = header.u16();
  lengths_swapped_ = major == 2 && minor < 3;  // as libpcap knows of the oldest files
  header.skip(12);                             // zone, precision, snap length
  link_type_ = static_cast<int>(header.u32() & 0x03ffffff);
  return header.ok();
}

bool PcapReader::damaged(const char* what) {
  if (damage_ == nullptr) damage_ = what;
  return false;
}

bool PcapReader::next(Intake& in, Frame& frame) {
  const Bytes start = in.take(record_header_);
  if (start.empty()) return false;
  Cursor header(start, order_);
  const std::uint64_t whole = header.u32(), fraction = header.u32();
  std::uint32_t captured = header.u32(), original = header.u32();
  header.skip(record_header_ - 16);
  if (!header.ok()) return damaged("the last record is cut short");
  if (lengths_swapped_) std::swap(captured, original);
  if (captured > most_captured) return damaged("a record claims more than 16 MiB");
  if (fraction >= (nanoseconds_ ? 1'000'000'000u : 1'000'000u))
    static_cast<void>(damaged("a time stamp has more than a second of fractions"));
  if (captured > original)
    static_cast<void>(damaged("a record holds more bytes than its packet had"));
  frame.bytes = in.take(captured);
  if (frame.bytes.size() < captured) return damaged("the last record is cut short");
  const std::uint64_t stamp = whole * 1'000'000'000 + fraction * (nanoseconds_ ? 1 : 1000);
  frame.id = FrameId{++count_};
  frame.at = TimePoint(Duration(stamp));
  frame.link_type = link_type_;
  frame.original_length = std::max(original, captured);
  return true;
}

}  // namespace hopblame
