#include <cerrno>

#include "tests/src/report/cases.hpp"

namespace hopblame::cases {
namespace {

using std::chrono::microseconds;

IpAddress ip(const std::string& text) { return IpAddress::parse(text).value(); }

const IpAddress client = ip("192.0.2.7"), target = ip("203.0.113.10");

IpAddress router(unsigned hop) { return ip("198.51.100." + std::to_string(100 + hop)); }

Observation packet(unsigned frame, const IpAddress& from, const IpAddress& to, unsigned limit,
                   Message message) {
  Observation seen;
  seen.frame = FrameId{frame};
  seen.at = TimePoint(std::chrono::seconds(1795173600) + microseconds(1800 * frame));
  const bool asks = from == client;
  seen.flow = {Transport::tcp,
               {from, static_cast<std::uint16_t>(asks ? 40971 : 22)},
               {to, static_cast<std::uint16_t>(asks ? 22 : 40971)}};
  seen.hop_limit = HopLimit{static_cast<std::uint8_t>(limit)};
  seen.message = std::move(message);
  return seen;
}

TcpSegment segment(std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledgment) {
  TcpSegment made;
  made.flags = flags;
  made.sequence = sequence;
  made.acknowledgment = acknowledgment;
  return made;
}

Observation syn(unsigned frame, unsigned limit) {
  return packet(frame, client, target, limit, segment(tcp_flag::syn, frame, 0));
}

Observation reset(unsigned frame, unsigned to) {
  return packet(frame, target, client, 56, segment(tcp_flag::rst | tcp_flag::ack, 0, to + 1));
}

/// `to`: the frame of the SYN that died.
Observation time_exceeded(unsigned frame, unsigned hop, unsigned to) {
  IcmpError error;
  error.type = 11;
  error.quote.emplace();
  error.quote->flow = syn(to, hop).flow;
  error.quote->tcp_sequence = to;
  return packet(frame, router(hop), client, 65 - hop, error);
}

Hop hop(unsigned distance) {
  constexpr unsigned blamed = 9, last = 12;
  Hop made;
  made.distance = static_cast<std::uint8_t>(distance);
  const bool silent = distance >= 3 && distance <= 6;
  if (!silent) {
    made.responders.push_back(distance == last ? target : router(distance));
    made.round_trip = microseconds(1310 * distance);
  }
  made.target_flow = silent               ? FlowState::silent
                     : distance < blamed  ? FlowState::passes
                     : distance == blamed ? FlowState::answers
                                          : FlowState::not_asked;
  made.control_flow = silent             ? FlowState::silent
                      : distance == last ? FlowState::answers
                                         : FlowState::passes;
  return made;
}

}  // namespace

Case twelve_hops() {
  Case made{"twelve-hops", {}, {}};
  auto& [name, run, analysis] = made;
  run.goal.target = {target, 22};
  run.goal.host = to_string(target);
  run.facts.vantage.local = client;
  run.facts.vantage.interface = "enp0s31f6";
  run.observations = {syn(1, 64),   reset(2, 1), syn(3, 8),   time_exceeded(4, 8, 3),
                      syn(5, 10),   reset(6, 5), syn(700, 9), time_exceeded(701, 9, 700),
                      syn(1023, 64)};
  run.started = run.observations.front().at;
  run.ended = run.observations.back().at;
  run.names = {{router(8), "ae-8.core.a-provider-with-a-long-name.example.net"},
               {router(9), "fw-9.example.net"}};
  for (unsigned i = 1; i <= 12; ++i) analysis.path.hops.push_back(hop(i));
  analysis.path.distance.destination = std::uint8_t{12};
  const Where where{CulpritKind::router, std::uint8_t{9}, std::uint8_t{9}, router(9)};
  analysis.verdict.outcome = Outcome::refused;
  analysis.verdict.culprit = {where, Confidence::certain};
  analysis.verdict.explanations = {
      {Mechanism::middlebox_reset,
       1,
       where,
       {{"A RST answers the SYN to port 22.", {FrameId{1}, FrameId{2}}},
        {"A SYN with TTL 8 still gets as far as hop 8; one with TTL 10 meets the RST.",
         {FrameId{3}, FrameId{4}, FrameId{5}, FrameId{6}}},
        {"Hop 9 itself answers from the same distance.", {FrameId{700}, FrameId{701}}},
        {"The last SYN got no answer.", {FrameId{1023}}}},
       {},
       "the rule counters on 198.51.100.109"}};
  analysis.app_sees = {ECONNREFUSED, false};
  analysis.packets = {44, 44, 39, 0, 0};
  analysis.attempts.total = analysis.attempts.refused = 1;
  return made;
}

}  // namespace hopblame::cases
