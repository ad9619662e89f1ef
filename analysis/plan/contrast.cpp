#include "analysis/plan/contrast.hpp"

namespace hopblame {
namespace {

Want want(ProbeKind kind, Aim aim, unsigned tries, Rhythm rhythm) {
  return {{kind, aim, 0, full_hop_limit}, tries, rhythm};
}

/// A RST that looks like the host's own stack leaves nothing to ask; any other may hide a service.
bool looks_like_a_filter(const State& state) {
  const auto& rst = *state.first_end;
  if (rst.traffic_class != probe_traffic_class) return true;
  return state.control_end && state.control_end->hop_limit != rst.hop_limit;
}

std::vector<Want> after_reset(const State& state) {
  std::vector<Want> wants{
      want(ProbeKind::echo, Aim::none, state.control_end ? 1 : 2, Rhythm::quick)};
  if (!looks_like_a_filter(state)) return wants;
  wants.push_back(want(ProbeKind::ack, Aim::target, 2, Rhythm::together));
  wants.push_back(want(ProbeKind::fin, Aim::target, 2, Rhythm::together));
  wants.push_back(want(ProbeKind::fin, Aim::control, 2, Rhythm::together));
  return wants;
}

/// The bad checksum goes first: a router that waits for ARP answers its queue in order of arrival
/// and has few ICMP answers to give.
std::vector<Want> after_silence(const Situation& situation, const State& state) {
  const unsigned tries = situation.goal.tries;
  std::vector<Want> wants{
      want(ProbeKind::syn_bad_checksum, Aim::target, 2, Rhythm::slow),
      want(ProbeKind::echo, Aim::none, tries, Rhythm::slow),
      want(ProbeKind::ack, Aim::target, tries, Rhythm::slow),
      want(ProbeKind::fin, Aim::target, tries, Rhythm::slow),
  };
  if (state.control_end) {
    wants.push_back(want(ProbeKind::ack, Aim::control, tries, Rhythm::slow));
    wants.push_back(want(ProbeKind::fin, Aim::control, tries, Rhythm::slow));
  }
  return wants;
}

}  // namespace

std::vector<Want> contrast(const Situation& situation, const State& state) {
  switch (state.fate) {
    case Fate::accepted: return {want(ProbeKind::echo, Aim::none, 1, Rhythm::quick)};
    case Fate::reset: return after_reset(state);
    case Fate::icmp: return {want(ProbeKind::syn_bad_checksum, Aim::target, 2, Rhythm::together)};
    case Fate::silent: return after_silence(situation, state);
    case Fate::pending:
    case Fate::not_sent: return {};
  }
  return {};
}

}  // namespace hopblame
