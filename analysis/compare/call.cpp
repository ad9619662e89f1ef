#include "analysis/compare/call.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "analysis/compare/seen_again.hpp"

namespace hopblame::compare {
namespace {

std::uint32_t said_in_syn(const Call& call) {
  const auto* syn = call.syn();
  return syn ? segment_of(*syn)->payload : 0;
}

class Sorter {
 public:
  explicit Sorter(End end) : end_(end) {}

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
    if (segment.is_syn()) return add(there_, begin_or_find(packet.flow, segment.sequence), packet);
    if (segment.is_syn_ack()) return add(back_, answered(packet, segment), packet);
    if (const auto call = nearest(packet.flow, segment.sequence)) return add(there_, *call, packet);
    const auto number =
        segment.has(tcp_flag::ack) ? std::optional(segment.acknowledgment) : std::nullopt;
    if (const auto call = nearest(packet.flow.reversed(), number)) return add(back_, *call, packet);
    // A RST that refuses a SYN has no number of its own (RFC 9293 section 3.10.7.1).
    if (segment.is_reset() && number && segment.sequence == 0)
      return add(back_, begin(packet.flow.reversed(), *number - 1), packet);
    const bool from_client = is_of_client(packet.flow);
    add(from_client ? there_ : back_,
        begin(from_client ? packet.flow : packet.flow.reversed(), std::nullopt), packet);
  }

  void quoted(const Observation& packet, const Quote& quote) {
    if (const auto call = nearest(quote.flow, quote.tcp_sequence)) return add(back_, *call, packet);
    // About a packet of the server: it tells the server, and begins no connection of its own.
    if (const auto call = nearest(quote.flow.reversed(), std::nullopt))
      return add(there_, *call, packet);
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

  /// The call that a SYN/ACK answers. Data in the SYN may be acknowledged with it (RFC 7413); one
  /// from another address that acknowledges the very number had its sender rewritten on the way.
  std::size_t answered(const Observation& packet, const TcpSegment& segment) {
    const auto flow = packet.flow.reversed();
    const auto isn = segment.acknowledgment - 1;
    if (const auto known = index_.find(flow); known != index_.end())
      for (const auto call : known->second)
        if (calls_[call].isn && isn - *calls_[call].isn <= said_in_syn(calls_[call])) return call;
    const auto asked = asked_.find({flow.source, isn});
    return asked != asked_.end() ? asked->second : begin(flow, isn);
  }

  std::size_t begin(const Flow& flow, std::optional<std::uint32_t> isn) {
    if (isn) asked_.emplace(std::pair(flow.source, *isn), calls_.size());
    index_[flow].push_back(calls_.size());
    calls_.push_back({flow, isn, {}, {}, {}, {}});
    return calls_.size() - 1;
  }

  std::size_t begin_or_find(const Flow& flow, std::uint32_t isn) {
    if (const auto known = index_.find(flow); known != index_.end())
      for (const auto call : known->second)
        if (calls_[call].isn == isn) return call;
    return begin(flow, isn);
  }

  /// Of several attempts on one flow the one whose numbers lie closest below.
  std::optional<std::size_t> nearest(const Flow& flow, std::optional<std::uint32_t> number) const {
    const auto known = index_.find(flow);
    if (known == index_.end()) return {};
    auto best = known->second.back();
    const auto above = [&](std::size_t call) {
      return calls_[call].isn ? *number - *calls_[call].isn : UINT32_MAX;
    };
    if (number)
      for (const auto call : known->second)
        if (above(call) < above(best)) best = call;
    return best;
  }

  static constexpr auto there_ = &Call::there;
  static constexpr auto back_ = &Call::back;
  void add(std::vector<const Observation*> Call::*way, std::size_t call,
           const Observation& packet) {
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
  std::map<Flow, std::vector<std::size_t>> index_;
  std::map<std::pair<Endpoint, std::uint32_t>, std::size_t> asked_;  ///< by client and first number
};

/// Who masquerades passes it on with another sender. A tool that asks many may use one number, but
/// neither one sender more nor one ID.
bool masquerades(const Call& call, const Call& copy) {
  return call.flow.destination == copy.flow.destination &&
         call.flow.source.address != copy.flow.source.address;
}

/// Who forwards a port passes it on to another address or port, as routers do: with a hop less.
bool forwards(const Call& call, const Call& copy) {
  return call.flow.destination != copy.flow.destination &&
         copy.syn()->hop_limit < call.syn()->hop_limit;
}

/// A call once more, as the machine that captured it passes it on: that is no attempt of its own,
/// unless it has another target.
std::vector<Call> joined(std::vector<Call> calls) {
  std::map<std::uint32_t, std::size_t> known;
  std::set<std::size_t> copies;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto* syn = calls[i].syn();
    if (!syn || syn->ip_id_or_flow_label == 0) continue;
    const auto [first, is_new] = known.emplace(*calls[i].isn, i);
    auto& before = calls[std::exchange(first->second, i)];
    if (is_new || !is_same_syn(*before.syn(), *syn)) continue;
    const bool same_target = masquerades(before, calls[i]);
    if (!same_target && !forwards(before, calls[i])) continue;
    before.passed_on = calls[i].flow;
    if (same_target) copies.insert(i);
  }
  std::vector<Call> kept;
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (!copies.contains(i)) kept.push_back(std::move(calls[i]));
  return kept;
}

}  // namespace

const Observation* Call::syn() const {
  const auto found = std::ranges::find_if(there, [](const auto* packet) {
    const auto* segment = segment_of(*packet);
    return segment && segment->is_syn();
  });
  return found == there.end() ? nullptr : *found;
}

const Observation* Call::syn_ack() const {
  const auto found = std::ranges::find_if(back, [&](const auto* packet) {
    const auto* segment = segment_of(*packet);
    return segment && segment->is_syn_ack() && isn &&
           segment->acknowledgment - 1 - *isn <= said_in_syn(*this);
  });
  return found == back.end() ? nullptr : *found;
}

TimePoint Call::begun() const {
  auto first = TimePoint::max();
  for (const auto* way : {&there, &back})
    if (!way->empty()) first = std::min(first, way->front()->at);
  return first;
}

TimePoint Call::ended() const {
  auto last = TimePoint::min();
  for (const auto* way : {&there, &back})
    if (!way->empty()) last = std::max(last, way->back()->at);
  return last;
}

std::vector<Call> calls_of(std::span<const Observation> packets, End end) {
  Sorter sorter(end);
  for (const auto& packet : packets) sorter.see(packet);
  return joined(sorter.take());
}

}  // namespace hopblame::compare
