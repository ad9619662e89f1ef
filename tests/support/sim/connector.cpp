#include "tests/support/sim/connector.hpp"

#include <array>
#include <cerrno>

#include "analysis/model/services.hpp"

namespace hopblame::sim {

using namespace std::chrono_literals;

namespace {

/// tcp_syn_retries 6 and tcp_syn_linear_timeouts 4, then ETIMEDOUT (measured).
constexpr std::array<Duration, 10> retransmissions{1s, 2s, 3s, 4s, 5s, 7s, 11s, 19s, 36s, 69s};
constexpr Duration gives_up = 134500ms;

bool expects_ssh(const Flow& flow) {
  const auto service = known_service(flow.destination.port);
  return service && service->name == "ssh";
}

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
    : world_(world),
      send_(std::move(send)),
      opening_(expects_ssh(flow), ""),
      isn_(world.word()),
      segment_(largest_segment(world.family)) {
  record_.flow = flow;
  record_.ssh = opening_.record();
  record_.at = world.agenda.now();
}

void Connector::start() {
  send_syn();
  retransmit(0);
  world_.agenda.after(gives_up, [this] { fail(ETIMEDOUT); });
}

void Connector::fail(int error) {
  if (record_.ended || record_.hung_up) return;
  record_.ended = world_.agenda.now();
  record_.error = error;
}

void Connector::hang_up() {
  if (!record_.ended) record_.hung_up = world_.agenda.now();
}

void Connector::retransmit(std::size_t next) {
  if (next == retransmissions.size()) return;
  world_.agenda.at(record_.at + retransmissions[next], [this, next] {
    if (record_.ended || record_.hung_up) return;
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
  if ((flags & tcp_flag::rst) == 0) {
    segment.window = flags == tcp_flag::syn ? 64240 : 502;
    segment.option_bytes = flags == tcp_flag::syn ? 20 : 12;
    segment.timestamps = true;
    segment.sack_permitted = segment.window_scale = flags == tcp_flag::syn;
    if (flags == tcp_flag::syn) segment.mss = std::uint16_t{1460};
  }
  packet.message = segment;
  send_(std::move(packet));
}

void Connector::receive(const Packet& packet) {
  if (connected()) return take_established(packet);
  if (!record_.ended && !record_.hung_up) return take_in_syn_sent(packet);
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
  acked_ = next_;
  fail(0);
  send_segment(tcp_flag::ack, next_, peer_next_);
  world_.agenda.after(ssh_speaks_anyway, [this] { speak(); });
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
  if (segment.has(tcp_flag::ack) && static_cast<std::int32_t>(segment.acknowledgment - acked_) > 0)
    acked_ = segment.acknowledgment;
  const bool closes = segment.has(tcp_flag::fin);
  const auto fresh = static_cast<std::uint32_t>(packet.payload.size()) + (closes ? 1 : 0);
  if (segment.sequence == peer_next_ && fresh > 0) {
    peer_next_ += fresh;
    if (!packet.payload.empty()) hear(packet.payload);
    if (closes) record_.closed = world_.agenda.now();
  }
  if (fresh > 0 || segment.is_syn_ack()) send_segment(tcp_flag::ack, next_, peer_next_);
  speak();
}

void Connector::hear(const std::string& bytes) {
  const auto now = world_.agenda.now();
  if (!record_.spoke) record_.spoke = now;
  const auto text = bytes.substr(0, opening_.hear(bytes, now));
  record_.greeting = (record_.greeting + text).substr(0, 512);
  record_.ssh = opening_.record();
}

void Connector::receive_error(const IcmpError& error) {
  if (error.mtu && connected()) return shrink_to(*error.mtu);
  if (record_.ended || !error.quote || error.quote->tcp_sequence != isn_) return;
  if (const auto number = errno_of(error, world_.family)) fail(*number);
}

void Connector::shrink_to(std::uint32_t mtu) {
  const std::uint32_t headers = header_bytes(world_.family) + 32;
  if (mtu > headers && mtu - headers < segment_) segment_ = mtu - headers;
}

void Connector::speak() {
  if (!connected() || record_.closed) return;
  const auto now = world_.agenda.now();
  for (;;) {
    const auto words = opening_.next(*record_.ended, now, segment_);
    if (words.empty()) return;
    opening_.said(words.size(), now);
    record_.ssh = opening_.record();
    const auto sequence = next_;
    next_ += static_cast<std::uint32_t>(words.size());
    send_reliably(sequence, words, world_.sent_again_after);
  }
}

void Connector::send_reliably(std::uint32_t sequence, const std::string& payload, Duration again) {
  const auto end = sequence + static_cast<std::uint32_t>(payload.size());
  if (record_.closed || again > 20s || static_cast<std::int32_t>(acked_ - end) >= 0) return;
  for (std::size_t from = 0; from < payload.size(); from += segment_)
    send_segment(tcp_flag::psh | tcp_flag::ack, sequence + static_cast<std::uint32_t>(from),
                 peer_next_, payload.substr(from, segment_));
  world_.agenda.after(again, [=, this] { send_reliably(sequence, payload, again * 2); });
}

}  // namespace hopblame::sim
