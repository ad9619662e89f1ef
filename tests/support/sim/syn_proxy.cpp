#include "tests/support/sim/syn_proxy.hpp"

namespace hopblame::sim {

SynProxy::SynProxy(std::uint16_t port, const Box& box, World& world, Voice& voice, Out& out)
    : port_(port), box_(box), world_(world), voice_(voice), out_(out) {}

bool SynProxy::from_client(const Packet& packet) {
  const auto* segment = packet.tcp();
  if (segment == nullptr || packet.flow.destination.port != port_) return false;
  if (packet.bad_checksum) return true;
  if (segment->is_syn()) {
    answer(packet);
    return true;
  }
  const auto found = connections_.find(packet.flow);
  if (found == connections_.end()) return true;  // bare ACK and FIN: eaten (measured)
  auto& connection = found->second;
  if (connection.server_isn)
    relay_to_server(connection, packet);
  else if (segment->is_reset())
    connections_.erase(found);
  else if (!connection.confirmed && segment->acknowledgment == connection.isn + 1)
    confirm(connection);
  return true;
}

void SynProxy::answer(const Packet& syn) {
  auto& connection = connections_[syn.flow];
  if (connection.asked.tcp() == nullptr || connection.asked.tcp()->sequence != syn.tcp()->sequence)
    connection = {syn, world_.word(), false, {}};
  auto packet = voice_.answer(syn, box_.reset_ttl);
  packet.ip_id_or_flow_label = 0;
  TcpSegment segment;
  segment.flags = tcp_flag::syn | tcp_flag::ack;
  segment.sequence = connection.isn;
  segment.acknowledgment = syn.tcp()->sequence + 1;
  segment.option_bytes = 20;
  segment.mss = std::uint16_t{1460};
  segment.timestamps = segment.sack_permitted = segment.window_scale = true;
  packet.message = segment;
  out_(packet, Side::near);
}

void SynProxy::confirm(Connection& connection) {
  connection.confirmed = true;
  out_(connection.asked, Side::far);
}

void SynProxy::relay_to_server(const Connection& connection, Packet packet) {
  auto* segment = packet.tcp();
  if (segment->has(tcp_flag::ack))
    segment->acknowledgment += *connection.server_isn - connection.isn;
  out_(std::move(packet), Side::far);
}

void SynProxy::acknowledge_server(const Connection& connection) {
  auto packet = connection.asked;
  TcpSegment segment;
  segment.flags = tcp_flag::ack;
  segment.sequence = connection.asked.tcp()->sequence + 1;
  segment.acknowledgment = *connection.server_isn + 1;
  segment.window = 502;
  packet.message = segment;
  out_(std::move(packet), Side::far);
}

/// With the host's way back (measured).
void SynProxy::open_window(const Connection& connection, Packet packet) {
  TcpSegment segment;
  segment.flags = tcp_flag::ack;
  segment.sequence = connection.isn + 1;
  segment.acknowledgment = connection.asked.tcp()->sequence + 1;
  segment.window = 502;
  packet.message = segment;
  out_(std::move(packet), Side::near);
}

bool SynProxy::from_server(const Packet& packet) {
  const auto found = connections_.find(packet.flow.reversed());
  const auto* segment = packet.tcp();
  if (segment == nullptr || found == connections_.end() || !found->second.confirmed) return false;
  auto& connection = found->second;
  if (segment->is_syn_ack()) {
    connection.server_isn = segment->sequence;
    acknowledge_server(connection);
    open_window(connection, packet);
    return true;
  }
  auto translated = packet;
  auto* changed = translated.tcp();
  if (connection.server_isn)
    changed->sequence += connection.isn - *connection.server_isn;
  else
    changed->sequence = connection.isn + 1;  // a RST to the proxy's SYN ends the client's too
  if (!connection.server_isn) changed->flags = tcp_flag::rst;
  out_(std::move(translated), Side::near);
  return true;
}

}  // namespace hopblame::sim
