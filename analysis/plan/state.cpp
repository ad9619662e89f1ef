#include "analysis/plan/state.hpp"

#include <algorithm>
#include <cerrno>

#include "analysis/path/in_its_name.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/path/silence.hpp"

namespace hopblame {
namespace {

bool earlier(const Reply& reply, const Reply* known) { return !known || reply.at < known->at; }

/// The first answer to a full-length probe; time exceeded counts, at full length it is a loop. An
/// ACK to a SYN on a half-open connection (RFC 5961 section 4.2) does not: its SYN/ACK was lost.
const Reply* first_answer(const Walk& walk) {
  const auto step = walk.steps.find(full_hop_limit.value);
  if (step == walk.steps.end()) return nullptr;
  const Reply* first = nullptr;
  for (const auto* exchange : step->second.exchanges)
    for (const auto& reply : exchange->replies)
      if (is_due_answer(reply) && earlier(reply, first)) first = &reply;
  return first;
}

std::optional<TimePoint> first_asked(const Walk& walk) {
  const auto step = walk.steps.find(full_hop_limit.value);
  if (step == walk.steps.end()) return {};
  return step->second.exchanges.front()->at;
}

Fate fate_of_answer(const Reply& reply) {
  switch (reply.kind) {
    case ReplyKind::syn_ack:
    case ReplyKind::data: return Fate::accepted;
    // To a SYN no TCP sends one: a program in between gave its own connection up.
    case ReplyKind::fin: return Fate::icmp;
    case ReplyKind::reset:
    case ReplyKind::reset_ack: return Fate::reset;
    default: return Fate::icmp;
  }
}

/// A full queue is asked again; it is no rule that forbids.
bool is_passing(int error) { return error == ENOBUFS || error == EAGAIN || error == EINTR; }

struct Departure {
  std::optional<TimePoint> handed_over;
  bool failed = false, left = false;
};

Departure departure_of(std::span<const Exchange> exchanges) {
  Departure departure;
  for (const auto& exchange : exchanges) {
    const auto& question = exchange.spec.question;
    if (question.aim != Aim::target || question.kind != ProbeKind::syn) continue;
    if (!departure.handed_over) departure.handed_over = exchange.at;
    departure.failed = departure.failed || (exchange.error != 0 && !is_passing(exchange.error));
    departure.left = departure.left || exchange.sent();
  }
  return departure;
}

/// A packet shows in the capture within a few milliseconds of the send, unless it never left.
constexpr Duration departure_time = std::chrono::milliseconds(150);

/// While nobody has answered anything the round trip is unknown, and most of the Internet is nearer
/// than this: walking blindly before a first answer could come wastes packets and time.
constexpr Duration unknown_round_trip = std::chrono::milliseconds(400);

bool anything_heard(std::span<const Exchange> exchanges) {
  return std::ranges::any_of(exchanges,
                             [](const Exchange& exchange) { return exchange.answered(); });
}

Fate fate_without_answer(const Departure& departure, TimePoint now, Duration patience) {
  if (!departure.handed_over) return Fate::pending;
  if (departure.failed && !departure.left) return Fate::not_sent;
  if (!departure.left)
    return now < *departure.handed_over + departure_time ? Fate::pending : Fate::not_sent;
  return now < *departure.handed_over + patience ? Fate::pending : Fate::silent;
}

}  // namespace

std::optional<std::uint8_t> State::distance_of_host() const {
  for (const auto& [distance, step] : target.steps)
    for (const auto* reply : step.ends)
      if (reply->kind == ReplyKind::syn_ack && distance < full_hop_limit.value) return distance;
  const auto end = control.first_end();
  return end && *end < full_hop_limit.value ? end : std::nullopt;
}

State state_of(const Situation& situation) {
  State state;
  state.target = walk_of(situation.exchanges, ProbeKind::syn, Aim::target);
  state.control = walk_of(situation.exchanges, ProbeKind::syn, Aim::control);
  state.patience = patience(situation.exchanges, situation.goal);
  state.first_end = first_answer(state.target);
  state.control_end = first_answer(state.control);
  state.control_unsent = std::ranges::any_of(situation.exchanges, [](const Exchange& exchange) {
    return exchange.spec.question.aim == Aim::control && !exchange.sent();
  });
  if (const auto asked = first_asked(state.control); asked && !state.control_end)
    state.control_due = *asked + state.patience;
  state.control_waited_for = state.control_due && *state.control_due <= situation.now;
  for (const auto& exchange : situation.exchanges) {
    if (exchange.spec.question.kind == ProbeKind::syn_bad_checksum && exchange.answered())
      state.bad_checksum_answered = true;
    for (const auto& reply : exchange.replies) {
      const bool turned_away = exchange.spec.question.aim == Aim::control &&
                               made_by_router(state.target, state.control, reply);
      if (reply.from == situation.goal.target.address && !turned_away) state.heard_from_host = true;
      if (reply.from == situation.goal.target.address && reply.kind == ReplyKind::time_exceeded)
        state.forwarded = true;
      if (reply.kind == ReplyKind::echo_reply && earlier(reply, state.echo_reply))
        state.echo_reply = &reply;
    }
  }
  if (const auto full = state.target.steps.find(full_hop_limit.value);
      full != state.target.steps.end())
    for (const auto* exchange : full->second.exchanges)
      if (!exchange->answered() && situation.now >= exchange->at + state.patience)
        ++state.silent_flows;
  const auto flows = flows_to(situation.exchanges, Aim::target, situation.now - state.patience);
  state.contrast = contrast_of(flows);
  state.forms = forms_of(flows);
  const auto departure = departure_of(situation.exchanges);
  state.first_sent = departure.handed_over;
  state.first_patience = anything_heard(situation.exchanges)
                             ? state.patience
                             : std::max(state.patience, unknown_round_trip);
  state.fate = state.first_end
                   ? fate_of_answer(*state.first_end)
                   : fate_without_answer(departure, situation.now, state.first_patience);
  return state;
}

}  // namespace hopblame
