#include "src/commands/compare_packets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "analysis/compare/reassembly.hpp"
#include "capture/decode.hpp"
#include "capture/file_source.hpp"
#include "capture/tunnel.hpp"
#include "src/redact.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

/// More packets than this of one capture are left out, and it is said.
constexpr std::size_t most_packets = 2'000'000;

/// As many as the file may hold: a list that grows as it is filled is there twice for a moment.
std::size_t most_in(const std::string& path) {
  constexpr std::size_t least = 16 + 54;  // the head of a record, and a bare segment on Ethernet
  std::error_code unknown;
  const auto size = std::filesystem::file_size(path, unknown);
  return unknown ? 0 : std::min(most_packets, static_cast<std::size_t>(size) / least);
}

using Pieces = std::vector<std::pair<std::size_t, IpPiece>>;  ///< by place in the list

std::vector<compare::Fragment> fragments_of(std::vector<Observation>& packets,
                                            const Pieces& pieces) {
  std::vector<compare::Fragment> fragments;
  for (const auto& [index, piece] : pieces) fragments.push_back({&packets[index], piece});
  return fragments;
}

}  // namespace

compare::Side Packets::side() const {
  return {list, facts.started, facts.horizon, facts.dropped, facts.truncated, cut_options, torn};
}

std::variant<Packets, FileError> packets_of(const ReadRequest& request) {
  auto opened = open_request(request);
  if (auto* error = std::get_if<FileError>(&opened)) return *error;
  auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
  Packets packets;
  packets.list.reserve(most_in(request.path));
  Pieces pieces;
  StoredFrame room;
  for (;;) {
    const auto event = source.next(TimePoint::max());
    const auto* frame = std::get_if<Frame>(&event);
    if (!frame) break;
    if (packets.list.size() == most_packets) {
      complain(
          fmt::format("{}: only the first {} packets are compared", request.path, most_packets));
      break;
    }
    const auto inner = out_of_tunnel(*frame).value_or(*frame);
    packets.list.push_back(decode(shown(inner, request.scrambler, room)));
    check_data(packets.list.back(), inner);
    if (const auto piece = piece_of(inner)) pieces.emplace_back(packets.list.size() - 1, *piece);
    const auto* segment = std::get_if<TcpSegment>(&packets.list.back().message);
    const bool cut = frame->bytes.size() < frame->original_length;
    packets.cut_options = packets.cut_options || (cut && segment && segment->has(tcp_flag::syn));
  }
  packets.torn = compare::reassemble(fragments_of(packets.list, pieces));
  packets.facts = source.facts();
  packets.both_ends = source.has_both_ends();
  packets.files = source.files();
  if (!packets.list.empty() && packets.list.size() == most_packets)
    packets.facts.horizon = packets.list.back().at;
  return packets;
}

}  // namespace hopblame
