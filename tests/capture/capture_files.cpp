#include "tests/capture/capture_files.hpp"

namespace hopblame::test {

Writer& Writer::number(std::uint64_t value, unsigned size) {
  for (unsigned i = 0; i < size; ++i) {
    const unsigned shift = order_ == std::endian::little ? i : size - 1 - i;
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * shift)));
  }
  return *this;
}

Writer& Writer::raw(const Packet& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
  return *this;
}

Writer& Writer::pad() {
  while (bytes.size() % 4 != 0) bytes.push_back(0);
  return *this;
}

Writer& Writer::option(unsigned code, const Packet& value) {
  return u16(code).u16(value.size()).raw(value).pad();
}

Writer& Writer::block(std::uint32_t type, const Writer& body) {
  const std::size_t length = body.bytes.size() + 12;
  return u32(type).u32(length).raw(body.bytes).u32(length);
}

Packet as_packet(const std::string& text) { return {text.begin(), text.end()}; }

Writer pcap_header(PcapKind kind, unsigned link_type) {
  Writer file(kind.order);
  file.u32(kind.magic).u16(2).u16(4).u32(0).u32(0).u32(262144).u32(link_type);
  return file;
}

void add_record(Writer& file, PcapKind kind, std::uint32_t whole, std::uint32_t fraction,
                const Packet& bytes, std::optional<std::uint32_t> original) {
  file.u32(whole).u32(fraction).u32(bytes.size()).u32(original.value_or(bytes.size()));
  if (kind.magic == 0xa1b2cd34) file.u32(1).u32(0);
  file.raw(bytes);
}

void add_section(Writer& file, std::endian order) {
  Writer body(order);
  body.u32(0x1a2b3c4d).u16(1).u16(0).u64(~0ull);
  Writer block(order);
  block.block(0x0a0d0d0a, body);
  file.raw(block.bytes);
}

void add_interface(Writer& file, std::endian order, unsigned link_type, std::uint32_t snap,
                   std::optional<std::uint8_t> resolution, std::optional<std::int64_t> offset) {
  Writer body(order), block(order);
  body.u16(link_type).u16(0).u32(snap);
  if (resolution) body.option(9, {*resolution});
  if (offset) {
    Writer value(order);
    value.u64(static_cast<std::uint64_t>(*offset));
    body.option(14, value.bytes);
  }
  file.raw(block.block(1, body).bytes);
}

void add_enhanced(Writer& file, std::endian order, std::uint32_t interface, std::uint64_t ticks,
                  const Packet& bytes, const std::string& comment) {
  Writer body(order), block(order);
  body.u32(interface).u32(ticks >> 32).u32(ticks & 0xffffffff);
  body.u32(bytes.size()).u32(bytes.size()).raw(bytes).pad();
  if (!comment.empty()) body.option(1, as_packet(comment)).option(0, {});
  file.raw(block.block(6, body).bytes);
}

namespace {

Read::Item item_of(const Frame& frame) {
  return {frame.id.value,
          frame.at.time_since_epoch().count(),
          frame.link_type,
          frame.original_length,
          Packet(frame.bytes.begin(), frame.bytes.end()),
          {}};
}

void finish(Read& read, const FileSource& source, const PacketEvent& end) {
  read.error = std::get<End>(end).error;
  read.facts = source.facts();
  read.journal = source.journal();
}

}  // namespace

Read read_all(OpenedFile opened) {
  Read read;
  if (const auto* error = std::get_if<FileError>(&opened)) {
    read.refused = error->text;
    return read;
  }
  FileSource& source = *std::get<std::unique_ptr<FileSource>>(opened);
  auto event = source.next(TimePoint{});
  for (; std::holds_alternative<Frame>(event); event = source.next(TimePoint{})) {
    read.frames.push_back(item_of(std::get<Frame>(event)));
    read.frames.back().comment = source.comment();
  }
  finish(read, source, event);
  return read;
}

Read read_together(OpenedFile opened) {
  Read read;
  if (const auto* error = std::get_if<FileError>(&opened)) {
    read.refused = error->text;
    return read;
  }
  FileSource& source = *std::get<std::unique_ptr<FileSource>>(opened);
  std::array<Frame, 5> room;
  while (const auto count = source.next_frames(room))
    for (const Frame& frame : std::span(room).first(count)) read.frames.push_back(item_of(frame));
  finish(read, source, source.next(TimePoint{}));
  return read;
}

bool same_without_comments(Read one, Read other) {
  for (auto* read : {&one, &other})
    for (auto& item : read->frames) item.comment.clear();
  return one.frames == other.frames && one.facts == other.facts && one.journal == other.journal &&
         one.error == other.error && one.refused == other.refused;
}

}  // namespace hopblame::test
