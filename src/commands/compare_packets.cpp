#include "src/commands/compare_packets.hpp"

#include <fmt/format.h>

#include "capture/decode.hpp"
#include "capture/file_source.hpp"
#include "capture/tunnel.hpp"
#include "src/redact.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

/// More packets than this of one capture are left out, and it is said.
constexpr std::size_t most_packets = 2'000'000;

}  // namespace

compare::Side Packets::side() const {
  return {list, facts.started, facts.horizon, facts.dropped, facts.truncated, cut_options};
}

std::variant<Packets, FileError> packets_of(const ReadRequest& request) {
  auto opened = open_request(request);
  if (auto* error = std::get_if<FileError>(&opened)) return *error;
  auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
  Packets packets;
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
    const auto* segment = std::get_if<TcpSegment>(&packets.list.back().message);
    const bool cut = frame->bytes.size() < frame->original_length;
    packets.cut_options = packets.cut_options || (cut && segment && segment->has(tcp_flag::syn));
  }
  packets.facts = source.facts();
  packets.both_ends = source.has_both_ends();
  if (!packets.list.empty() && packets.list.size() == most_packets)
    packets.facts.horizon = packets.list.back().at;
  return packets;
}

}  // namespace hopblame
