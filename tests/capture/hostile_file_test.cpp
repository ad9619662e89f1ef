// Capture files cut anywhere and with any bit turned: what is read stays true, and the end is told.

#include <algorithm>

#include "capture/decode.hpp"
#include "capture/pcapng/journal.hpp"
#include "capture/pcapng/recorder.hpp"
#include "tests/capture/capture_files.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

Packet recorded() {
  Run run;
  run.goal.target = {IpAddress::parse(server).value(), 22};
  Recording recording{"eth0", {}, write_journal(run), "section"};
  for (const Packet& packet : {syn_v4(), icmp_error_v4(11, 0, syn_v4(), 28)})
    recording.frames.push_back({TimePoint(Duration(7)), 101, 100, packet, "note"});
  return as_packet(to_pcapng(recording));
}

Packet classic(PcapKind kind) {
  Writer file = pcap_header(kind, 101);
  add_record(file, kind, 1, 2, syn_v4());
  add_record(file, kind, 2, 3, icmp_error_v4(11, 0, syn_v4(), 28));
  add_record(file, kind, 3, 4, syn_v4(), 1500);
  return file.bytes;
}

std::vector<Packet> files() {
  const std::uint32_t nanoseconds = 0xa1b23c4d, kuznetzov = 0xa1b2cd34;
  return {recorded(), classic({}), classic({std::endian::big, nanoseconds}),
          classic({std::endian::little, kuznetzov})};
}

bool same_packet(const Read::Item& part, const Read::Item& whole) {
  return part.id == whole.id && part.at == whole.at && part.link_type == whole.link_type &&
         part.bytes.size() <= whole.bytes.size() &&
         std::equal(part.bytes.begin(), part.bytes.end(), whole.bytes.begin());
}

/// A start of the file gives a start of its frames; only the last may be cut.
void check_start(const Read& part, const Read& whole) {
  REQUIRE(part.frames.size() <= whole.frames.size());
  for (std::size_t i = 0; i < part.frames.size(); ++i) {
    REQUIRE(same_packet(part.frames[i], whole.frames[i]));
    if (i + 1 < part.frames.size()) REQUIRE(part.frames[i] == whole.frames[i]);
  }
  REQUIRE(part.error.empty() == !part.facts.truncated);
}

/// Whatever it says, within its bounds.
void check_bounds(const Read& read) {
  for (const auto& item : read.frames) {
    REQUIRE(item.original >= item.bytes.size());
    REQUIRE(item.at >= 0);
  }
  if (read.journal) static_cast<void>(read_journal(*read.journal));
}

}  // namespace

TEST_CASE("a capture cut anywhere says nothing that the whole one takes back", "[hostile]") {
  for (const Packet& file : files()) {
    const Read whole = read_bytes(file);
    REQUIRE(whole.frames.size() >= 2);
    for (std::size_t size = 0; size < file.size(); ++size) {
      const auto end = file.begin() + static_cast<std::ptrdiff_t>(size);
      check_start(read_bytes({file.begin(), end}), whole);
    }
  }
}

TEST_CASE("a capture with any one bit turned is survived", "[hostile]") {
  for (const Packet& file : files()) {
    for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
      Packet turned = file;
      turned[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      check_bounds(read_bytes(turned));
    }
  }
}
