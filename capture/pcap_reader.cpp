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

template <std::endian order>
inline PcapReader::Record PcapReader::record_in(Header header) {
  return {header.u32_in<order, 0>(), header.u32_in<order, 4>(), header.u32_in<order, 8>(),
          header.u32_in<order, 12>()};
}

PcapReader::Record PcapReader::record_at(Header header) const {
  auto record = order_ == std::endian::little ? record_in<std::endian::little>(header)
                                              : record_in<std::endian::big>(header);
  if (lengths_swapped_) std::swap(record.captured, record.original);
  return record;
}

inline void PcapReader::fill(Frame& frame, const Record& record, Bytes bytes) {
  const std::uint64_t stamp = record.whole * 1'000'000'000 + record.fraction * nanoseconds_;
  frame.id = FrameId{++count_};
  frame.at = TimePoint(Duration(stamp));
  frame.link_type = link_type_;
  frame.original_length = std::max(record.original, record.captured);
  frame.bytes = bytes;
}

bool PcapReader::recognizes(Bytes start) {
  return is_magic(Cursor(start, std::endian::big).u32()) ||
         is_magic(Cursor(start, std::endian::little).u32());
}

bool PcapReader::begin(Intake& in) {
  const Bytes bytes = in.take(file_header);
  order_ = is_magic(Cursor(bytes).u32()) ? std::endian::big : std::endian::little;
  Cursor header(bytes, order_);
  const std::uint32_t magic = header.u32();
  if (magic == nanoseconds) {
    per_second_ = 1'000'000'000;
    nanoseconds_ = 1;
  }
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
  const auto header = Header::of(start);
  if (!header || start.size() < record_header_) return damaged("the last record is cut short");
  const auto record = record_at(header);
  if (record.captured > most_captured) return damaged("a record claims more than 16 MiB");
  if (record.fraction >= per_second_)
    static_cast<void>(damaged("a time stamp has more than a second of fractions"));
  if (record.captured > record.original)
    static_cast<void>(damaged("a record holds more bytes than its packet had"));
  const Bytes bytes = in.take(record.captured);
  if (bytes.size() < record.captured) return damaged("the last record is cut short");
  fill(frame, record, bytes);
  return true;
}

template <std::endian order>
std::size_t PcapReader::take_in(Bytes& rest, std::span<Frame> room) {
  std::size_t count = 0;
  while (count < room.size()) {
    const auto header = Header::of(rest);
    if (!header || rest.size() < record_header_) break;
    const auto record = record_in<order>(header);
    const std::size_t whole = record_header_ + record.captured;
    const bool sound = record.fraction < per_second_ && record.captured <= record.original;
    if (!sound || record.captured > most_captured || whole > rest.size()) break;
    fill(room.data()[count++], record, {rest.data() + record_header_, record.captured});
    rest = {rest.data() + whole, rest.size() - whole};
  }
  return count;
}

std::size_t PcapReader::take_at_hand(Intake& in, std::span<Frame> room) {
  if (lengths_swapped_) return 0;  // one by one: these are rare
  const Bytes all = in.at_hand();
  Bytes rest = all;
  const auto count = order_ == std::endian::little ? take_in<std::endian::little>(rest, room)
                                                   : take_in<std::endian::big>(rest, room);
  in.skip(all.size() - rest.size());
  return count;
}

}  // namespace hopblame
