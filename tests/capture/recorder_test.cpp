#include "capture/pcapng/recorder.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "tests/capture/capture_files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

/// Standard output of a command, or nothing when it is not installed.
std::optional<std::string> output_of(const std::string& program, const std::string& arguments) {
  if (std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) != 0) return {};
  FILE* pipe = ::popen((program + " " + arguments + " 2>/dev/null").c_str(), "r");
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  return ::pclose(pipe) == 0 ? std::optional(out) : std::optional<std::string>("failed");
}

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

std::string slurp(const std::filesystem::path& path) {
  FILE* file = std::fopen(path.c_str(), "rb");
  REQUIRE(file != nullptr);
  std::string out;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) out += static_cast<char>(c);
  std::fclose(file);
  return out;
}

StoredFrame stored(int link_type, const Packet& bytes, const char* comment = "") {
  return {TimePoint(Duration(1'700'000'000'123'456'789)), link_type,
          static_cast<std::uint32_t>(bytes.size()), bytes, comment};
}

Recording recording() {
  return {
      "eth0",
      {stored(101, syn_v4(), "the SYN"), stored(276, Packet{0x08, 0x00} + Packet(18, 0) + syn_v4()),
       stored(101, icmp_error_v4(3, 13, syn_v4(), 28))},
      "{\"x\":1}",
      "about this run",
      {}};
}

}  // namespace

TEST_CASE("tshark reads what the recorder writes", "[recorder]") {
  const TemporaryFolder folder;
  const std::string path = folder.path / "trace.pcapng";
  REQUIRE(write_whole(path, to_pcapng(recording())) == 0);
  const auto text = output_of("tshark", "-r " + path +
                                            " -Y ip -T fields -E separator=, -E occurrence=f -e "
                                            "frame.number -e frame.time_epoch -e frame.comment"
                                            " -e ip.proto -e icmp.code -e frame.interface_name");
  if (!text) {
    WARN("skipped: tshark is not installed");
    return;
  }
  CHECK(*text ==
        "1,1700000000.123456789,the SYN,6,,eth0\n"
        "2,1700000000.123456789,,6,,eth0\n"
        "3,1700000000.123456789,,1,13,eth0\n");
}

TEST_CASE("capinfos reads what the recorder writes", "[recorder]") {
  const TemporaryFolder folder;
  const std::string path = folder.path / "trace.pcapng";
  REQUIRE(write_whole(path, to_pcapng(recording())) == 0);
  const auto text = output_of("capinfos", path);
  if (!text) {
    WARN("skipped: capinfos is not installed");
    return;
  }
  CHECK(contains(*text, "Number of packets:   3"));
  CHECK(contains(*text, "hopblame"));
  CHECK(contains(*text, "about this run"));
}

TEST_CASE("tcpdump reads what the recorder writes, also without a frame", "[recorder]") {
  const TemporaryFolder folder;
  const std::string path = folder.path / "trace.pcapng";
  Recording one_type = recording();
  one_type.frames.erase(one_type.frames.begin() + 1);
  REQUIRE(write_whole(path, to_pcapng(one_type)) == 0);
  const auto text = output_of("tcpdump", "-nn -r " + path);
  if (!text) {
    WARN("skipped: tcpdump is not installed");
    return;
  }
  CHECK(contains(*text, "192.0.2.7.40001 > 203.0.113.10.22: Flags [S]"));
  one_type.frames.clear();
  REQUIRE(write_whole(path, to_pcapng(one_type)) == 0);
  CHECK(*output_of("tcpdump", "-nn -r " + path) == "");
}

TEST_CASE("a name from outside cannot reach a terminal through the file", "[recorder]") {
  Recording nasty;
  nasty.interface = "e\x1b[31m\xff";
  const std::string bytes = to_pcapng(nasty);
  CHECK(bytes.find('\x1b') == std::string::npos);
  CHECK(bytes.find("e\\x1b[31m\\xff") != std::string::npos);
}

TEST_CASE("names stand beside their addresses, none too long or able to act", "[recorder]") {
  Recording with_names;
  with_names.names = {{IpAddress::parse("198.51.100.2").value(), "r2.example"},
                      {IpAddress::parse("2001:db8::2").value(), std::string(300, 'x') + "y\x1b"}};
  const std::string bytes = to_pcapng(with_names);
  CHECK(bytes.find(std::string("\xc6\x33\x64\x02r2.example", 14) + '\0') != std::string::npos);
  CHECK(bytes.find("\x20\x01\x0d\xb8") != std::string::npos);
  CHECK(bytes.find(std::string(255, 'x') + '\0') != std::string::npos);
  CHECK(bytes.find('\x1b') == std::string::npos);
  CHECK(bytes.find('y') == std::string::npos);
  CHECK(read_bytes({bytes.begin(), bytes.end()}).error.empty());
}

TEST_CASE("a file is written whole or not at all", "[recorder]") {
  const TemporaryFolder folder;
  const std::string path = folder.path / "report.json";
  REQUIRE(write_whole(path, "first") == 0);
  REQUIRE(write_whole(path, "second") == 0);
  CHECK(slurp(path) == "second");
  CHECK(write_whole(folder.path / "no/such/folder", "x") == ENOENT);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);
}

TEST_CASE("a full device is told, and stays a device", "[recorder]") {
  CHECK(write_whole("/dev/full", "x") == ENOSPC);
  CHECK(std::filesystem::is_character_file("/dev/full"));
}

TEST_CASE("A recording of two captures has an interface for each end", "[recorder]") {
  Recording both = recording();
  both.frames[0].end = both.frames[2].end = CaptureEnd::client;
  both.frames[1].end = CaptureEnd::server;
  const std::string file = to_pcapng(both);
  const auto numbers = [&](std::optional<CaptureEnd> end) {
    auto opened = open_bytes({file.begin(), file.end()});
    auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
    if (end) source.show_end(*end);
    std::vector<std::uint64_t> found;
    std::array<Frame, 2> room;
    while (const auto count = source.next_frames(room))
      for (std::size_t i = 0; i < count; ++i) found.push_back(room[i].id.value);
    CHECK(source.has_both_ends());
    CHECK_FALSE(source.facts().truncated);
    return found;
  };
  CHECK(numbers({}) == std::vector<std::uint64_t>{1, 3});
  CHECK(numbers(CaptureEnd::client) == std::vector<std::uint64_t>{1, 3});
  CHECK(numbers(CaptureEnd::server) == std::vector<std::uint64_t>{2});
}

TEST_CASE("Interfaces of somebody else may be named client and server", "[recorder]") {
  Recording both = recording();
  both.frames[0].end = CaptureEnd::client;
  both.frames[1].end = CaptureEnd::server;
  const auto is_whole = [](const std::string& file) {
    auto opened = open_bytes({file.begin(), file.end()});
    auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
    std::array<Frame, 4> room;
    std::size_t all = 0;
    while (const auto count = source.next_frames(room)) all += count;
    return all == 3 && !source.has_both_ends();
  };
  CHECK(is_whole(to_pcapng(both)));  // and a third one that is neither
  both.frames[2].end = CaptureEnd::client;
  std::string file = to_pcapng(both);
  CHECK_FALSE(is_whole(file));
  const std::string ours("\x04\0\x08\0hopblame", 12);
  CHECK(is_whole(file.replace(file.find(ours), ours.size(), ours.substr(0, 4) + "dumpcap\n")));
}
