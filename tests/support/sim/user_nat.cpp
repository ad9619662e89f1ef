#include "tests/support/sim/user_nat.hpp"

namespace hopblame::sim {

using namespace std::chrono_literals;

namespace {

/// What comes out of a socket, and what the program's own stack makes (libslirp 4.7, measured).
constexpr std::uint8_t of_socket = 64, of_program = 255;

bool is_port_unreachable(const IcmpError& error, Family family) {
  return family == Family::ipv4 ? error.type == 3 && error.code == 3
                                : error.type == 1 && error.code == 4;
}

}  // namespace

UserNat::UserNat(const Box& box, World& world, Voice& voice, Out& out)
    : box_(box), world_(world), voice_(voice), out_(out) {}

void UserNat::send_on(Packet packet, Side side, std::uint8_t hop_limit) {
  packet.hop_limit = hop_limit;
  packet.traffic_class = 0;
  packet.ip_id_or_flow_label = world_.family == Family::ipv4 ? world_.word() & 0xffff : 0;
  out_(std::move(packet), side);
}

void UserNat::from_client(Packet packet) {
  const auto* segment = packet.tcp();
  if (packet.bad_checksum) return;
  if (segment == nullptr) return send_on(std::move(packet), Side::far, of_socket);
  if (const auto known = calls_.find(packet.flow); known != calls_.end())
    return continues(known->second, std::move(packet));
  segment->is_syn() ? call(packet) : disown(packet);
}

void UserNat::call(const Packet& syn) {
  calls_[syn.flow] = {syn, false};
  send_on(syn, Side::far, of_socket);
  repeat(syn.flow, syn.tcp()->sequence, 1s, 5);
}

void UserNat::repeat(const Flow& flow, std::uint32_t sequence, Duration wait, unsigned left) {
  world_.agenda.after(wait, [=, this] {
    const auto found = calls_.find(flow);
    if (left == 0 || found == calls_.end() || found->second.connected) return;
    if (found->second.asked.tcp()->sequence != sequence) return;
    send_on(found->second.asked, Side::far, of_socket);
    repeat(flow, sequence, wait * 2, left - 1);
  });
}

/// One SYN makes the call; whatever number the next one bears, it is taken for the same again.
void UserNat::continues(Call& call, Packet packet) {
  const auto flow = packet.flow;
  if (packet.tcp()->is_syn()) return;
  const bool gives_up = packet.tcp()->is_reset();
  if (call.connected) send_on(std::move(packet), Side::far, of_socket);
  if (!gives_up) return;
  calls_.erase(flow);
  given_up_.insert(flow);
}

/// As stacks that descend from 4.3BSD: a FIN counts nothing, and a second RST is answered.
void UserNat::disown(const Packet& packet) {
  const auto& asked = *packet.tcp();
  if (asked.is_reset() && given_up_.erase(packet.flow) == 0) return;
  auto answer = voice_.answer(packet, of_program);
  TcpSegment segment;
  segment.flags = tcp_flag::rst;
  if (asked.has(tcp_flag::ack)) {
    segment.sequence = asked.acknowledgment;
  } else {
    segment.flags |= tcp_flag::ack;
    segment.acknowledgment = asked.sequence;
  }
  answer.message = segment;
  send_on(std::move(answer), Side::near, of_program);
}

void UserNat::from_target(Packet packet) {
  if (const auto* error = std::get_if<IcmpError>(&packet.message)) return fail(*error);
  if (packet.tcp() == nullptr) return send_on(std::move(packet), Side::near, of_program);
  hear(packet.flow.reversed(), std::move(packet));
}

void UserNat::hear(const Flow& flow, Packet packet) {
  const auto found = calls_.find(flow);
  if (found == calls_.end()) return;
  if (!found->second.connected && packet.tcp()->is_reset())
    return end(flow, tcp_flag::rst | tcp_flag::ack);
  found->second.connected = true;
  send_on(std::move(packet), Side::near, of_socket);
}

/// The stack beneath gives its call up; how the program says so depends on which one it is.
void UserNat::fail(const IcmpError& error) {
  const auto found = error.quote ? calls_.find(error.quote->flow) : calls_.end();
  if (found == calls_.end() || found->second.connected) return;
  const bool resets =
      *box_.user_nat == FailedCall::reset || is_port_unreachable(error, world_.family);
  end(found->first, tcp_flag::ack | (resets ? tcp_flag::rst : tcp_flag::fin));
}

void UserNat::end(const Flow& flow, std::uint8_t flags) {
  const auto ended = calls_.extract(flow);
  auto answer = voice_.answer(ended.mapped().asked, of_socket);
  TcpSegment segment;
  segment.flags = flags;
  segment.acknowledgment = ended.mapped().asked.tcp()->sequence + 1;
  segment.window = 65535;
  answer.message = segment;
  send_on(std::move(answer), Side::near, of_socket);
}

}  // namespace hopblame::sim
