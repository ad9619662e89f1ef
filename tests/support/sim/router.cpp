#include "tests/support/sim/router.hpp"

namespace hopblame::sim {

using namespace std::chrono_literals;

Router::Router(const Box& box, World& world, bool next_is_dead, Out out)
    : box_(box),
      world_(world),
      next_is_dead_(next_is_dead),
      out_(std::move(out)),
      voice_(box, world),
      filter_(box.rules, world),
      local_(box, world, voice_, filter_, [this](Packet p) { out_(std::move(p), Side::near); }) {
  if (box.syn_proxy) proxy_.emplace(*box.syn_proxy, box, world, voice_, out_);
  if (box.user_nat) nat_.emplace(box, world, voice_, out_);
  if (box.conntrack) conntrack_.emplace();
}

void Router::arrive(Packet packet, Side from) {
  const bool to_client = packet.flow.destination.address == world_.client;
  if (nat_)
    return to_client ? nat_->from_target(std::move(packet)) : nat_->from_client(std::move(packet));
  to_client ? toward_client(std::move(packet)) : toward_target(std::move(packet), from);
}

void Router::toward_client(Packet packet) {
  if (packet.hop_limit <= 1) return;  // its time exceeded would go to the sender
  if (caught(Hook::prerouting, packet, box_.address)) return;
  if (conntrack_ && !conntrack_->lets_back(packet)) return;
  if (is_too_big(packet)) return;  // what it says of that goes to the sender
  --packet.hop_limit;
  if (caught(Hook::forward, packet, box_.address)) return;
  filter_.passed(packet);
  if (proxy_ && proxy_->from_server(packet)) return;
  if (box_.port_forward && packet.flow.transport == world_.icmp())
    packet.flow.source.address = world_.target;  // nf_nat restores the outer source too
  if (box_.rewrites_ttl) packet.hop_limit = 64;
  out_(std::move(packet), Side::near);
}

void Router::toward_target(Packet packet, Side from) {
  const bool far_v6 = from == Side::far && world_.family == Family::ipv6;
  const auto self = far_v6 ? box_.far_address.value_or(box_.address) : box_.address;
  if (caught(Hook::ingress, packet, self)) return;
  if (conntrack_) conntrack_->from_client(packet);
  if (caught(Hook::prerouting, packet, self)) return;
  if (taken_by_itself(packet)) return;
  if (!box_.counts_first && routing_says_no(packet, self)) return;
  if (packet.hop_limit <= 1) {
    if (!box_.silent) report(packet, Reason::hop_limit, self);
    return;
  }
  if (box_.counts_first && routing_says_no(packet, self)) return;
  --packet.hop_limit;
  if (caught(Hook::forward, packet, self)) return;
  if (proxy_ && proxy_->from_client(packet)) return;
  if (caught(Hook::postrouting, packet, self)) return;
  onward(std::move(packet), self);
}

void Router::onward(Packet packet, const IpAddress& self) {
  filter_.passed(packet);
  if (is_too_big(packet)) {
    if (!box_.mtu_hole) report(packet, Reason::too_big, self);
    return;
  }
  if (box_.bleaches) packet.traffic_class = 0;
  if (box_.rewrites_ttl) packet.hop_limit = 64;
  if (next_is_dead_) return queue_for_neighbour(packet, self);
  const bool turns = box_.loops && !packet.translated;
  out_(std::move(packet), turns ? Side::near : Side::far);
}

bool Router::is_too_big(const Packet& packet) const {
  return header_bytes(world_.family) + transport_bytes(packet) > box_.mtu;
}

bool Router::caught(Hook hook, const Packet& packet, const IpAddress& self) {
  const auto* rule = filter_.caught(hook, packet);
  if (rule == nullptr) return false;
  reply(voice_.obey(*rule, packet, self));
  return true;
}

bool Router::taken_by_itself(Packet& packet) {
  const auto* segment = packet.tcp();
  // NAT acts on what conntrack calls new or knows: FIN, NULL and bad checksums pass it by.
  const bool trackable =
      segment != nullptr && !packet.bad_checksum &&
      (filter_.known(packet) || segment->is_syn() || (segment->flags & 0x17) == tcp_flag::ack);
  const auto port = packet.flow.destination.port;
  if (box_.redirect && trackable && port == *box_.redirect) {
    local_.receive(packet);
    return true;
  }
  if (!box_.port_forward || packet.flow.destination.address != box_.address) return false;
  packet.translated = trackable && port == *box_.port_forward;
  if (!packet.translated) local_.receive(packet);
  return !packet.translated;
}

bool Router::routing_says_no(const Packet& packet, const IpAddress& self) {
  if (box_.blackhole) return true;
  if (!box_.route) return false;
  report(packet, *box_.route, self);
  return true;
}

void Router::queue_for_neighbour(const Packet& packet, const IpAddress& self) {
  waiting_.push_back(packet);
  if (waiting_.size() > 1) return;
  world_.agenda.after(3050ms, [this, self] {
    for (const auto& cause : std::exchange(waiting_, {})) report(cause, Reason::neighbour, self);
  });
}

void Router::report(const Packet& cause, Reason reason, const IpAddress& self) {
  reply(voice_.icmp(cause, reason, self));
}

void Router::reply(std::optional<Packet> packet) {
  if (!packet) return;
  if (packet->flow.destination.address == world_.client) out_(std::move(*packet), Side::near);
}

}  // namespace hopblame::sim
