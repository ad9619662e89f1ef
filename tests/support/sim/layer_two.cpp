#include "tests/support/sim/layer_two.hpp"

namespace hopblame::sim {
namespace {

/// A hash of the flow that is the same in both directions (splitmix64 finalizer).
std::uint64_t hash_of(const Flow& flow) {
  const auto& low = std::min(flow.source, flow.destination);
  const auto& high = std::max(flow.source, flow.destination);
  std::uint64_t hash = (std::uint64_t{low.port} << 24) ^ (std::uint64_t{high.port} << 8) ^
                       static_cast<std::uint64_t>(flow.transport);
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
  return hash ^ (hash >> 31);
}

}  // namespace

Bridge::Bridge(const Box& box, World& world, Out out)
    : box_(box), out_(std::move(out)), voice_(box, world), filter_(box.rules, world) {}

void Bridge::arrive(Packet packet, Side from) {
  const auto onward = from == Side::near ? Side::far : Side::near;
  for (const auto hook : {Hook::ingress, Hook::forward}) {
    const auto* rule = filter_.caught(hook, packet);
    if (rule == nullptr) continue;
    const bool speaks = hook == Hook::ingress || box_.has_address;
    if (auto answer = voice_.obey(*rule, packet, box_.address); answer && speaks)
      out_(*answer, from);
    return;
  }
  filter_.passed(packet);
  out_(std::move(packet), onward);
}

Injector::Injector(const Box& box, World& world, Out out)
    : what_(box.injection), world_(world), out_(std::move(out)), voice_(box, world) {}

bool Injector::triggered_by(const Packet& packet) const {
  const auto* segment = packet.tcp();
  if (segment == nullptr || packet.flow.destination.port != what_.port) return false;
  return what_.trigger == State::data ? !packet.payload.empty() : segment->is_syn();
}

Packet Injector::forged(const Packet& cause, unsigned number) const {
  Packet packet;
  const auto& asked = *cause.tcp();
  packet.flow = cause.flow.reversed();
  packet.hop_limit = static_cast<std::uint8_t>(what_.ttl.value_or(cause.hop_limit) + number);
  packet.ip_id_or_flow_label = world_.family == Family::ipv4 ? 0x3a00u + number : 0;
  TcpSegment segment;
  segment.flags = tcp_flag::rst | tcp_flag::ack;
  segment.sequence = asked.has(tcp_flag::ack) ? asked.acknowledgment : 0;
  segment.acknowledgment =
      asked.sequence + (asked.is_syn() ? 1 : 0) + static_cast<std::uint32_t>(cause.payload.size());
  if (what_.window != 0) segment.window = static_cast<std::uint16_t>(what_.window + number);
  packet.message = segment;
  return packet;
}

void Injector::inject(const Packet& cause) {
  for (unsigned i = 0; i < what_.count; ++i)
    world_.agenda.after(what_.after,
                        [this, answer = forged(cause, i)] { out_(answer, Side::near); });
}

void Injector::arrive(Packet packet, Side from) {
  const bool triggers = from == Side::near && triggered_by(packet);
  if (triggers) inject(packet);
  if (triggers && !what_.passes) return;
  out_(std::move(packet), from == Side::near ? Side::far : Side::near);
}

void Fork::arrive(Packet packet, Side from) {
  const auto& way = ways_[hash_of(packet.flow) % ways_.size()];
  way->arrive(std::move(packet), from);
}

}  // namespace hopblame::sim
