#include "analysis/offline/tracker.hpp"

#include <algorithm>

#include "analysis/correlate/answers.hpp"
#include "analysis/offline/conversation.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t most_copies = 16;  ///< of one SYN whose frames are remembered
constexpr std::size_t most_replies = 8;  ///< to one probe
constexpr std::size_t most_per_flow = 256;

/// The same packet on its way through the machine that captured it (tcpdump -i any on a router).
bool is_forwarded_copy(const Attempt& attempt, const Observation& seen) {
  const bool one_less = seen.hop_limit.value + 1 == attempt.exchange.spec.question.hop_limit.value;
  if (!one_less || attempt.exchange.left.empty()) return false;
  if (seen.flow.source.address.family == Family::ipv6)
    return seen.at - attempt.touched < std::chrono::milliseconds(5);
  return seen.ip_id_or_flow_label != 0 &&
         attempt.ip_ids.has(static_cast<std::uint16_t>(seen.ip_id_or_flow_label));
}

Reply reply_of(const Observation& seen, ReplyKind kind) {
  Reply reply;
  reply.frame = seen.frame;
  reply.at = seen.at;
  reply.kind = kind;
  reply.from = seen.flow.source.address;
  reply.hop_limit = seen.hop_limit;
  reply.traffic_class = seen.traffic_class;
  reply.ip_id_or_flow_label = seen.ip_id_or_flow_label;
  reply.dont_fragment = seen.dont_fragment;
  return reply;
}

void add(Attempt& attempt, Reply reply, TimePoint at) {
  attempt.touched = at;
  if (attempt.exchange.replies.size() < most_replies)
    attempt.exchange.replies.push_back(std::move(reply));
}

/// Of several probes with the same numbers (tcptraceroute gives all of them the same) the newest
/// that waits: such a tool asks one question at a time.
template <class Fits>
Attempt* newest(std::vector<Attempt>& attempts, Fits fits) {
  Attempt* found = nullptr;
  for (auto& attempt : attempts)
    if (fits(attempt) && (!found || found->exchange.answered() || !attempt.exchange.answered()))
      found = &attempt;
  return found;
}

bool is_quoted(const Attempt& attempt, const Quote& quote) {
  return quote.tcp_sequence && *quote.tcp_sequence == attempt.exchange.spec.sequence;
}

}  // namespace

Tracker::Tracker(const TrackerLimits& limits, Done done)
    : limits_(limits), done_(std::move(done)), live_(1024, FlowHash{limits.seed}) {}

bool Tracker::follows(const IpAddress& client) const {
  return !limits_.local || *limits_.local == client;
}

Attempt& Tracker::begin(const Observation& observation, const Flow& flow, ProbeKind kind) {
  while (following_ >= limits_.live && !(soon_.empty() && later_.empty()))
    hand_on_first(later_.empty() ? soon_ : later_, true, observation.at);
  auto& attempts = live_[flow];
  if (attempts.size() >= most_per_flow) {
    done_(std::move(attempts.front()));
    attempts.erase(attempts.begin());
    --following_;
  }
  auto& attempt = attempts.emplace_back();
  ++following_;
  attempt.serial = next_serial_++;
  attempt.touched = attempt.exchange.at = observation.at;
  auto& spec = attempt.exchange.spec;
  spec.flow = flow;
  spec.question.kind = kind;
  spec.question.hop_limit = observation.hop_limit;
  spec.traffic_class = observation.traffic_class;
  soon_.push_back({observation.at + limits_.linger, attempt.serial, flow});
  return attempt;
}

void Tracker::observe(const Observation& observation) {
  ++counts_.packets;
  retire(observation.at);
  if (observation.fragment) return;
  std::visit(
      [&]<class Kind>(const Kind& message) {
        if constexpr (std::is_same_v<Kind, TcpSegment> || std::is_same_v<Kind, IcmpEcho> ||
                      std::is_same_v<Kind, IcmpError>)
          see(observation, message);
      },
      observation.message);
}

void Tracker::see(const Observation& observation, const TcpSegment& segment) {
  const auto& flow = observation.flow;
  if (segment.is_syn()) {
    if (follows(flow.source.address)) on_syn(observation, segment);
    return;
  }
  if (const auto found = live_.find(flow); found != live_.end()) {
    ++counts_.outbound;
    return client_says(found->second, observation, segment);
  }
  if (const auto found = live_.find(flow.reversed()); found != live_.end()) {
    ++counts_.inbound;
    return server_says(found->second, observation, segment);
  }
  out_of_the_blue(observation, segment);
}

void Tracker::on_syn(const Observation& observation, const TcpSegment& segment) {
  ++counts_.outbound;
  const auto ip_id = static_cast<std::uint16_t>(observation.ip_id_or_flow_label);
  if (const auto found = live_.find(observation.flow); found != live_.end()) {
    for (auto& attempt : found->second) {
      auto& exchange = attempt.exchange;
      if (exchange.spec.sequence != segment.sequence || attempt.unseen) continue;
      if (is_forwarded_copy(attempt, observation)) return;
      if (exchange.spec.question.hop_limit != observation.hop_limit) continue;
      attempt.touched = observation.at;
      if (exchange.left.size() < most_copies) exchange.left.push_back(observation.frame);
      attempt.ip_ids.add(ip_id);
      return;
    }
  }
  auto& attempt = begin(observation, observation.flow, ProbeKind::syn);
  attempt.exchange.spec.sequence = segment.sequence;
  attempt.exchange.left.push_back(observation.frame);
  attempt.ip_ids.add(ip_id);
}

void Tracker::client_says(Attempts& attempts, const Observation& observation,
                          const TcpSegment& segment) {
  auto& attempt = attempts.back();
  attempt.touched = observation.at;
  client_continues(attempt, observation, segment);
}

void Tracker::server_says(Attempts& attempts, const Observation& observation,
                          const TcpSegment& segment) {
  auto* talking = newest(attempts, [](const Attempt& attempt) { return is_talking(attempt); });
  if (talking) {
    talking->touched = observation.at;
    return server_continues(*talking, reply_of(observation, kind_of(segment)), segment);
  }
  auto* asked =
      newest(attempts, [&](const Attempt& attempt) { return answers(segment, attempt.exchange); });
  if (!asked) {
    ++attempts.back().misfits;
    return;
  }
  auto reply = reply_of(observation, kind_of(segment));
  reply.segment = segment;
  add(*asked, std::move(reply), observation.at);
}

/// The first packet of a flow that is no SYN: an ACK scan, the answer to a question that is not in
/// the capture, or a connection that was there before.
void Tracker::out_of_the_blue(const Observation& observation, const TcpSegment& segment) {
  const auto& flow = observation.flow;
  const bool answer = segment.is_syn_ack() ||
                      (segment.is_reset() && segment.has(tcp_flag::ack) && segment.sequence == 0);
  if (answer) {
    if (!follows(flow.destination.address)) return;
    ++counts_.inbound;
    auto& attempt = begin(observation, flow.reversed(), ProbeKind::syn);
    attempt.unseen = true;
    attempt.exchange.spec.sequence = segment.acknowledgment - 1;
    attempt.exchange.spec.question.hop_limit = full_hop_limit;
    auto reply = reply_of(observation, kind_of(segment));
    reply.segment = segment;
    return add(attempt, std::move(reply), observation.at);
  }
  if (segment.is_reset()) return;
  // The lower port is the service's, as long as nothing better is known.
  const bool from_client = flow.source.port > flow.destination.port;
  const bool bare_ack = segment.flags == tcp_flag::ack && segment.payload == 0;
  const auto towards_service = bare_ack || from_client ? flow : flow.reversed();
  if (!follows(towards_service.source.address)) return;
  auto& attempt = begin(observation, towards_service, bare_ack ? ProbeKind::ack : ProbeKind::syn);
  attempt.exchange.spec.acknowledgment = segment.acknowledgment;
  attempt.exchange.spec.sequence = segment.sequence;
  attempt.exchange.left.push_back(observation.frame);
  attempt.joined = !bare_ack;
}

void Tracker::see(const Observation& observation, const IcmpEcho& echo) {
  const auto& flow = observation.flow;
  if (!echo.reply) {
    if (!follows(flow.source.address)) return;
    auto& attempt = begin(observation, flow, ProbeKind::echo);
    attempt.exchange.spec.question.aim = Aim::none;
    attempt.exchange.spec.echo_identifier = echo.identifier;
    attempt.exchange.spec.echo_sequence = echo.sequence;
    attempt.exchange.left.push_back(observation.frame);
    return;
  }
  const auto found = live_.find(flow.reversed());
  if (found == live_.end()) return;
  auto* asked = newest(found->second, [&](const Attempt& attempt) {
    return attempt.exchange.spec.echo_identifier == echo.identifier &&
           attempt.exchange.spec.echo_sequence == echo.sequence;
  });
  if (asked) add(*asked, reply_of(observation, ReplyKind::echo_reply), observation.at);
}

void Tracker::see(const Observation& observation, const IcmpError& error) {
  if (!error.quote || error.quote->flow.transport != Transport::tcp) return;
  const auto& quote = *error.quote;
  if (!follows(quote.flow.source.address)) return;
  const auto found = live_.find(quote.flow);
  Attempt* asked = nullptr;
  if (found != live_.end()) {
    const auto ip_id = static_cast<std::uint16_t>(quote.ip_id_or_flow_label);
    asked = newest(found->second, [&](const Attempt& attempt) {
      return is_quoted(attempt, quote) && attempt.ip_ids.has(ip_id);
    });
    if (!asked)
      asked =
          newest(found->second, [&](const Attempt& attempt) { return is_quoted(attempt, quote); });
  }
  if (!asked) {
    ++counts_.unverified;
    return;
  }
  ++counts_.inbound;
  auto reply = reply_of(observation, kind_of(error, observation.flow.source.address.family));
  reply.icmp = error;
  add(*asked, std::move(reply), observation.at);
}

TimePoint Tracker::due(const Attempt& attempt) const {
  const bool talking = is_talking(attempt) && !attempt.exchange.own_reset;
  const bool over = talking ? attempt.talk.over : attempt.exchange.answered();
  return attempt.touched + (over ? limits_.linger : limits_.patience);
}

/// Whoever is not due yet is looked at again later; both queues are in order, but for what a late
/// packet of an attempt puts off.
void Tracker::hand_on_first(std::deque<Due>& queue, bool forced, TimePoint now) {
  const auto first = queue.front();
  queue.pop_front();
  const auto flow = live_.find(first.flow);
  if (flow == live_.end()) return;
  auto& attempts = flow->second;
  const auto attempt = std::ranges::find(attempts, first.serial, &Attempt::serial);
  if (attempt == attempts.end()) return;
  const auto when = due(*attempt);
  if (when > now && !forced) {
    auto& next = when - now <= limits_.linger ? soon_ : later_;
    return next.push_back({when, first.serial, first.flow});
  }
  if (when > now) ++counts_.early;
  done_(std::move(*attempt));
  --following_;
  attempts.erase(attempt);
  if (attempts.empty()) live_.erase(flow);
}

void Tracker::retire(TimePoint now) {
  for (auto* queue : {&soon_, &later_})
    while (!queue->empty() && queue->front().at <= now) hand_on_first(*queue, false, now);
}

void Tracker::finish() {
  std::vector<Attempt*> rest;
  rest.reserve(following_);
  for (auto& [flow, attempts] : live_)
    for (auto& attempt : attempts) rest.push_back(&attempt);
  std::ranges::sort(rest, {}, &Attempt::serial);
  for (auto* attempt : rest) done_(std::move(*attempt));
  live_.clear();
}

}  // namespace hopblame::offline
