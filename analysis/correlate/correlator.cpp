#include "analysis/correlate/correlator.hpp"

#include <algorithm>

#include "analysis/correlate/answers.hpp"

namespace hopblame {

void Correlator::sent(const SendRecord& record) {
  by_flow_[record.spec.flow].push_back(exchanges_.size());
  Exchange exchange;
  exchange.spec = record.spec;
  exchange.at = record.at;
  exchange.error = record.error;
  exchanges_.push_back(std::move(exchange));
}

void Correlator::connecting(const Flow& flow) { connect_flows_.push_back(flow); }

const Correlator::Indexes* Correlator::of_flow(const Flow& flow) const {
  const auto found = by_flow_.find(flow);
  return found == by_flow_.end() ? nullptr : &found->second;
}

void Correlator::observe(const Observation& observation) {
  if (observation.fragment) return;
  std::visit(
      [&]<class Kind>(const Kind& message) {
        if constexpr (std::is_same_v<Kind, NeighbourMessage>) {
          neighbours_.push_back(observation);
        } else if constexpr (std::is_same_v<Kind, IcmpError>) {
          arrives(observation, message);
        } else if constexpr (!std::is_same_v<Kind, Unreadable>) {
          if (!leaves(observation, message)) arrives(observation, message);
        }
      },
      observation.message);
}

// What had left and is seen with fewer hops to go has been on the way: somebody sent it back.
void Correlator::left(Exchange& exchange, const Observation& observation) {
  const auto had = exchange.left_with.value_or(exchange.spec.question.hop_limit);
  if (exchange.sent() && observation.hop_limit < had) return;
  if (exchange.left.empty()) exchange.at = observation.at;
  if (observation.hop_limit != exchange.spec.question.hop_limit)
    exchange.left_with = observation.hop_limit;
  exchange.left.push_back(observation.frame);
}

bool Correlator::leaves(const Observation& observation, const TcpSegment& segment) {
  const auto& flow = observation.flow;
  if (std::ranges::find(connect_flows_, flow) != connect_flows_.end() && segment.is_syn()) {
    start_connection(observation, segment);
    return true;
  }
  const auto* indexes = of_flow(flow);
  if (indexes == nullptr) return false;
  for (const auto index : *indexes) {
    auto& exchange = exchanges_[index];
    if (exchange.origin == Origin::raw && segment.sequence == exchange.spec.sequence) {
      left(exchange, observation);
      return true;
    }
    // The stack never sent this SYN, so it resets the peer's SYN/ACK with the number it
    // acknowledges.
    if (segment.is_reset() && segment.sequence == exchange.spec.sequence + 1 && !exchange.own_reset)
      exchange.own_reset = observation.frame;
    if (exchange.origin == Origin::kernel) note_data(exchange, segment);
  }
  return true;
}

/// Nothing this program says is longer; a number beyond that is not ours.
void Correlator::note_data(Exchange& call, const TcpSegment& segment) {
  constexpr std::uint32_t most = 1 << 16;
  const auto end = segment.sequence - (call.spec.sequence + 1) + segment.payload;
  if (segment.payload > 0 && end <= most) call.said = std::max(call.said, end);
}

void Correlator::start_connection(const Observation& observation, const TcpSegment& segment) {
  auto& indexes = by_flow_[observation.flow];
  const auto same = std::ranges::find_if(indexes, [&](std::size_t index) {
    return exchanges_[index].spec.sequence == segment.sequence;
  });
  if (same != indexes.end()) return left(exchanges_[*same], observation);
  indexes.push_back(exchanges_.size());
  Exchange exchange;
  exchange.origin = Origin::kernel;
  exchange.spec.question.hop_limit = observation.hop_limit;
  exchange.spec.flow = observation.flow;
  exchange.spec.sequence = segment.sequence;
  exchange.spec.traffic_class = observation.traffic_class;
  left(exchange, observation);
  exchanges_.push_back(std::move(exchange));
}

bool Correlator::leaves(const Observation& observation, const IcmpEcho& echo) {
  if (echo.reply) return false;
  for (auto& exchange : exchanges_) {
    const auto& spec = exchange.spec;
    if (spec.question.kind == ProbeKind::echo && spec.echo_identifier == echo.identifier &&
        spec.echo_sequence == echo.sequence && spec.flow.source == observation.flow.source) {
      left(exchange, observation);
      break;
    }
  }
  return true;
}

bool Correlator::leaves(const Observation& observation, const UdpDatagram& datagram) {
  const auto* indexes = of_flow(observation.flow);
  if (indexes == nullptr) return false;
  // Datagrams of one flow leave in the order they were sent; the hop limit keeps a lost one apart.
  for (const auto index : *indexes) {
    auto& exchange = exchanges_[index];
    if (exchange.left.empty() && exchange.spec.question.hop_limit == observation.hop_limit) {
      udp_checksums_[index] = datagram.checksum;
      left(exchange, observation);
      break;
    }
  }
  return true;
}

namespace {

void fill(Reply& reply, const Observation& observation) {
  reply.frame = observation.frame;
  reply.at = observation.at;
  reply.from = observation.flow.source.address;
  reply.hop_limit = observation.hop_limit;
  reply.traffic_class = observation.traffic_class;
  reply.ip_id_or_flow_label = observation.ip_id_or_flow_label;
  reply.dont_fragment = observation.dont_fragment;
  reply.interface_index = observation.interface_index;
}

}  // namespace

void Correlator::add_reply(Exchange& exchange, const Observation& observation, Reply reply) {
  fill(reply, observation);
  exchange.replies.push_back(std::move(reply));
  ++received_;
}

/// More than a run asks questions; one more shows that there are too many.
void Correlator::add_misfit(const Flow& asked, const Observation& observation, Reply reply) {
  constexpr std::size_t most = 512;
  ++misfits_;
  if (misfit_answers_.size() >= most) return;
  fill(reply, observation);
  misfit_answers_.push_back({asked, std::move(reply)});
}

void Correlator::arrives(const Observation& observation, const TcpSegment& segment) {
  const auto* indexes = of_flow(observation.flow.reversed());
  if (indexes == nullptr) return;
  Reply reply;
  reply.kind = kind_of(segment);
  reply.segment = segment;
  for (const auto index : *indexes)
    if (answers(segment, exchanges_[index]))
      return add_reply(exchanges_[index], observation, std::move(reply));
  add_misfit(observation.flow.reversed(), observation, std::move(reply));
}

void Correlator::arrives(const Observation& observation, const IcmpEcho& echo) {
  for (auto& exchange : exchanges_) {
    const auto& spec = exchange.spec;
    if (spec.question.kind != ProbeKind::echo || spec.echo_identifier != echo.identifier ||
        spec.echo_sequence != echo.sequence ||
        spec.flow.destination.address != observation.flow.source.address)
      continue;
    Reply reply;
    reply.kind = ReplyKind::echo_reply;
    return add_reply(exchange, observation, std::move(reply));
  }
}

void Correlator::arrives(const Observation& observation, const UdpDatagram&) {
  const auto* indexes = of_flow(observation.flow.reversed());
  if (indexes == nullptr || indexes->empty()) return;
  Reply reply;
  reply.kind = ReplyKind::udp_reply;
  add_reply(exchanges_[indexes->front()], observation, std::move(reply));
}

Exchange* Correlator::udp_exchange(const Quote& quote) {
  const auto* indexes = of_flow(quote.flow);
  if (indexes == nullptr || !quote.udp_checksum) return nullptr;
  for (const auto index : *indexes) {
    const auto checksum = udp_checksums_.find(index);
    if (checksum != udp_checksums_.end() && checksum->second == *quote.udp_checksum)
      return &exchanges_[index];
  }
  return nullptr;
}

Exchange* Correlator::quoted_exchange(const Quote& quote) {
  if (quote.flow.transport == Transport::udp) return udp_exchange(quote);
  for (auto& exchange : exchanges_)
    if (quotes(quote, exchange)) return &exchange;
  return nullptr;
}

void Correlator::arrives(const Observation& observation, const IcmpError& error) {
  if (!error.quote) return;
  Reply reply;
  reply.kind = kind_of(error, observation.flow.source.address.family);
  reply.icmp = error;
  auto* exchange = quoted_exchange(*error.quote);
  if (exchange == nullptr) {
    const bool about_reset = std::ranges::any_of(
        exchanges_, [&](const Exchange& asked) { return quotes_own_reset(*error.quote, asked); });
    // A ping has no ports: that of another program to the same host is no forgery of ours.
    const bool about_ping = error.quote->echo_identifier.has_value();
    if (!about_reset && !about_ping && of_flow(error.quote->flow) != nullptr)
      add_misfit(error.quote->flow, observation, std::move(reply));
    return;
  }
  reply.to_later_segment = exchange->spec.flow.transport == Transport::tcp &&
                           error.quote->tcp_sequence != exchange->spec.sequence;
  add_reply(*exchange, observation, std::move(reply));
}

Correlator correlate(const Run& run) {
  Correlator correlator;
  for (const auto& send : run.sends) correlator.sent(send);
  if (run.connect) correlator.connecting(run.connect->flow);
  for (const auto& observation : run.observations) correlator.observe(observation);
  return correlator;
}

}  // namespace hopblame
