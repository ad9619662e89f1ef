#include "analysis/plan/wants.hpp"

#include <algorithm>

#include "analysis/model/services.hpp"
#include "analysis/path/attempts.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/path/own_words.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/path/who_decides.hpp"
#include "analysis/path/window.hpp"
#include "analysis/plan/contrary.hpp"
#include "analysis/plan/contrast.hpp"
#include "analysis/plan/gone.hpp"
#include "analysis/plan/ladder.hpp"
#include "analysis/plan/nothing_beside.hpp"
#include "analysis/plan/reach.hpp"
#include "analysis/plan/route_or_rule.hpp"
#include "analysis/plan/ssh_opening.hpp"
#include "analysis/plan/state.hpp"

namespace hopblame {
namespace {

using namespace std::chrono_literals;

/// A router gives up on ARP after 3.0 to 3.1 s (measured) and says so then, not before.
constexpr Duration neighbour_told = 4200ms;
/// connect() returns within this of the answer the capture saw, unless this machine dropped it.
constexpr Duration delivery = 250ms;
/// The way there and back over a virtual link, within the call itself (8 to 12 us, measured).
constexpr Duration held_by_connect = 100us;
/// What the stack has told the application shows in the capture within this.
constexpr Duration capture_lag = 20ms;
/// A lost SYN of connect() goes again after 1, 2, 3 and 4 s (Linux tcp_syn_linear_timeouts), then
/// after 6 and 10 s, which is waited for where packets get lost.
constexpr Duration kernel_retries = 5500ms, kernel_retries_with_loss = 10500ms;
/// The fourth comes after 21 s at most; nobody waits longer.
constexpr unsigned most_greetings = 4;
/// A service nobody expects a greeting from gets this long to give one.
constexpr Duration unasked_greeting = 300ms;

/// Whoever rejects may be near, and the host far, or one answer of its other port was lost. A table
/// of routes has none for any port, and each message about it costs what the next may need.
bool may_other_port_answer(const Situation& situation, const State& state) {
  return state.fate == Fate::icmp && state.first_end->kind != ReplyKind::time_exceeded &&
         !is_routing_in_question(situation, state);
}

unsigned bad_checksum_tries(const Situation& situation, const State& state) {
  switch (state.fate) {
    case Fate::pending: return 1;
    case Fate::silent: return 2;
    case Fate::icmp:
      return is_routing_in_question(situation, state) ? tries_at_rejecter(situation, state, 2) : 0;
    default: return 0;
  }
}

/// The bad checksum goes second: a Linux router sends two or three route errors and then none for
/// seconds (measured: ip_error and icmp_send draw on the same allowance), and one that waits for
/// ARP answers its queue in order of arrival. After a rest for the sake of one such message it goes
/// first: a rule would have been heard before, and only a table of routes answers it.
std::vector<Want> opening(const Situation& situation, const State& state, const Rest& rest) {
  const unsigned tries = situation.goal.tries;
  const bool silent = state.fate == Fate::silent;
  const auto want = [](ProbeKind kind, Aim aim, unsigned count, Rhythm rhythm) {
    return Want{{kind, aim, 0, full_hop_limit}, count, rhythm};
  };
  const auto asked = want(ProbeKind::syn, Aim::target,
                          silent || state.fate == Fate::pending ? tries : 1, Rhythm::slow);
  if (state.fate == Fate::not_sent) return {asked};
  const auto bad = want(ProbeKind::syn_bad_checksum, Aim::target,
                        rest.wanted ? tries : bad_checksum_tries(situation, state), Rhythm::slow);
  std::vector<Want> wants;
  if (rest.wanted) wants.push_back(bad);
  // A rule speaks to the right one that comes after it.
  if (rest.wanted && state.fate == Fate::icmp)
    wants.push_back({{ProbeKind::syn, Aim::target, 1, full_hop_limit}, tries, Rhythm::slow});
  wants.push_back(asked);
  if (!rest.wanted && bad.tries > 0) wants.push_back(bad);
  // Where the port answers, the control port is asked on other flows at the same time.
  const bool alone = silent || state.fate == Fate::pending || state.control_unsent;
  const bool again = may_other_port_answer(situation, state);
  wants.push_back(want(ProbeKind::syn, Aim::control, (alone || again) ? tries : 1,
                       silent  ? Rhythm::slow
                       : again ? Rhythm::prompt
                               : Rhythm::quick));
  return wants;
}

const Reply* answer_to_connect(const Situation& situation) {
  for (const auto& exchange : situation.exchanges)
    if (exchange.origin == Origin::kernel)
      for (const auto& reply : exchange.replies)
        if (reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::reset_ack) return &reply;
  return nullptr;
}

bool is_all_acknowledged(const Situation& situation, const SshRecord& ssh) {
  return std::ranges::any_of(situation.exchanges, [&](const Exchange& exchange) {
    return exchange.origin == Origin::kernel && acknowledged_bytes(exchange) >= ssh.said_bytes;
  });
}

DueAnswers answered_by_now(const Situation& situation, const State& state) {
  return answered_syns(state.target, state.control, situation.now - state.patience);
}

/// connect()'s own silence, which is waited for, is no sign of loss.
bool loses_our_probes(const Situation& situation, const State& state) {
  std::size_t of_connect = 0;
  for (const auto& exchange : situation.exchanges)
    if (exchange.origin == Origin::kernel && !exchange.answered())
      of_connect += exchange.left.size();
  return answered_by_now(situation, state).lost > of_connect;
}

/// Not by chance: the port has fallen silent for good, or some of its flows always are. Then
/// nothing that is due is made likelier by waiting longer.
bool silence_is_explained(const Situation& situation, const State& state) {
  const auto until = situation.now - state.patience;
  if (door_of(attempts_of(state.target, until), attempts_of(state.control, until)) == Door::shut)
    return true;
  return state.contrast &&
         is_by_flow(*state.contrast, beside(situation.exchanges, *state.contrast));
}

/// Where packets get lost, what is due may have to be sent several times, until its silence is no
/// chance any more.
Duration greeting_wait(const Situation& situation, const State& state) {
  const auto answers = answered_by_now(situation, state);
  const Duration usual = std::chrono::seconds(greeting_seconds);
  if (answers.lost == 0 || silence_is_explained(situation, state)) return usual;
  const auto times = std::min(tries_to_exclude_loss(one_way(answers.loss())), most_greetings);
  return std::max(usual, greeting_sent(times) + state.patience);
}

/// Lines may come before the identification (RFC 4253 section 4.2), but another service's greeting
/// is no such line.
std::optional<TimePoint> ssh_due(const Situation& situation, const State& state,
                                 const ConnectRecord& connect) {
  const auto& ssh = *connect.ssh;
  const auto wait = greeting_wait(situation, state);
  if (ssh.identified) {
    if (ssh.answered && is_all_acknowledged(situation, ssh)) return {};
    return std::max(*ssh.identified, ssh.said.value_or(*ssh.identified)) + wait;
  }
  if (connect.spoke)
    return *connect.spoke +
           (greets_as_another_than_ssh(connect.greeting) ? unasked_greeting : wait);
  const auto speaks = *connect.ended + ssh_speaks_anyway;
  return situation.now < speaks ? speaks : *connect.ended + wait;
}

/// Before the host behind a SYN proxy has accepted, the client that speaks first cannot. How far
/// that host is nobody knows, and a router that looks for it in vain says so late. A tarpit opens
/// no window.
bool waits_for_window(const Situation& situation) {
  return std::ranges::any_of(situation.exchanges, [](const Exchange& exchange) {
    if (exchange.origin != Origin::kernel || !exchange.answered()) return false;
    const auto& first = exchange.replies.front().segment;
    const bool made_up = first && is_made_up(*first) && opening_of_window(exchange) == nullptr;
    return made_up || is_window_shut(exchange);
  });
}

std::optional<TimePoint> greeting_due(const Situation& situation, const State& state,
                                      const ConnectRecord& connect) {
  if (connect.error != 0) return {};
  if (connect.closed) return *connect.closed + capture_lag;
  if (connect.ssh) return ssh_due(situation, state, connect);
  const auto service = known_service(situation.goal.target.port);
  if (!connect.spoke) {
    const bool expected = service && service->speaks_first;
    if (!expected && waits_for_window(situation)) return *connect.ended + neighbour_told;
    return *connect.ended + (expected ? greeting_wait(situation, state) : unasked_greeting);
  }
  const bool as_expected =
      service && !service->greeting.empty() && connect.greeting.starts_with(service->greeting);
  // A refusal in words is followed by the end of the connection: wait for it.
  if (as_expected) return {};
  return *connect.spoke + unasked_greeting;
}

/// What the real connect() still owes.
std::optional<TimePoint> connect_due(const Situation& situation, const State& state) {
  if (!situation.connect) return {};
  const auto& connect = *situation.connect;
  if (connect.ended) return greeting_due(situation, state, connect);
  if (connect.hung_up) return {};
  if (const auto* answer = answer_to_connect(situation)) return answer->at + delivery;
  if (state.fate == Fate::accepted)
    return connect.at + (loses_our_probes(situation, state) && !state.forms &&
                                 !silence_is_explained(situation, state)
                             ? kernel_retries_with_loss
                             : kernel_retries);
  return {};
}

/// It came while connect() still held its socket, which then forgets it until its next SYN
/// (measured); the raw SYN had the same one. That is no sign of a rule here.
bool is_forgotten(const Exchange& call, const State& state) {
  const auto& reply = call.replies.front();
  return call.left.size() == 1 && reply.icmp && state.first_end->icmp &&
         reply.at - call.at < held_by_connect && reply.from == state.first_end->from &&
         reply.icmp->type == state.first_end->icmp->type &&
         reply.icmp->code == state.first_end->icmp->code;
}

/// The message that should end connect() came, and did not: the one to its next SYN has to, unless
/// this machine drops them.
std::optional<TimePoint> rejection_due(const Situation& situation, const State& state) {
  const auto& connect = situation.connect;
  if (!connect || connect->ended || connect->hung_up) return {};
  for (const auto& exchange : situation.exchanges)
    if (exchange.origin == Origin::kernel && exchange.answered())
      return is_forgotten(exchange, state)
                 ? std::nullopt
                 : std::optional(connect->at + 1s + state.patience + delivery);
  return {};
}

/// Of several machines behind a forwarding address one may be down: its router says so late.
std::optional<TimePoint> dead_machine_due(const Situation& situation, const State& state) {
  if (!state.forwarded || state.silent_flows == 0) return {};
  return state.first_sent.value_or(situation.started) + neighbour_told;
}

std::optional<TimePoint> wait_of(const Situation& situation, const State& state) {
  const auto first = state.first_sent.value_or(situation.started);
  const auto& patience = situation.goal.patience;
  // A late answer to the first SYN, of a router that looks for a dead neighbour or of a NAT that
  // waits, is worth as long as the user says.
  const auto asked_for = patience ? std::optional(first + *patience) : std::nullopt;
  switch (state.fate) {
    case Fate::pending: return first + state.first_patience;
    case Fate::accepted:
      return std::max(connect_due(situation, state), dead_machine_due(situation, state));
    case Fate::reset:
      return std::max({connect_due(situation, state), dead_machine_due(situation, state),
                       state.control_due, host_due(situation, state)});
    case Fate::icmp:
      // What waited for the same ARP entry is answered in one go, probe after probe.
      if (state.first_end->at >= first + try_spacing) return state.first_end->at + delivery;
      return std::max(rejection_due(situation, state),
                      may_other_port_answer(situation, state) ? state.control_due : std::nullopt);
    case Fate::silent:
      if (state.heard_from_host && !state.forwarded) return asked_for;
      return std::max(asked_for,
                      std::optional(first + neighbour_told + 2 * (state.patience - delivery)));
    case Fate::not_sent: {
      const bool connect_over = situation.connect && situation.connect->ended;
      const bool refused = std::ranges::any_of(situation.exchanges,
                                               [](const auto& sent) { return sent.error != 0; });
      if (connect_over) return *situation.connect->ended + capture_lag;
      const bool hopeless = refused || !situation.vantage.interface_up;
      return first + (hopeless ? delivery : neighbour_told);
    }
  }
  return {};
}

/// The probes met something else or were kept here, as by a rule that redirects them, and the
/// connection was accepted after all: its SYN/ACK may not have been captured yet, and its service
/// may speak.
std::optional<TimePoint> accepted_due(const Situation& situation, const State& state) {
  const bool otherwise =
      state.fate == Fate::icmp || state.fate == Fate::silent || state.fate == Fate::not_sent;
  const auto& connect = situation.connect;
  if (!otherwise || !connect || !connect->ended || connect->error != 0) return {};
  return std::max(greeting_due(situation, state, *connect),
                  std::optional(*connect->ended + delivery));
}

}  // namespace

Wants wants_of(const Situation& situation) {
  if (situation.vantage.route_error != 0) return {};
  const auto state = state_of(situation);
  const auto rest = rest_of(situation, state);
  Wants wants{opening(situation, state, rest), reach_of(state),
              std::max(wait_of(situation, state), accepted_due(situation, state)),
              is_to_call_again(situation, state), rest};
  if (state.fate == Fate::pending || state.fate == Fate::not_sent) return wants;
  if (is_gone_on_all_flows(situation)) {
    wants.questions.clear();
    return wants;
  }
  const auto append = [&](const std::vector<Want>& more) {
    wants.questions.insert(wants.questions.end(), more.begin(), more.end());
  };
  const bool walk = !situation.vantage.target_is_local;
  // Nobody needs to know how far the marked ones come.
  const bool open = state.forms && state.forms->ordinary == SynFate::accepted;
  const auto steps = walk && !open ? ladder(situation, state) : std::vector<Want>{};
  // Silence: a packet that waits for ARP must be early. Rejection: the walk's end comes before it.
  if (state.fate == Fate::silent) append(contrast(situation, state));
  append(steps);
  if (walk) append(contrary(situation, state));
  if (state.fate != Fate::silent) append(contrast(situation, state));
  append(more_flows_in_silence(state));
  // Some want to see one hop beyond the end; the user's limit holds for all.
  std::erase_if(wants.questions, [&](const Want& want) {
    const auto limit = want.question.hop_limit;
    return limit != full_hop_limit && limit.value > situation.goal.max_hops;
  });
  return wants;
}

}  // namespace hopblame
