#include "analysis/compare/seen_again.hpp"

#include <algorithm>
#include <map>

#include "analysis/compare/call.hpp"
#include "analysis/model/tcp_limits.hpp"

namespace hopblame::compare {
namespace {

bool same_words(const Observation& one, const Observation& other) {
  const auto *left = segment_of(one), *right = segment_of(other);
  if (left && right)
    return left->flags == right->flags && left->sequence == right->sequence &&
           left->acknowledgment == right->acknowledgment && left->payload == right->payload &&
           left->window == right->window;
  if (const auto* echo = std::get_if<IcmpEcho>(&one.message)) {
    const auto* known = std::get_if<IcmpEcho>(&other.message);
    return known && *echo == *known;
  }
  const auto *error = std::get_if<IcmpError>(&one.message),
             *known = std::get_if<IcmpError>(&other.message);
  return error && known && error->type == known->type && error->code == known->code &&
         error->quote == known->quote;
}

bool is_passed_on(const Observation& known, const Observation& packet) {
  return packet.hop_limit.value + 1 == known.hop_limit.value;
}

/// At the same moment, by the same machine: no router more than that takes from the hop limit.
bool is_near(const Observation& known, const Observation& packet) {
  const int passed = known.hop_limit.value - packet.hop_limit.value;
  return packet.at - known.at < same_moment && (passed == 0 || passed == 1) &&
         packet.ip_id_or_flow_label == known.ip_id_or_flow_label;
}

class Watcher {
 public:
  explicit Watcher(const Names& target) : target_(target) {}

  void see(const Observation& packet) {
    const bool goes = target_.addresses.contains(packet.flow.destination.address);
    const bool comes = target_.addresses.contains(packet.flow.source.address);
    if (goes || comes) see_of_target(packet, goes);
    const auto* segment = segment_of(packet);
    if (segment && segment->is_syn()) see_syn(packet, segment->sequence);
  }

  Forwarding take() { return std::move(seen_); }

 private:
  using Packets = std::vector<const Observation*>;

  void see_of_target(const Observation& packet, bool goes) {
    auto& known = recent_[packet.flow];
    for (const auto* one : known)
      if (is_passed_on(*one, packet) && is_seen_again(*one, packet)) {
        auto& seen = goes ? seen_.there : seen_.back;
        if (!seen) seen_.examples.insert(seen_.examples.end(), {one->frame, packet.frame});
        seen = true;
        seen_.passed_on.insert(one->frame.value);
      }
    remember(known, packet);
  }

  void see_syn(const Observation& packet, std::uint32_t number) {
    auto& known = syns_[number];
    for (const auto* one : known)
      if (is_passed_on(*one, packet) && is_same_syn(*one, packet))
        seen_.passed_on.insert(one->frame.value);
    remember(known, packet);
  }

  static void remember(Packets& packets, const Observation& packet) {
    constexpr std::size_t few = 4;
    if (packets.size() == few) packets.erase(packets.begin());
    packets.push_back(&packet);
  }

  const Names& target_;
  std::map<Flow, Packets> recent_;
  std::map<std::uint32_t, Packets> syns_;
  Forwarding seen_;
};

}  // namespace

/// The same packet once more, on another interface of the machine that captured it (tcpdump -i any
/// on a bridge), or after it passed that machine.
bool is_seen_again(const Observation& known, const Observation& packet) {
  return is_near(known, packet) && packet.flow == known.flow && same_words(known, packet);
}

bool is_same_syn(const Observation& known, const Observation& packet) {
  return is_near(known, packet) && segment_of(known)->sequence == segment_of(packet)->sequence;
}

Forwarding forwarding_in(std::span<const Observation> packets, const Names& target) {
  Watcher watcher(target);
  for (const auto& packet : packets)
    if (!packet.fragment) watcher.see(packet);
  return watcher.take();
}

}  // namespace hopblame::compare
