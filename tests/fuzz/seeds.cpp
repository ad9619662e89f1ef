// Writes a few good inputs for every target: fuzz_seeds FOLDER.
#include <filesystem>
#include <fstream>

#include "capture/pcapng/journal.hpp"
#include "capture/pcapng/recorder.hpp"
#include "tests/capture/capture_files.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

std::filesystem::path folder;
int count = 0;

void seed(const char* target, const Packet& bytes) {
  std::filesystem::create_directories(folder / target);
  std::ofstream(folder / target / std::to_string(count++))
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

/// Places of the link types in decode_fuzz.cpp.
std::uint8_t place_of(int link_type) {
  const std::vector order{1, 101, 12, 228, 229, 113, 276, 0, 108, 9, 50, 51, 104, 105, 127};
  return static_cast<std::uint8_t>(std::find(order.begin(), order.end(), link_type) -
                                   order.begin());
}

std::string journal() {
  Run run;
  run.goal.host = "db.example\xff";
  run.goal.target = {IpAddress::parse(server).value(), 22};
  run.sends.resize(2);
  run.connect.emplace();
  run.others.resize(1);
  run.names = {{IpAddress::parse(router6).value(), "r2"}};
  return write_journal(run);
}

void seed_files() {
  Recording recording{"eth0", {}, journal(), "section"};
  const PcapKind big{std::endian::big, 0xa1b23c4d}, little,
      kuznetzov{std::endian::little, 0xa1b2cd34};
  for (const PcapKind kind : {big, little, kuznetzov}) {
    Writer file = pcap_header(kind, 101);
    add_record(file, kind, 1, 2, syn_v4());
    add_record(file, kind, 2, 3, icmp_error_v4(11, 0, syn_v4(), 28));
    seed("file", file.bytes);
  }
  for (const Named& packet : in_every_link_layer(syn_v4(), 0x0800))
    recording.frames.push_back(
        {TimePoint(Duration(7)), packet.link_type, 100, packet.bytes, "note"});
  seed("file", as_packet(to_pcapng(recording)));
  recording.frames.resize(1);
  seed("file", as_packet(to_pcapng(recording)));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  folder = argv[1];
  for (const Named& packet : golden_packets())
    seed("decode", Packet{place_of(packet.link_type), 255} + packet.bytes);
  for (const std::size_t kept : {28u, 60u}) {
    const Packet v4 = icmp_error_v4(11, 0, syn_v4(), kept),
                 v6 = icmp_error_v6(3, 0, syn_v6(), kept);
    seed("quote", Packet{0, 0, 16} + Packet(v4.begin() + 28, v4.end()));
    seed("quote", Packet{1, 0, 16} + Packet(v6.begin() + 48, v6.end()));
  }
  seed("journal", as_packet(journal()));
  seed_files();
}
