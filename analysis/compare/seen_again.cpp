#include "analysis/compare/seen_again.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "analysis/compare/call.hpp"
#include "analysis/model/key_hash.hpp"
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

constexpr std::size_t few = 4;  ///< packets before it, of which it may be one once more

/// The last few of one flow.
struct Recent {
  std::array<const Observation*, few> packets{};
  std::size_t next = 0;

  void remember(const Observation& packet) { packets[next++ % few] = &packet; }
};

class Watcher {
 public:
  explicit Watcher(const Names& target) : target_(target) {}

  void see(const Observation& packet) {
    const auto [key, from_low] = key_of(packet.flow);
    auto& recent = recent_[key][from_low ? 0 : 1];
    for (std::size_t i = 0; i < few; ++i)
      if (const auto* one = recent.packets[(recent.next + i) % few];
          one && is_passed_on(*one, packet) && is_seen_again(*one, packet))
        note(*one, packet);
    recent.remember(packet);
  }

  Forwarding take() { return std::move(seen_); }

 private:
  void note(const Observation& known, const Observation& packet) {
    const bool goes = target_.addresses.contains(packet.flow.destination.address);
    auto& seen = goes ? seen_.there : seen_.back;
    if (!seen) seen_.examples.insert(seen_.examples.end(), {known.frame, packet.frame});
    seen = true;
    seen_.passed_on.insert(known.frame.value);
  }

  const Names& target_;
  std::unordered_map<FlowKey, std::array<Recent, 2>, KeyHash> recent_;
  Forwarding seen_;
};

/// Those of one number side by side, in order.
Packets syns_by_number(std::span<const Observation> packets) {
  Packets syns;
  for (const auto& packet : packets)
    if (const auto* segment = segment_of(packet); segment && segment->is_syn() && !packet.fragment)
      syns.push_back(&packet);
  std::ranges::stable_sort(syns, {}, [](const auto* syn) { return segment_of(*syn)->sequence; });
  return syns;
}

}  // namespace

/// The same packet once more, on another interface of the machine that captured it (tcpdump -i any
/// on a bridge), or after it passed that machine.
bool is_seen_again(const Observation& known, const Observation& packet) {
  return is_near(known, packet) && packet.flow == known.flow && same_words(known, packet);
}

bool is_same_syn(const Observation& known, const Observation& packet) {
  return is_near(known, packet) && segment_of(known)->sequence == segment_of(packet)->sequence;
}

Forwarding forwarding_in(const Sorted& capture, const Names& target) {
  Watcher watcher(target);
  for (const auto* packet : capture.packets.of(target.addresses))
    if (!packet->fragment) watcher.see(*packet);
  return watcher.take();
}

std::set<std::uint64_t> syns_passed_on(std::span<const Observation> packets) {
  std::set<std::uint64_t> frames;
  const auto syns = syns_by_number(packets);
  for (std::size_t i = 1; i < syns.size(); ++i)
    for (auto before = i; before > 0 && i - before < few; --before) {
      const auto& known = *syns[before - 1];
      if (segment_of(known)->sequence != segment_of(*syns[i])->sequence) break;
      if (is_passed_on(known, *syns[i]) && is_same_syn(known, *syns[i]))
        frames.insert(known.frame.value);
    }
  return frames;
}

}  // namespace hopblame::compare
