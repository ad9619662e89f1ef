#include "capture/pcapng/reader.hpp"

#include <algorithm>

#include "capture/fixed_header.hpp"
#include "capture/pcapng/format.hpp"

namespace hopblame::pcapng {
namespace {

constexpr std::size_t block_start = 8, block_frame = 12, section_start = 12;
constexpr std::size_t most_interfaces = 65536;

bool is_section(Bytes start) { return Cursor(start).u32() == section_header; }

/// The byte order the magic of a section header shows, when it shows one.
std::optional<std::endian> order_of(Bytes start) {
  for (const auto order : {std::endian::little, std::endian::big}) {
    Cursor in(start, order);
    in.skip(block_start);
    if (in.u32() == byte_order_magic) return order;
  }
  return {};
}

std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

constexpr std::size_t round_up(std::size_t value) { return (value + 3) / 4 * 4; }

}  // namespace

template <class Visit>
void Reader::each_option(Cursor in, Visit visit) const {
  while (in.left() >= 4) {
    const std::uint16_t code = in.u16();
    const std::size_t length = in.u16();
    const Bytes value = in.take(length);
    if (code == end_of_options || !in.ok()) return;
    visit(code, value);
    in.skip(std::min(round_up(length) - length, in.left()));
  }
}

bool Reader::recognizes(Bytes start) { return is_section(start) && order_of(start); }

bool Reader::begin(Intake& in) {
  Block block;
  return next_block(in, block) && block.type == section_header && start_section(block.body);
}

bool Reader::damaged(const char* what) {
  if (damage_ == nullptr) damage_ = what;
  return false;
}

/// A block is taken whole or not at all; a section header sets the byte order before its length is
/// read.
bool Reader::next_block(Intake& in, Block& block) {
  const Bytes start = in.peek(section_start);
  if (start.empty()) return false;
  if (is_section(start)) {
    const auto order = order_of(start);
    if (!order) return damaged("a section header without byte-order magic");
    order_ = *order;
  }
  Cursor header = cursor(start);
  block.type = header.u32();
  const std::size_t length = header.u32();
  if (!header.ok()) return damaged("the last block is cut short");
  if (length < block_frame || length % 4 != 0) return damaged("a block of impossible length");
  if (length > most_block) return damaged("a block of more than 16 MiB");
  const Bytes whole = in.take(length);
  if (whole.size() < length) return damaged("the last block is cut short");
  if (cursor(whole.last(4)).u32() != length) return damaged("a block with two different lengths");
  block.body = whole.subspan(block_start, length - block_frame);
  return true;
}

bool Reader::next(Intake& in, Frame& frame) {
  Block block;
  while (next_block(in, block)) {
    switch (block.type) {
      case section_header:
        if (!start_section(block.body)) return false;
        break;
      case interface_description:
        if (!add_interface(block.body)) return false;
        break;
      case interface_statistics: add_statistics(block.body); break;
      case custom_block:
        ++count_;  // a number of its own, as in Wireshark
        add_journal(block.body);
        break;
      case custom_block_not_copied:
      case system_journal: ++count_; break;
      default:
        if (read_packet(block, frame)) return true;
    }
  }
  return false;
}

/// An enhanced packet of a known interface, whole and sound: its length, 0 for all else.
template <std::endian order>
std::size_t Reader::take_sound(Bytes rest, Frame& frame) {
  constexpr std::size_t before = 28, after = 4;
  const auto header = FixedHeader<before + after>::of(rest);
  if (!header || header.template u32_in<order, 0>() != enhanced_packet) return 0;
  const std::size_t length = header.template u32_in<order, 4>();
  if (length < before + after || length % 4 != 0 || length > rest.size()) return 0;
  const auto end = FixedHeader<after>::of({rest.data() + length - after, after});
  const std::size_t interface = header.template u32_in<order, 8>();
  const std::size_t captured = header.template u32_in<order, 20>();
  const std::uint32_t original = header.template u32_in<order, 24>();
  const std::size_t padded = round_up(captured), most = length - before - after;
  if (!end || end.template u32_in<order, 0>() != length) return 0;
  if (interface >= interfaces_.size()) return 0;
  if (captured > most || padded > most || captured > original) return 0;
  const auto& known = interfaces_.data()[interface];
  last_ = known.clock.at(std::uint64_t{header.template u32_in<order, 12>()} << 32 |
                         header.template u32_in<order, 16>());
  frame = {FrameId{++count_}, last_, known.link_type, original, {rest.data() + before, captured}};
  options_ = {rest.data() + before + padded, most - padded};
  return length;
}

template <std::endian order>
std::size_t Reader::take_in(Intake& in, std::span<Frame> room) {
  const Bytes all = in.at_hand();
  Bytes rest = all;
  std::size_t count = 0;
  while (count < room.size()) {
    const auto length = take_sound<order>(rest, room.data()[count]);
    if (length == 0) break;
    rest = {rest.data() + length, rest.size() - length};
    ++count;
  }
  in.skip(all.size() - rest.size());
  return count;
}

std::size_t Reader::take_at_hand(Intake& in, std::span<Frame> room) {
  if (has_both_ends()) return 0;  // next() looks at whose each packet is
  return order_ == std::endian::little ? take_in<std::endian::little>(in, room)
                                       : take_in<std::endian::big>(in, room);
}

bool Reader::is_hidden(std::size_t interface) const {
  return has_both_ends() && interface < interfaces_.size() && interfaces_[interface].end != end_;
}

bool Reader::start_section(Bytes body) {
  Cursor in = cursor(body);
  in.skip(4);
  const unsigned major = in.u16();
  if (!in.ok() || major != 1) return damaged("a section of an unknown pcapng version");
  in.skip(std::min<std::size_t>(10, in.left()));  // minor version, length of the section
  is_ours_ = has_client_ = has_server_ = has_other_ = false;
  each_option(in, [&](std::uint16_t code, Bytes value) {
    if (code == section_application) is_ours_ = as_text(value) == our_application;
  });
  dropped_before_ = dropped();
  interfaces_.clear();
  return true;
}

bool Reader::add_interface(Bytes body) {
  Cursor in = cursor(body);
  Interface interface;
  interface.link_type = in.u16();
  in.skip(2);
  interface.snap_length = in.u32();
  if (!in.ok()) return damaged("an interface block cut short");
  if (interfaces_.size() == most_interfaces) return damaged("more than 65536 interfaces");
  each_option(in, [&](std::uint16_t code, Bytes value) {
    Cursor number = cursor(value);
    if (code == interface_resolution && value.size() == 1)
      interface.clock.set_resolution(number.u8());
    if (code == interface_name && as_text(value) == client_interface)
      interface.end = CaptureEnd::client;
    if (code == interface_name && as_text(value) == server_interface)
      interface.end = CaptureEnd::server;
    if (code == interface_offset && value.size() == 8)
      interface.clock.set_offset(static_cast<std::int64_t>(number.u64()));
  });
  has_client_ = has_client_ || interface.end == CaptureEnd::client;
  has_server_ = has_server_ || interface.end == CaptureEnd::server;
  has_other_ = has_other_ || !interface.end;
  interfaces_.push_back(interface);
  return true;
}

/// The last statistics of an interface count from its start.
void Reader::add_statistics(Bytes body) {
  Cursor in = cursor(body);
  const std::size_t id = in.u32();
  in.skip(8);
  if (!in.ok() || id >= interfaces_.size()) return;
  std::uint64_t lost = 0;
  each_option(in, [&](std::uint16_t code, Bytes value) {
    if ((code == statistics_interface_drop || code == statistics_os_drop) && value.size() == 8)
      lost += cursor(value).u64();
  });
  interfaces_[id].dropped = lost;
}

std::uint64_t Reader::dropped() const {
  std::uint64_t sum = dropped_before_;
  for (const Interface& interface : interfaces_) sum += interface.dropped;
  return sum;
}

void Reader::add_journal(Bytes body) {
  Cursor in = cursor(body);
  const bool enterprise = in.u32() == enterprise_number;
  const bool ours = as_text(in.take(journal_magic.size())) == journal_magic;
  const Bytes piece = in.take(in.u32());
  if (!in.ok() || !enterprise || !ours) return;
  if (piece.size() > most_journal - journal_.size()) return;
  journal_ += as_text(piece);
}

bool Reader::read_packet(const Block& block, Frame& frame) {
  options_ = {};
  switch (block.type) {
    case enhanced_packet: return read_enhanced(block.body, frame);
    case simple_packet: return read_simple(block.body, frame);
    case obsolete_packet: return read_obsolete(block.body, frame);
    default: return false;
  }
}

bool Reader::read_enhanced(Bytes body, Frame& frame) {
  Cursor in = cursor(body);
  const std::size_t interface = in.u32();
  if (is_hidden(interface)) {
    ++count_;
    return false;
  }
  return read_stamped(in, interface, frame);
}

bool Reader::read_obsolete(Bytes body, Frame& frame) {
  Cursor in = cursor(body);
  const std::size_t interface = in.u16();
  in.skip(2);  // drops
  return read_stamped(in, interface, frame);
}

/// Both kinds go on with the time in two halves, two lengths, the bytes, and options.
bool Reader::read_stamped(Cursor in, std::size_t interface, Frame& frame) {
  ++count_;
  const std::uint64_t high = in.u32(), low = in.u32();
  const std::size_t captured = in.u32();
  const std::uint32_t original = in.u32();
  if (!in.ok()) return damaged("a packet block cut short");
  if (interface >= interfaces_.size()) return damaged("a packet of an unknown interface");
  if (captured > in.left()) damaged("a packet block shorter than its packet");
  if (captured > original) damaged("a record holds more bytes than its packet had");
  last_ = interfaces_[interface].clock.at(high << 32 | low);
  frame.bytes = in.take(std::min(captured, in.left()));
  in.skip(std::min(round_up(captured) - captured, in.left()));
  options_ = in.rest();
  frame.id = FrameId{count_};
  frame.at = last_;
  frame.link_type = interfaces_[interface].link_type;
  frame.original_length = std::max(original, static_cast<std::uint32_t>(frame.bytes.size()));
  return true;
}

/// Of interface 0, without a time: it gets the time of the frame before it.
bool Reader::read_simple(Bytes body, Frame& frame) {
  ++count_;
  Cursor in = cursor(body);
  const std::uint32_t original = in.u32();
  if (!in.ok()) return damaged("a packet block cut short");
  if (interfaces_.empty()) return damaged("a packet of an unknown interface");
  const std::size_t snap = interfaces_[0].snap_length;
  const std::size_t captured = snap == 0 ? original : std::min<std::size_t>(snap, original);
  if (captured > in.left()) damaged("a packet block shorter than its packet");
  frame.bytes = in.take(std::min(captured, in.left()));
  frame.id = FrameId{count_};
  frame.at = last_;
  frame.link_type = interfaces_[0].link_type;
  frame.original_length = original;
  return true;
}

std::string_view Reader::comment() const {
  std::string_view found;
  each_option(cursor(options_), [&](std::uint16_t code, Bytes value) {
    if (code == pcapng::comment && found.empty()) found = as_text(value);
  });
  return found;
}

}  // namespace hopblame::pcapng
