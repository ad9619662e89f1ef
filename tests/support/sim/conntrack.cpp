#include "tests/support/sim/conntrack.hpp"

namespace hopblame::sim {

/// A SYN to a connection that was accepted is ignored; to one that was reset it is a new one.
void Conntrack::from_client(const Packet& packet) {
  const auto* segment = packet.tcp();
  if (segment == nullptr || packet.bad_checksum) return;
  const auto found = connections_.find(packet.flow);
  if (segment->is_syn()) {
    const bool goes_on = found != connections_.end() && (found->second.stage == Stage::accepted ||
                                                         found->second.stage == Stage::known);
    if (!goes_on) connections_[packet.flow] = {segment->sequence, Stage::asked};
    return;
  }
  if (found == connections_.end()) return;
  auto& stage = found->second.stage;
  if (segment->is_reset())
    stage = Stage::over;
  else if (stage == Stage::accepted && segment->has(tcp_flag::ack))
    stage = Stage::known;
}

bool Conntrack::lets_back(const Packet& packet) {
  const auto* segment = packet.tcp();
  const auto found = connections_.find(packet.flow.reversed());
  if (segment == nullptr || found == connections_.end()) return true;
  auto& [sequence, stage] = found->second;
  if (stage == Stage::asked && segment->has(tcp_flag::ack) &&
      segment->acknowledgment != sequence + 1)
    return false;
  if (segment->is_reset())
    stage = Stage::over;
  else if (stage == Stage::asked && segment->is_syn_ack())
    stage = Stage::accepted;
  return true;
}

}  // namespace hopblame::sim
