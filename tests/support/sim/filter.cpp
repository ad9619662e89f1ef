#include "tests/support/sim/filter.hpp"

namespace hopblame::sim {
namespace {

bool toward_client(const Packet& packet, const World& world) {
  return packet.flow.destination.address == world.client &&
         packet.flow.source.address != world.client;
}

}  // namespace

Filter::Filter(const std::vector<Rule>& rules, World& world) : rules_(rules), world_(world) {
  for (const auto& rule : rules_)
    memory_.push_back({Bucket(rule.burst, rule.per_second), 0, false});
}

bool Filter::known(const Packet& packet) const {
  return known_.contains(packet.flow) || known_.contains(packet.flow.reversed());
}

void Filter::passed(const Packet& packet) {
  const auto* segment = packet.tcp();
  if (segment == nullptr) return;
  if (segment->is_syn_ack()) known_.insert(packet.flow.reversed());
  if (!segment->is_reset()) return;
  known_.erase(packet.flow);
  known_.erase(packet.flow.reversed());
}

bool Filter::is(State state, const Packet& packet) const {
  if (state == State::any) return true;
  const auto* segment = packet.tcp();
  if (segment == nullptr) return state == State::fresh;
  const auto bits = segment->flags & 0x17;
  const bool starts = bits == tcp_flag::syn || bits == tcp_flag::ack;
  switch (state) {
    case State::syn: return segment->is_syn();
    case State::syn_ack: return segment->is_syn_ack();
    case State::data: return !packet.payload.empty();
    case State::marked: return packet.traffic_class != 0;
    case State::unmarked: return packet.traffic_class == 0;
    case State::unestablished: return !segment->has(tcp_flag::ack) && !segment->is_reset();
    case State::stray: return !segment->is_syn() && !known(packet);
    case State::fresh: return starts && !packet.bad_checksum && !known(packet);
    default: return (!starts || packet.bad_checksum) && !known(packet);
  }
}

bool Filter::matches(const Rule& rule, const Packet& packet) const {
  if (rule.back != toward_client(packet, world_)) return false;
  if (rule.transport && *rule.transport != packet.flow.transport) return false;
  const auto& end = rule.back ? packet.flow.source : packet.flow.destination;
  if (rule.port && *rule.port != end.port) return false;
  return is(rule.state, packet);
}

bool Filter::bites(const Rule& rule, Memory& memory) {
  if (++memory.matches <= rule.after) return false;
  if (rule.per_second > 0 && memory.bucket.take(world_.agenda.now())) return false;
  memory.banned = rule.source;
  return true;
}

const Rule* Filter::caught(Hook hook, const Packet& packet) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto& rule = rules_[i];
    if (rule.hook != hook) continue;
    if (memory_[i].banned && rule.back == toward_client(packet, world_)) return &rule;
    if (matches(rule, packet) && bites(rule, memory_[i])) return &rule;
  }
  return nullptr;
}

}  // namespace hopblame::sim
