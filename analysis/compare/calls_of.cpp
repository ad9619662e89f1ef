#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "analysis/compare/call.hpp"
#include "analysis/compare/passed_on.hpp"
#include "analysis/compare/seen_again.hpp"
#include "analysis/model/key_hash.hpp"

namespace hopblame::compare {
namespace {

using CallId = std::uint32_t;
constexpr CallId nobody = UINT32_MAX;

/// The calls of one flow, in order of their beginning: each knows the next.
struct Chain {
  CallId first = nobody, last = nobody;
};

/// Of a pair of ends, by who called.
struct BothWays {
  Chain from_low, from_high;
  [[nodiscard]] Chain& of(bool is_from_low) { return is_from_low ? from_low : from_high; }
};

class Sorter {
 public:
  Sorter(End end, std::uint64_t seed) : end_(end), of_ends_(0, KeyHash(seed)) {}

  void see(const Observation& packet) {
    if (packet.fragment) return;
    if (const auto* segment = segment_of(packet)) return see(packet, *segment);
    const auto* error = std::get_if<IcmpError>(&packet.message);
    if (error && error->quote && error->quote->flow.transport == Transport::tcp)
      quoted(packet, *error->quote);
  }

  std::vector<Call> take() { return std::move(calls_); }

 private:
  void see(const Observation& packet, const TcpSegment& segment) {
    const auto known = calls_between(packet.flow);
    if (segment.is_syn())
      return add(there_, begin_or_find(known.to, packet.flow, segment.sequence), packet);
    if (segment.is_syn_ack()) return add(back_, answered(known.from, packet, segment), packet);
    if (const auto call = nearest(known.to, segment.sequence)) return add(there_, *call, packet);
    const auto number =
        segment.has(tcp_flag::ack) ? std::optional(segment.acknowledgment) : std::nullopt;
    if (const auto call = nearest(known.from, number)) return add(back_, *call, packet);
    // A RST that refuses a SYN has no number of its own (RFC 9293 section 3.10.7.1).
    if (segment.is_reset() && number && segment.sequence == 0)
      return add(back_, begin(packet.flow.reversed(), *number - 1), packet);
    const bool from_client = is_of_client(packet.flow);
    add(from_client ? there_ : back_,
        begin(from_client ? packet.flow : packet.flow.reversed(), std::nullopt), packet);
  }

  void quoted(const Observation& packet, const Quote& quote) {
    const auto known = calls_between(quote.flow);
    if (const auto call = nearest(known.to, quote.tcp_sequence)) return add(back_, *call, packet);
    // About a packet of the server: it tells the server, and begins no connection of its own.
    if (const auto call = nearest(known.from, std::nullopt)) return add(there_, *call, packet);
    // A filter on ICMP leaves out what it is about.
    if (!quote.tcp_sequence) return;
    const auto isn = isn_of(quote);
    if (isn || is_of_client(quote.flow)) return add(back_, begin(quote.flow, isn), packet);
    add(there_, begin(quote.flow.reversed(), std::nullopt), packet);
  }

  /// By the ports, where no SYN tells.
  static bool is_of_client(const Flow& flow) { return flow.source.port > flow.destination.port; }

  static std::optional<std::uint32_t> isn_of(const Quote& quote) {
    const bool syn =
        quote.tcp_flags && (*quote.tcp_flags & (tcp_flag::syn | tcp_flag::ack)) == tcp_flag::syn;
    return syn ? quote.tcp_sequence : std::nullopt;
  }

  /// The call that a SYN/ACK answers. Data in the SYN may be acknowledged with it; one from another
  /// address that acknowledges the very number had its sender rewritten on the way.
  CallId answered(const Chain& known, const Observation& packet, const TcpSegment& segment) {
    const auto isn = segment.acknowledgment - 1;
    for (auto call = known.first; call != nobody; call = next_[call])
      if (calls_[call].isn && isn - *calls_[call].isn <= calls_[call].said_in_syn()) return call;
    const auto flow = packet.flow.reversed();
    const auto asked = asked_of(flow.source, isn);
    const bool other = asked && calls_[*asked].flow.destination.address != flow.destination.address;
    return other ? *asked : begin(flow, isn);
  }

  /// By client and first number, caught up when somebody asks: few captures need it. Who asks
  /// several with one number, as scanners do, is answered by each.
  std::optional<CallId> asked_of(const Endpoint& client, std::uint32_t isn) {
    for (; indexed_ < calls_.size(); ++indexed_)
      if (const auto& call = calls_[indexed_]; call.isn)
        if (auto& known = asked_.try_emplace({*call.isn, call.flow.source}, indexed_).first->second;
            known != indexed_)
          known = nobody;
    const auto found = asked_.find({isn, client});
    return found == asked_.end() || found->second == nobody ? std::nullopt
                                                            : std::optional(found->second);
  }

  CallId begin(const Flow& flow, std::optional<std::uint32_t> isn) {
    const auto id = static_cast<CallId>(calls_.size());
    const auto [key, from_low] = key_of(flow);
    auto& chain = of_ends_[key].of(from_low);
    (chain.first == nobody ? chain.first : next_[chain.last]) = id;
    chain.last = id;
    next_.push_back(nobody);
    calls_.push_back({flow, isn, {}, {}, {}, {}});
    return id;
  }

  CallId begin_or_find(const Chain& known, const Flow& flow, std::uint32_t isn) {
    for (auto call = known.first; call != nobody; call = next_[call])
      if (calls_[call].isn == isn) return call;
    return begin(flow, isn);
  }

  /// As seen from the sender of a packet: whom he called, and who called him.
  struct Known {
    Chain to, from;
  };
  Known calls_between(const Flow& flow) {
    const auto [key, from_low] = key_of(flow);
    const auto found = of_ends_.find(key);
    if (found == of_ends_.end()) return {};
    return {found->second.of(from_low), found->second.of(!from_low)};
  }

  /// Of several attempts on one flow the one whose numbers lie closest below.
  [[nodiscard]] std::optional<CallId> nearest(const Chain& known,
                                              std::optional<std::uint32_t> number) const {
    if (known.first == nobody) return {};
    auto best = known.last;
    const auto above = [&](CallId call) {
      return calls_[call].isn ? *number - *calls_[call].isn : UINT32_MAX;
    };
    if (number)
      for (auto call = known.first; call != nobody; call = next_[call])
        if (above(call) < above(best)) best = call;
    return best;
  }

  static constexpr auto there_ = &Call::there;
  static constexpr auto back_ = &Call::back;
  void add(Packets Call::*way, CallId call, const Observation& packet) {
    auto& packets = calls_[call].*way;
    const auto last = packets.rbegin(),
               few = last + std::min<std::ptrdiff_t>(4, packets.rend() - last);
    const auto known =
        std::find_if(last, few, [&](const auto* one) { return is_seen_again(*one, packet); });
    if (known != few) {
      const bool goes_on = packet.hop_limit < (*known)->hop_limit;
      if (goes_on && way == back_ && end_ == End::client) *known = &packet;
      return;
    }
    if (packets.size() < most_packets) packets.push_back(&packet);
  }

  End end_;
  std::vector<Call> calls_;
  std::vector<CallId> next_;  ///< on the same flow
  std::unordered_map<FlowKey, BothWays, KeyHash> of_ends_;
  std::map<std::pair<std::uint32_t, Endpoint>, CallId> asked_;
  CallId indexed_ = 0;  ///< calls that are in it
};

}  // namespace

std::vector<Call> calls_of(std::span<const Observation> packets, End end, std::uint64_t seed) {
  Sorter sorter(end, seed);
  for (const auto& packet : packets) sorter.see(packet);
  return joined(sorter.take());
}

}  // namespace hopblame::compare
