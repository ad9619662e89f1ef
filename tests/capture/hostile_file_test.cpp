// Capture files cut anywhere and with any bit turned: what is read stays true, and the end is told.

#include "capture/pcapng/journal.hpp"
#include "capture/pcapng/recorder.hpp"
#include "tests/capture/survival.hpp"
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

}  // namespace

TEST_CASE("a capture cut anywhere says nothing that the whole one takes back", "[hostile]") {
  for (const Packet& file : files()) {
    REQUIRE(read_bytes(file).frames.size() >= 2);
    check_prefixes(file);
  }
}

TEST_CASE("a capture with any one bit turned is survived", "[hostile]") {
  for (const Packet& file : files()) check_flips(file);
}
