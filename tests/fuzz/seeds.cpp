// Writes good inputs for every target: fuzz_seeds FOLDER [CAPTURES...].
#include <filesystem>
#include <fstream>
#include <utility>

#include "capture/decode.hpp"
#include "capture/file_source.hpp"
#include "capture/pcapng/journal.hpp"
#include "capture/pcapng/recorder.hpp"
#include "tests/capture/capture_files.hpp"
#include "tests/fuzz/judges_input.hpp"
#include "tests/src/report/cases.hpp"

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

std::string journal(std::size_t sends) {
  Run run;
  run.goal.host = "db.example\xff";
  run.goal.target = {IpAddress::parse(server).value(), 22};
  run.sends.resize(sends);
  run.connect.emplace();
  run.others.resize(1);
  run.names = {{IpAddress::parse(router6).value(), "r2"}};
  return write_journal(run);
}

void seed_files() {
  Recording recording{"eth0", {}, journal(0), "section"};
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

/// Every byte after the name is text; the first byte chooses a sink, the second a report.
void seed_reports() {
  for (std::uint8_t sink = 0; sink < 7; ++sink) {
    const auto& texts = cases::nasty_strings();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string four = texts[i] + '\xfe' + texts[(i + 5) % texts.size()] + '\xfe' +
                               texts[(i + 9) % texts.size()] + '\xfe' + texts[i];
      seed("report", Packet{sink, static_cast<std::uint8_t>(i)} + as_packet(four));
    }
  }
}

void seed_commands() {
  using namespace std::string_literals;
  for (const auto& line :
       {"db.example.com\0"
        "22"s,
        "probe\0[2001:db8::1]:443\0-4\0-n"s, "-6\0-p\0ssh\0host"s,
        "192.0.2.1:22\0-w\0"
        "0.5\0-q\0"
        "3\0-m\0"
        "30\0--rate\0"
        "50"s,
        "read\0a.pcap\0-\0--filter\0tcp port 22\0--target\0h:22\0--local\0"
        "192.0.2.7\0--all"s,
        "demo\0--list"s, "demo\0r2-reset\0-6\0--save\0x/\0--force"s, "explain\0refused"s,
        "compare\0a\0b\0--json"s,
        "watch\0host\0--control-port\0"
        "61000\0--interval\0"
        "30\0--count\0"
        "3"s,
        "host\0--dry-run\0--redact-key\0key"s,
        "host\0-i\0eth0\0-s\0"
        "192.0.2.7\0--no-handshake\0--format\0md\0--redact"s,
        "--help"s, "read\0--help"s, "--version"s, "host\0--color=always\0--unprivileged"s})
    seed("command", as_packet(line));
}

/// A stored capture, with its journal and without.
void seed_judges(FileSource& source) {
  Recording recording;
  for (auto event = source.next({}); std::holds_alternative<Frame>(event);
       event = source.next({})) {
    const auto& frame = std::get<Frame>(event);
    recording.frames.push_back({frame.at,
                                frame.link_type,
                                frame.original_length,
                                {frame.bytes.begin(), frame.bytes.end()},
                                {}});
  }
  if (recording.frames.size() > 150) return;
  recording.journal = source.journal().value_or("");
  seed("judges", as_packet(judges_input(recording)));
  if (std::exchange(recording.journal, {}).empty()) return;
  seed("judges", as_packet(judges_input(recording)));
}

/// The start of a stored capture, and its packets.
void seed_capture(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  auto opened = open_bytes({bytes.begin(), bytes.end()});
  if (std::holds_alternative<FileError>(opened)) return;
  auto again = open_bytes({bytes.begin(), bytes.end()});
  seed_judges(*std::get<std::unique_ptr<FileSource>>(again));
  seed("file", as_packet(bytes.substr(0, 2048)));
  auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
  for (int number = 0; number < 200; ++number) {
    const auto event = source.next(TimePoint{});
    const auto* frame = std::get_if<Frame>(&event);
    if (frame == nullptr) return;
    if (number % 5 != 0) continue;
    const Packet packet(frame->bytes.begin(), frame->bytes.end());
    seed("decode", Packet{place_of(frame->link_type), 255} + packet);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  folder = argv[1];
  for (int i = 2; i < argc; ++i) seed_capture(argv[i]);
  seed_reports();
  seed_commands();
  for (const Named& packet : golden_packets())
    seed("decode", Packet{place_of(packet.link_type), 255} + packet.bytes);
  for (const std::size_t kept : {28u, 60u}) {
    const Packet v4 = icmp_error_v4(11, 0, syn_v4(), kept),
                 v6 = icmp_error_v6(3, 0, syn_v6(), kept);
    seed("quote", Packet{0, 16} + Packet(v4.begin() + 28, v4.end()));
    seed("quote", Packet{1, 16} + Packet(v6.begin() + 48, v6.end()));
  }
  for (const std::size_t sends : {0u, 1u, 2u}) seed("journal", as_packet(journal(sends)));
  seed_files();
}
