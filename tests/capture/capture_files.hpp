#pragma once
// Capture files made byte by byte, for the tests of the readers.

#include <bit>
#include <optional>

#include "capture/file_source.hpp"
#include "tests/capture/packets.hpp"

namespace hopblame::test {

/// Bytes in a chosen byte order.
class Writer {
 public:
  explicit Writer(std::endian order) : order_(order) {}

  Writer& u16(std::uint64_t value) { return number(value, 2); }
  Writer& u32(std::uint64_t value) { return number(value, 4); }
  Writer& u64(std::uint64_t value) { return number(value, 8); }
  Writer& raw(const Packet& bytes);
  Writer& pad();
  /// A pcapng option, padded.
  Writer& option(unsigned code, const Packet& value);
  /// A pcapng block with both lengths.
  Writer& block(std::uint32_t type, const Writer& body);

  Packet bytes;

 private:
  Writer& number(std::uint64_t value, unsigned size);
  std::endian order_;
};

struct PcapKind {
  std::endian order = std::endian::little;
  std::uint32_t magic = 0xa1b2c3d4;
};

Writer pcap_header(PcapKind kind, unsigned link_type);
void add_record(Writer& file, PcapKind kind, std::uint32_t whole, std::uint32_t fraction,
                const Packet& bytes, std::optional<std::uint32_t> original = {});

void add_section(Writer& file, std::endian order);
void add_interface(Writer& file, std::endian order, unsigned link_type, std::uint32_t snap = 0,
                   std::optional<std::uint8_t> resolution = {},
                   std::optional<std::int64_t> offset = {});
void add_enhanced(Writer& file, std::endian order, std::uint32_t interface, std::uint64_t ticks,
                  const Packet& bytes, const std::string& comment = "");

Packet as_packet(const std::string& text);

/// Everything a source gives.
struct Read {
  struct Item {
    std::uint64_t id = 0;
    Duration::rep at = 0;
    int link_type = 0;
    std::uint32_t original = 0;
    Packet bytes;
    std::string comment;
    bool operator==(const Item&) const = default;
  };
  std::vector<Item> frames;
  CaptureFacts facts;
  std::optional<std::string> journal;
  std::string error;    ///< of End
  std::string refused;  ///< FileError
};

Read read_all(OpenedFile opened);
/// The same, several frames at a time, which tells no comments.
Read read_together(OpenedFile opened);
bool same_without_comments(Read one, Read other);
inline Read read_bytes(const Packet& bytes) { return read_all(open_bytes(bytes, "test")); }

}  // namespace hopblame::test
