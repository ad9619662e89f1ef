#include "analysis/compare/reassembly.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace hopblame::compare {
namespace {

/// Pieces of one packet follow each other; their number comes again, after so many others.
constexpr Duration together = std::chrono::seconds(1);

using Key = std::tuple<IpAddress, IpAddress, Transport, std::uint32_t>;
using Pieces = std::vector<Fragment>;

Key key_of(const Fragment& fragment) {
  const auto& flow = fragment.packet->flow;
  return {flow.source.address, flow.destination.address, flow.transport, fragment.piece.id};
}

/// How long the whole is. 0: some of it is not there.
std::uint32_t length_of(Pieces pieces) {
  std::ranges::sort(pieces, {}, [](const Fragment& fragment) { return fragment.piece.begin; });
  std::uint32_t known = 0;
  for (const auto& [packet, piece] : pieces) {
    if (piece.begin > known) return 0;
    known = std::max(known, piece.end);
    if (piece.last) return known;
  }
  return 0;
}

void put_together(const Pieces& pieces, std::vector<FrameId>& torn) {
  const auto length = length_of(pieces);
  for (const auto& [packet, piece] : pieces) {
    auto* segment = std::get_if<TcpSegment>(&packet->message);
    if (!segment) continue;
    if (length > piece.end)
      segment->payload += length - piece.end;
    else
      torn.push_back(packet->frame);
  }
}

}  // namespace

std::vector<FrameId> reassemble(std::span<const Fragment> fragments) {
  std::vector<FrameId> torn;
  std::map<Key, Pieces> open;
  for (const auto& fragment : fragments) {
    auto& pieces = open[key_of(fragment)];
    if (!pieces.empty() && fragment.packet->at - pieces.front().packet->at > together) {
      put_together(pieces, torn);
      pieces.clear();
    }
    pieces.push_back(fragment);
  }
  for (const auto& [key, pieces] : open) put_together(pieces, torn);
  std::ranges::sort(torn);
  return torn;
}

}  // namespace hopblame::compare
