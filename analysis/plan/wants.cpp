#include "analysis/plan/wants.hpp"

#include <algorithm>

#include "analysis/model/services.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/plan/contrast.hpp"
#include "analysis/plan/ladder.hpp"
#include "analysis/plan/state.hpp"

namespace hopblame {
namespace {

using namespace std::chrono_literals;

/// A router gives up on ARP after 3.0 to 3.1 s (measured) and says so then, not before.
constexpr Duration neighbour_failure = 4200ms;
/// connect() returns within this of the answer the capture saw, unless this machine dropped it.
constexpr Duration delivery = 250ms;
/// A lost SYN of connect() goes again after 1, 2 and 3 s (Linux tcp_syn_linear_timeouts).
constexpr Duration kernel_retries = 5500ms;
/// A service nobody expects a greeting from gets this long to give one.
constexpr Duration unasked_greeting = 300ms;

std::vector<Want> opening(const Situation& situation, const State& state) {
  const unsigned tries = situation.goal.tries;
  const bool silent = state.fate == Fate::silent;
  std::vector<Want> wants{{{ProbeKind::syn, Aim::target, 0, full_hop_limit},
                           silent || state.fate == Fate::pending ? tries : 1,
                           Rhythm::slow}};
  if (state.fate == Fate::not_sent) return wants;
  const bool icmp = state.fate == Fate::icmp;
  wants.push_back({{ProbeKind::syn, Aim::control, 0, full_hop_limit},
                   icmp ? 1 : tries,
                   silent ? Rhythm::slow : Rhythm::quick});
  return wants;
}

const Reply* answer_to_connect(const Situation& situation) {
  for (const auto& exchange : situation.exchanges)
    if (exchange.origin == Origin::kernel)
      for (const auto& reply : exchange.replies)
        if (reply.kind == ReplyKind::syn_ack || reply.kind == ReplyKind::reset_ack) return &reply;
  return nullptr;
}

std::optional<TimePoint> greeting_due(const Situation& situation, const ConnectRecord& connect) {
  if (connect.error != 0 || connect.closed) return {};
  const auto service = known_service(situation.goal.target.port);
  if (!connect.spoke) {
    const bool expected = service && service->speaks_first;
    return *connect.ended + (expected ? Duration(greeting_seconds * 1s) : unasked_greeting);
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
  if (connect.ended) return greeting_due(situation, connect);
  if (const auto* answer = answer_to_connect(situation)) return answer->at + delivery;
  if (state.fate == Fate::accepted) return connect.at + kernel_retries;
  return {};
}

std::optional<TimePoint> wait_of(const Situation& situation, const State& state) {
  const auto first = state.first_sent.value_or(situation.started);
  switch (state.fate) {
    case Fate::pending: return first + state.patience;
    case Fate::accepted:
    case Fate::reset: return connect_due(situation, state);
    case Fate::icmp:
      // What waited for the same ARP entry is answered in one go, probe after probe.
      if (state.first_end->at < first + try_spacing) return {};
      return state.first_end->at + delivery;
    case Fate::silent:
      if (state.heard_from_host) return {};
      return first + neighbour_failure + 2 * (state.patience - delivery);
    case Fate::not_sent: {
      const bool connect_over = situation.connect && situation.connect->ended;
      const bool refused = std::ranges::any_of(situation.exchanges,
                                               [](const auto& sent) { return sent.error != 0; });
      if (connect_over) return {};
      return first + (refused ? delivery : neighbour_failure);
    }
  }
  return {};
}

}  // namespace

Wants wants_of(const Situation& situation) {
  if (situation.vantage.route_error != 0) return {};
  const auto state = state_of(situation);
  Wants wants{opening(situation, state), wait_of(situation, state)};
  if (state.fate == Fate::pending || state.fate == Fate::not_sent) return wants;
  const auto append = [&](const std::vector<Want>& more) {
    wants.questions.insert(wants.questions.end(), more.begin(), more.end());
  };
  const bool walk = !situation.vantage.target_is_local;
  const auto steps = walk ? ladder(situation, state) : std::vector<Want>{};
  // Silence: a packet that waits for ARP must be early. Rejection: the walk's end comes before it.
  if (state.fate == Fate::silent) append(contrast(situation, state));
  append(steps);
  if (state.fate != Fate::silent) append(contrast(situation, state));
  return wants;
}

}  // namespace hopblame
