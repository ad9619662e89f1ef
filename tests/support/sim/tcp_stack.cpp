#include "tests/support/sim/tcp_stack.hpp"

namespace hopblame::sim {

using namespace std::chrono_literals;

TcpStack::TcpStack(const Box& box, World& world, Voice& voice, Send send)
    : box_(box), world_(world), voice_(voice), send_(std::move(send)) {}

const Service* TcpStack::listener(std::uint16_t port) const {
  for (const auto& service : box_.services)
    if (service.port == port) return &service;
  return nullptr;
}

TcpStack::Connection* TcpStack::find(const Flow& flow, std::uint64_t id) {
  const auto found = connections_.find(flow);
  return found != connections_.end() && found->second.id == id ? &found->second : nullptr;
}

void TcpStack::refuse(const Packet& packet) {
  if (box_.stealth) return;
  if (auto answer = voice_.reset(packet, Maker::kernel)) send_(*answer);
}

void TcpStack::receive(const Packet& packet) {
  const auto& segment = *packet.tcp();
  if (packet.bad_checksum) return;
  if (const auto found = connections_.find(packet.flow); found != connections_.end())
    return continues(found->second, packet);
  if (segment.is_reset()) return;
  const auto* service = listener(packet.flow.destination.port);
  if (service == nullptr) return refuse(packet);
  if (service->md5) return;
  if (service->tarpit) return hold(packet);
  if (segment.is_syn()) return accept_syn(packet, *service);
  if (segment.has(tcp_flag::ack)) refuse(packet);  // a listener is silent to FIN and to no flags
}

/// xt_TARPIT (signatures section 3): SYN/ACK with window 5 and no options, window 0 to what
/// follows.
void TcpStack::hold(const Packet& packet) {
  const auto& asked = *packet.tcp();
  if (!asked.is_syn() && !asked.has(tcp_flag::ack)) return;
  auto answer = voice_.answer(packet, box_.reset_ttl);
  answer.traffic_class = packet.traffic_class;
  TcpSegment segment;
  segment.flags = tcp_flag::ack;
  segment.sequence = asked.has(tcp_flag::ack) ? asked.acknowledgment : 0;
  segment.acknowledgment = asked.sequence + static_cast<std::uint32_t>(packet.payload.size());
  if (asked.is_syn()) {
    segment.flags |= tcp_flag::syn;
    segment.sequence = world_.word();
    segment.acknowledgment += 1;
    segment.window = 5;
  }
  answer.message = segment;
  send_(answer);
}

void TcpStack::accept_syn(const Packet& packet, const Service& service) {
  if (service.queue_full) return;
  Connection connection;
  connection.id = ++opened_;
  connection.service = &service;
  connection.asked = packet;
  connection.peer_isn = packet.tcp()->sequence;
  connection.peer_next = connection.peer_isn + 1;
  connection.isn = connection.acked = world_.word();
  connections_[packet.flow] = connection;
  send_syn_ack(connection);
  repeat_syn_ack(packet.flow, connection.id, 1s, 5);
}

void TcpStack::repeat_syn_ack(const Flow& flow, std::uint64_t id, Duration wait, unsigned left) {
  world_.agenda.after(wait, [=, this] {
    auto* connection = find(flow, id);
    if (connection == nullptr || connection->established) return;
    if (left == 0) return void(connections_.erase(flow));
    send_syn_ack(*connection);
    repeat_syn_ack(flow, id, wait * 2, left - 1);
  });
}

void TcpStack::send_syn_ack(const Connection& connection) {
  auto packet = voice_.answer(connection.asked, box_.reset_ttl);
  if (world_.family == Family::ipv4) packet.ip_id_or_flow_label = 0;
  TcpSegment segment;
  segment.flags = tcp_flag::syn | tcp_flag::ack;
  segment.sequence = connection.isn;
  segment.acknowledgment = connection.peer_isn + 1;
  segment.window = 65160;
  segment.option_bytes = 20;
  segment.mss = std::uint16_t{1460};
  segment.timestamps = segment.sack_permitted = segment.window_scale = true;
  packet.message = segment;
  send_(packet);
}

void TcpStack::send_segment(const Connection& connection, std::uint8_t flags,
                            std::uint32_t sequence, const std::string& payload) {
  auto packet = voice_.answer(connection.asked, box_.reset_ttl);
  if (world_.family == Family::ipv4) packet.ip_id_or_flow_label = world_.word() & 0xffff;
  TcpSegment segment;
  segment.flags = flags;
  segment.sequence = sequence;
  if ((flags & tcp_flag::ack) != 0) segment.acknowledgment = connection.peer_next;
  segment.window = (flags & tcp_flag::rst) != 0 ? 0 : 509;
  segment.option_bytes = (flags & tcp_flag::rst) != 0 ? 0 : 12;
  segment.timestamps = segment.option_bytes != 0;
  packet.message = segment;
  packet.payload = payload;
  send_(packet);
}

void TcpStack::continues(Connection& connection, const Packet& packet) {
  const auto& segment = *packet.tcp();
  if (segment.is_reset()) {
    if (segment.sequence == connection.peer_next) connections_.erase(packet.flow);
    return;
  }
  if (segment.is_syn()) {
    if (!connection.established && segment.sequence == connection.peer_isn)
      return send_syn_ack(connection);
    return challenge(connection);
  }
  if (!segment.has(tcp_flag::ack)) return;
  if (!connection.established) {
    if (segment.acknowledgment != connection.isn + 1) return refuse(packet);
    establish(connection);
  }
  connection.acked = segment.acknowledgment - 1;
  take_data(connection, packet);
}

void TcpStack::challenge(Connection& connection) {
  const auto now = world_.agenda.now();
  if (now - connection.challenged < 500ms) return;
  connection.challenged = now;
  send_segment(connection, tcp_flag::ack, connection.isn + 1 + connection.said);
}

void TcpStack::establish(Connection& connection) {
  connection.established = true;
  const auto flow = connection.asked.flow;
  const auto id = connection.id;
  world_.agenda.after(connection.service->after, [=, this] {
    if (auto* open = find(flow, id)) serve(*open);
  });
}

void TcpStack::take_data(Connection& connection, const Packet& packet) {
  const auto& segment = *packet.tcp();
  const auto fresh = static_cast<std::uint32_t>(packet.payload.size()) + segment.has(tcp_flag::fin);
  if (fresh == 0) return;
  const bool in_order = segment.sequence == connection.peer_next;
  if (in_order) connection.peer_next += fresh;
  if (in_order && !packet.payload.empty() && !connection.heard) {
    if (connection.service->dies) {  // unread data: the stack resets (tcp_send_active_reset)
      send_segment(connection, tcp_flag::rst | tcp_flag::ack, connection.acked + 1);
      return void(connections_.erase(packet.flow));
    }
    connection.heard = true;
    answer_data(connection);
  }
  // What it has sent counts, arrived or not: SND.NXT (RFC 9293 section 3.10.7.4).
  send_segment(connection, tcp_flag::ack, connection.isn + 1 + connection.said);
}

/// sshd sends its KEXINIT when it has the client's identification.
void TcpStack::answer_data(Connection& connection) {
  const auto& service = *connection.service;
  const bool ssh = service.greeting.find("SSH-") != std::string::npos;
  if (!ssh || service.ending != Ending::stay) return;
  std::string packet(service.key_exchange, '\0');
  const auto length = service.key_exchange - 4;
  for (int i = 0; i < 4; ++i)
    packet[static_cast<std::size_t>(i)] = static_cast<char>(length >> (24 - 8 * i) & 0xff);
  say(connection, packet);
}

void TcpStack::say(Connection& connection, const std::string& words) {
  const auto sequence = connection.isn + 1 + connection.said;
  connection.said += static_cast<std::uint32_t>(words.size());
  const auto most = largest_segment(world_.family);
  for (std::size_t from = 0; from < words.size(); from += most)
    send_reliably(connection.asked.flow, connection.id, tcp_flag::psh | tcp_flag::ack,
                  sequence + static_cast<std::uint32_t>(from), words.substr(from, most),
                  world_.sent_again_after);
}

void TcpStack::keep_sending_lines(const Flow& flow, std::uint64_t id) {
  auto* connection = find(flow, id);
  if (connection == nullptr) return;
  say(*connection, "x\r\n");
  world_.agenda.after(connection->service->line_every, [=, this] { keep_sending_lines(flow, id); });
}

void TcpStack::serve(Connection& connection) {
  const auto& service = *connection.service;
  const auto flow = connection.asked.flow;
  say(connection, service.greeting);
  if (service.line_every > Duration{}) return keep_sending_lines(flow, connection.id);
  const auto after = connection.isn + 1 + connection.said;
  if (service.ending == Ending::fin)
    send_reliably(flow, connection.id, tcp_flag::fin | tcp_flag::ack, after, {},
                  world_.sent_again_after);
  if (service.ending != Ending::reset) return;
  send_segment(connection, tcp_flag::rst | tcp_flag::ack, after);
  connections_.erase(flow);
}

void TcpStack::send_reliably(const Flow& flow, std::uint64_t id, std::uint8_t flags,
                             std::uint32_t sequence, const std::string& payload, Duration again) {
  auto* connection = find(flow, id);
  if (connection == nullptr || again > 20s) return;
  const auto end = sequence + static_cast<std::uint32_t>(payload.size()) +
                   ((flags & tcp_flag::fin) != 0 ? 1 : 0);
  if (static_cast<std::int32_t>(connection->acked + 1 - end) >= 0) return;
  send_segment(*connection, flags, sequence, payload);
  world_.agenda.after(again,
                      [=, this] { send_reliably(flow, id, flags, sequence, payload, again * 2); });
}

}  // namespace hopblame::sim
