// Our decoder against tshark: flow, flags, numbers, ICMP type and code, and what is quoted.
#include <fmt/ranges.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "capture/pcapng/recorder.hpp"
#include "tests/capture/packets.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::test;

namespace {

/// The fields of tshark, in this order; of a quote tshark gives them after those of the error.
constexpr const char* fields =
    " -e frame.comment -e ip.src -e ip.dst -e ipv6.src -e ipv6.dst -e ip.ttl -e ipv6.hlim"
    " -e tcp.srcport -e tcp.dstport -e udp.srcport -e udp.dstport -e tcp.seq -e tcp.ack"
    " -e tcp.flags -e icmp.type -e icmp.code -e icmpv6.type -e icmpv6.code";

using Row = std::array<std::string, 17>;
enum Column {
  v4_from,
  v4_to,
  v6_from,
  v6_to,
  ttl,
  hop_limit,
  tcp_from,
  tcp_to,
  udp_from,
  udp_to,
  sequence,
  acknowledgment,
  flags,
  v4_type,
  v4_code,
  v6_type,
  v6_code
};

void add(Row& row, std::size_t column, const std::string& value) {
  row[column] += (row[column].empty() ? "" : ",") + value;
}

void add_flow(Row& row, const Flow& flow, HopLimit limit) {
  const bool v4 = flow.source.address.family == Family::ipv4;
  add(row, v4 ? v4_from : v6_from, to_string(flow.source.address));
  add(row, v4 ? v4_to : v6_to, to_string(flow.destination.address));
  add(row, v4 ? ttl : hop_limit, std::to_string(limit.value));
  if (flow.transport != Transport::tcp && flow.transport != Transport::udp) return;
  const bool tcp = flow.transport == Transport::tcp;
  add(row, tcp ? tcp_from : udp_from, std::to_string(flow.source.port));
  add(row, tcp ? tcp_to : udp_to, std::to_string(flow.destination.port));
}

void add_icmp(Row& row, const Flow& flow, unsigned type, unsigned code) {
  const bool v4 = flow.transport == Transport::icmp;
  add(row, v4 ? v4_type : v6_type, std::to_string(type));
  add(row, v4 ? v4_code : v6_code, std::to_string(code));
}

void add_message(Row& row, const Observation& seen) {
  const bool v4 = seen.flow.transport == Transport::icmp;
  if (const auto* tcp = std::get_if<TcpSegment>(&seen.message)) {
    add(row, sequence, std::to_string(tcp->sequence));
    add(row, acknowledgment, std::to_string(tcp->acknowledgment));
    add(row, flags, fmt::format("0x{:04x}", tcp->flags));
  } else if (const auto* echo = std::get_if<IcmpEcho>(&seen.message)) {
    const unsigned type = v4 ? (echo->reply ? 0 : 8) : (echo->reply ? 129 : 128);
    add_icmp(row, seen.flow, type, 0);
  } else if (const auto* error = std::get_if<IcmpError>(&seen.message)) {
    add_icmp(row, seen.flow, error->type, error->code);
    REQUIRE(error->quote);
    add_flow(row, error->quote->flow, error->quote->hop_limit);
    if (error->quote->tcp_sequence) add(row, sequence, std::to_string(*error->quote->tcp_sequence));
    if (error->quote->tcp_flags) {
      add(row, acknowledgment, "0");
      add(row, flags, fmt::format("0x{:04x}", *error->quote->tcp_flags));
    }
    if (error->quote->echo_identifier) add_icmp(row, seen.flow, v4 ? 8 : 128, 0);
  }
}

std::string expected_line(const Named& packet) {
  const Observation seen = decoded(packet.link_type, packet.bytes);
  Row row;
  add_flow(row, seen.flow, seen.hop_limit);
  add_message(row, seen);
  return fmt::format("{};{}", packet.name, fmt::join(row, ";"));
}

std::vector<std::string> lines_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  ::pclose(pipe);
  std::vector<std::string> lines;
  std::istringstream in(out);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<Named> packets_tshark_can_check() {
  std::vector<Named> packets = golden_packets();
  std::erase_if(packets, [](const Named& packet) {
    return packet.name.starts_with("neighbour") || packet.name.starts_with("ARP");
  });
  return packets;
}

}  // namespace

TEST_CASE("tshark reads every golden packet as we do", "[oracle]") {
  if (std::system("command -v tshark >/dev/null 2>&1") != 0) {
    WARN("skipped: tshark is not installed");
    return;
  }
  Recording recording;
  const std::vector<Named> packets = packets_tshark_can_check();
  for (const Named& packet : packets)
    recording.frames.push_back({TimePoint{}, packet.link_type,
                                static_cast<std::uint32_t>(packet.bytes.size()), packet.bytes,
                                packet.name});
  std::string folder = (std::filesystem::temp_directory_path() / "hopblame-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/golden.pcapng";
  REQUIRE(write_whole(path, to_pcapng(recording)) == 0);
  const auto lines = lines_of("tshark -r " + path +
                              " -o tcp.relative_sequence_numbers:FALSE -T fields -E separator=';'" +
                              fields + " 2>/dev/null");
  std::filesystem::remove_all(folder);
  REQUIRE(lines.size() == packets.size());
  for (std::size_t i = 0; i < lines.size(); ++i) CHECK(lines[i] == expected_line(packets[i]));
}
