#include "tests/support/sim/connector.hpp"

#include <array>
#include <cerrno>

namespace hopblame::sim {

using namespace std::chrono_literals;

namespace {

/// tcp_syn_retries 6 and tcp_syn_linear_timeouts 4, then ETIMEDOUT (measured).
constexpr std::array<Duration, 10> retransmissions{1s, 2s, 3s, 4s, 5s, 7s, 11s, 19s, 36s, 69s};
constexpr Duration gives_up = 134500ms;

std::optional<int> errno_of_v4(const IcmpError& error) {
  if (error.type == 12) return EPROTO;
  if (error.type == 11) return error.code == 0 ? std::optional(EHOSTUNREACH) : std::nullopt;
  if (error.type != 3 || error.code > 15) return {};
  constexpr int codes[] = {ENETUNREACH,  EHOSTUNREACH, ENOPROTOOPT,  ECONNREFUSED, 0,
                           EOPNOTSUPP,   ENETUNREACH,  EHOSTDOWN,    ENONET,       ENETUNREACH,
                           EHOSTUNREACH, ENETUNREACH,  EHOSTUNREACH, EHOSTUNREACH, EHOSTUNREACH,
                           EHOSTUNREACH};
  return codes[error.code] == 0 ? std::nullopt : std::optional(codes[error.code]);
}

std::optional<int> errno_of_v6(const IcmpError& error) {
  if (error.type == 3) return EHOSTUNREACH;
  if (error.type == 4) return EPROTO;
  if (error.type != 1 || error.code > 7) return {};
  constexpr int codes[] = {ENETUNREACH,  EACCES, EHOSTUNREACH, EHOSTUNREACH,
                           ECONNREFUSED, EACCES, EACCES,       EPROTO};
  return codes[error.code];
}

}  // namespace

std::optional<int> errno_of(const IcmpError& error, Family family) {
  return family == Family::ipv4 ? errno_of_v4(error) : errno_of_v6(error);
}

Connector::Connector(const Flow& flow, World& world, Send send)
    : world_(world), send_(std::move(send)), isn_(world.word()) {
  record_.flow = flow;
  record_.at = world.agenda.now();
}

void Connector::start() {
  send_syn();
  retransmit(0);
  world_.agenda.after(gives_up, [this] { fail(ETIMEDOUT); });
}

void Connector::fail(int error) {
  if (record_.ended) return;
  record_.ended = world_.agenda.now();
  record_.error = error;
}

void Connector::retransmit(std::size_t next) {
  if (next == retransmissions.size()) return;
  world_.agenda.at(record_.at + retransmissions[next], [this, next] {
    if (record_.ended) return;
    send_syn();
    retransmit(next + 1);
  });
}

void Connector::send_syn() { send_segment(tcp_flag::syn, isn_, 0); }

void Connector::send_segment(std::uint8_t flags, std::uint32_t sequence,
                             std::uint32_t acknowledgment, const std::string& payload) {
  Packet packet;
  packet.flow = record_.flow;
  packet.ip_id_or_flow_label = world_.word() & 0xffff;
  packet.payload = payload;
  TcpSegment segment;
  segment.flags = flags;
  segment.sequence = sequence;
  segment.acknowledgment = acknowledgment;
  segment.window = flags == tcp_flag::syn ? 64240 : 502;
  segment.option_bytes = flags == tcp_flag::syn ? 20 : 12;
  segment.timestamps = true;
  segment.sack_permitted = segment.window_scale = flags == tcp_flag::syn;
  if (flags == tcp_flag::syn) segment.mss = std::uint16_t{1460};
  if ((flags & tcp_flag::rst) != 0)
    segment = {sequence, acknowledgment, flags, 0, 0, 0, {}, false, false, false, {}};
  packet.message = segment;
  send_(std::move(packet));
}

void Connector::receive(const Packet& packet) {
  if (connected()) return take_established(packet);
  if (!record_.ended) return take_in_syn_sent(packet);
  if (!packet.tcp()->is_reset() && packet.tcp()->has(tcp_flag::ack))
    send_segment(tcp_flag::rst, packet.tcp()->acknowledgment, 0);
}

void Connector::take_in_syn_sent(const Packet& packet) {
  const auto& segment = *packet.tcp();
  if (!segment.has(tcp_flag::ack)) return;  // a RST without ACK is ignored
  const bool ours = segment.acknowledgment == isn_ + 1;
  if (!ours) {
    if (!segment.is_reset()) send_segment(tcp_flag::rst, segment.acknowledgment, 0);
    if (segment.is_reset() || segment.is_syn_ack()) send_syn();
    return;
  }
  if (segment.is_reset()) return fail(ECONNREFUSED);
  if (!segment.is_syn_ack()) return;
  next_ = isn_ + 1;
  peer_next_ = segment.sequence + 1;
  fail(0);
  send_segment(tcp_flag::ack, next_, peer_next_);
}

void Connector::take_established(const Packet& packet) {
  const auto& segment = *packet.tcp();
  if (record_.closed) return;
  if (segment.is_reset()) {
    if (segment.sequence != peer_next_) return;  // out of the window
    record_.closed = world_.agenda.now();
    record_.close_error = ECONNRESET;
    return;
  }
  const bool closes = segment.has(tcp_flag::fin);
  const auto fresh = static_cast<std::uint32_t>(packet.payload.size()) + (closes ? 1 : 0);
  if (segment.sequence == peer_next_ && fresh > 0) {
    peer_next_ += fresh;
    if (!packet.payload.empty() && !record_.spoke) record_.spoke = world_.agenda.now();
    record_.greeting = (record_.greeting + packet.payload).substr(0, 512);
    if (closes) record_.closed = world_.agenda.now();
  }
  if (fresh > 0 || segment.is_syn_ack()) send_segment(tcp_flag::ack, next_, peer_next_);
}

void Connector::receive_error(const IcmpError& error) {
  if (record_.ended || !error.quote || error.quote->tcp_sequence != isn_) return;
  if (const auto number = errno_of(error, world_.family)) fail(*number);
}

void Connector::speak(const std::string& line) {
  if (!connected() || record_.closed) return;
  const auto sequence = next_;
  next_ += static_cast<std::uint32_t>(line.size());
  send_segment(tcp_flag::psh | tcp_flag::ack, sequence, peer_next_, line);
}

}  // namespace hopblame::sim
