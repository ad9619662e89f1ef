#include "analysis/offline/exhibits.hpp"

#include <algorithm>
#include <cerrno>

#include "analysis/model/in_order.hpp"
#include "analysis/offline/as_exchange.hpp"
#include "analysis/offline/by_flow.hpp"
#include "analysis/offline/control.hpp"
#include "analysis/offline/heard_exhibits.hpp"
#include "analysis/offline/outcome.hpp"
#include "analysis/offline/rejected_always.hpp"
#include "analysis/offline/shut_out.hpp"
#include "analysis/offline/signs_of_life.hpp"
#include "analysis/offline/stuck.hpp"
#include "analysis/path/distance.hpp"

namespace hopblame::offline {
namespace {

/// In its place stands what came after it.
bool is_accepted_unseen(const Attempt& attempt) {
  const auto* accepted = first_of(attempt, ReplyKind::syn_ack);
  return accepted && accepted->segment && !accepted->segment->is_syn_ack();
}

/// When the first of the attempts in question was asked, those of one client.
std::optional<TimePoint> begin_of(const std::vector<Attempt>& sample, const IpAddress& client,
                                  std::optional<Outcome> outcome) {
  std::optional<TimePoint> first;
  for (const auto& attempt : sample)
    if (attempt.outcome == outcome && is_of(attempt, client))
      first = std::min(first.value_or(attempt.exchange.at), attempt.exchange.at);
  return first;
}

/// Not only before what is in question began.
bool is_answered_since(const Attempt& attempt, std::optional<TimePoint> first) {
  const auto& replies = attempt.exchange.replies;
  return first &&
         std::ranges::any_of(replies, [&](const Reply& reply) { return reply.at > *first; });
}

bool is_wanted(const Attempt& attempt, std::optional<Outcome> outcome) {
  const bool ends_walk = attempt.outcome == Outcome::open && is_later(outcome);
  const bool step = is_limited(attempt) && (!attempt.outcome || ends_walk);
  const bool other_kind = attempt.exchange.spec.question.kind != ProbeKind::syn;
  return !outcome || step || other_kind || attempt.outcome == outcome;
}

/// A handshake that was completed is what an application lived through.
std::optional<ConnectRecord> connect_of(const Attempt& attempt) {
  const auto& talk = attempt.talk;
  const bool ended = talk.closed && attempt.outcome != Outcome::open;
  const bool tells = talk.spoke || ended || attempt.outcome == Outcome::silent_service;
  const bool unheard = talk.spoke && talk.greeting.empty() && attempt.outcome == Outcome::open;
  if (!talk.connected || !tells || unheard) return {};
  ConnectRecord connect;
  connect.flow = attempt.exchange.spec.flow;
  connect.at = attempt.exchange.at;
  connect.ended = talk.connected;
  connect.greeting = talk.greeting;
  connect.spoke = talk.spoke;
  connect.closed = talk.closed;
  connect.to_proxy = talk.to_proxy;
  if (talk.end && talk.end->reset) connect.close_error = ECONNRESET;
  if (attempt.outcome == Outcome::open) return connect;
  connect.small_lost = attempt.outcome == Outcome::silent_service && is_small_lost(attempt);
  connect.pause = attempt.pause;
  return connect;
}

/// Every stack starts at 64, 128 or 255, and most tools do; those that choose at random stay below
/// 60 (nmap: 37 to 59).
bool tells_place(const Attempt& attempt) {
  constexpr std::uint8_t most_random = 59;
  const bool syn = attempt.exchange.spec.question.kind == ProbeKind::syn;
  if (!syn || attempt.unseen || attempt.joined) return false;
  return !is_limited(attempt) &&
         (attempt.by_stack || attempt.exchange.spec.question.hop_limit.value > most_random);
}

std::optional<HopLimit> midway(const std::vector<Attempt>& sample, const IpAddress& client) {
  std::optional<HopLimit> met;
  for (const auto& attempt : sample) {
    const auto limit = attempt.exchange.spec.question.hop_limit;
    if (!tells_place(attempt) || !is_of(attempt, client)) continue;
    if (std::ranges::find(initial_hop_limits, limit.value) != initial_hop_limits.end()) return {};
    if (met && *met != limit) return {};
    met = limit;
  }
  return met;
}

/// Of captures from several places put together, or of ways that change, hop limits can be compared
/// only where those of the questions agree: `place` is that of the last.
std::optional<HopLimit> place_of(const std::vector<Attempt>& sample, const IpAddress& client,
                                 std::optional<Outcome> outcome) {
  std::optional<HopLimit> place;
  for (const auto& attempt : sample)
    if (attempt.outcome == outcome && tells_place(attempt) && is_of(attempt, client))
      place = attempt.exchange.spec.question.hop_limit;
  return place;
}

bool is_elsewhere(const Attempt& attempt, std::optional<HopLimit> place) {
  return place && tells_place(attempt) && attempt.exchange.spec.question.hop_limit != *place;
}

/// Unless they are answered or told to give up, stacks go on asking.
bool is_asked_once(const Attempt& attempt) {
  const auto& exchange = attempt.exchange;
  return attempt.by_stack && attempt.outcome == Outcome::dropped &&
         !is_by_timer(attempt.touched - exchange.at, exchange.left.size());
}

/// Who gets a SYN/ACK acknowledges it, or its kernel resets it.
bool reacts(const Attempt& attempt) {
  return attempt.outcome == Outcome::open &&
         (attempt.joined || attempt.talk.connected || attempt.exchange.own_reset);
}

HalfOpen half_open(const Attempt& attempt) {
  if (attempt.outcome != Outcome::inconclusive || attempt.talk.connected) return HalfOpen::no;
  if (!first_of(attempt, ReplyKind::syn_ack)) return HalfOpen::no;
  if (attempt.unseen) return HalfOpen::unasked;
  return attempt.exchange.left.size() > 1 ? HalfOpen::asked_on : HalfOpen::asked_once;
}

/// A walk with pings or datagrams shows the path as one with SYNs to another port would.
Exchange as_control(Exchange exchange) {
  exchange.spec.question.kind = ProbeKind::syn;
  exchange.spec.question.aim = Aim::control;
  return exchange;
}

bool is_of_host(const Exchange& exchange) {
  return exchange.answered() &&
         exchange.replies.front().from == exchange.spec.flow.destination.address;
}

/// What the host itself answers shows its way back, as an answered ping does.
Exchange as_ping(Exchange exchange) {
  exchange.spec.question = {ProbeKind::echo, Aim::none, 0, full_hop_limit};
  exchange.replies.front().kind = ReplyKind::echo_reply;
  return exchange;
}

/// Between those in question the host answers others, so it is there.
Exchange as_sign_of_life(Exchange exchange) {
  exchange.spec.question = {ProbeKind::echo, Aim::none, 0, full_hop_limit};
  if (exchange.left.empty()) exchange.left = {exchange.replies.front().frame};
  return exchange;
}

bool has_steps(const std::vector<Exchange>& exchanges, Aim aim) {
  return std::ranges::any_of(exchanges, [&](const Exchange& exchange) {
    return exchange.spec.question.aim == aim &&
           exchange.spec.question.hop_limit.value <= longest_walk;
  });
}

void add_others(Exhibits& exhibits, const std::vector<Attempt>& others, const IpAddress& client) {
  const bool walked = has_steps(exhibits.exchanges, Aim::control);
  for (const auto& other : others) {
    if (!is_of(other, client)) continue;
    exhibits.passages.add(other);
    auto exchange = as_passed_on(other);
    if (!is_limited(other)) {
      exhibits.exchanges.push_back(std::move(exchange));
      continue;
    }
    if (is_of_host(exchange)) exhibits.exchanges.push_back(as_ping(exchange));
    if (!walked) exhibits.exchanges.push_back(as_control(std::move(exchange)));
  }
}

/// Packets between such addresses never leave the machine.
bool is_within_machine(const IpAddress& client, const IpAddress& target) {
  return client == target || (client.is_loopback() && target.is_loopback());
}

}  // namespace

IpAddress client_in_question(const Target& target, const std::vector<Attempt>& sample,
                             std::optional<Outcome> outcome) {
  auto found = target.client;
  if (target.several_clients && outcome)
    for (const auto& attempt : sample)
      if (attempt.outcome == outcome) found = attempt.exchange.spec.flow.source.address;
  return found;
}

Exhibits exhibits_of(const Book& book, const Target& target, const std::vector<Attempt>& sample,
                     std::optional<Outcome> outcome, const IpAddress& client) {
  Exhibits exhibits;
  exhibits.client = client;
  exhibits.local = is_within_machine(client, target.endpoint.address);
  const auto enough = enough_hops(sample);
  const auto place = place_of(sample, client, outcome);
  const auto first = sample.size() > 1 ? begin_of(sample, client, outcome) : std::nullopt;
  const bool rejections = outcome == Outcome::dropped && explain_silence(sample, client);
  const Attempt* talk = nullptr;
  const auto of_client = [&](auto holds) {
    return std::ranges::any_of(
        sample, [&](const Attempt& attempt) { return holds(attempt) && is_of(attempt, client); });
  };
  for (const auto& attempt : sample) {
    exhibits.completed = exhibits.completed || attempt.joined || attempt.talk.connected;
    if (is_of(attempt, client)) exhibits.passages.add(attempt);
    const bool wanted = is_of(attempt, client) &&
                        (is_wanted(attempt, outcome) || (rejections && is_rejected(attempt)));
    const bool lives = target.changes > 1 || is_answered_since(attempt, first);
    if (!wanted && lives && !attempt.joined && is_of_host(attempt.exchange))
      exhibits.exchanges.push_back(as_sign_of_life(as_passed_on(attempt)));
    if (attempt.joined || !wanted || is_elsewhere(attempt, place)) continue;
    exhibits.limited = exhibits.limited || is_limited(attempt);
    if (outcome == Outcome::dropped && !rejections && is_step_of_others(attempt, sample)) continue;
    exhibits.walked = exhibits.walked || (is_limited(attempt) && attempt.outcome);
    exhibits.exchanges.push_back(exchange_of(attempt, Aim::target, enough));
    if (const auto connect = connect_of(attempt)) {
      talk = &attempt;
      exhibits.connect = connect;
      const bool tired = attempt.outcome == Outcome::silent_service;
      exhibits.given_up = tired ? attempt.talk.client_closed : std::nullopt;
    }
  }
  if (talk)
    for (auto& exchange : exhibits.exchanges)
      if (exchange.at == talk->exchange.at && exchange.spec.flow == talk->exchange.spec.flow)
        exchange.origin = Origin::kernel;
  exhibits.midway = midway(sample, client);
  exhibits.placed = of_client(tells_place);
  if (target.seen) exhibits.accepted_unseen = of_client(is_accepted_unseen);
  exhibits.asked_once = of_client(is_asked_once);
  exhibits.ignored = outcome == Outcome::open && std::ranges::none_of(sample, reacts);
  for (const auto& attempt : sample)
    if (outcome == Outcome::inconclusive && is_of(attempt, client))
      exhibits.half_open = std::max(exhibits.half_open, half_open(attempt));
  const auto silence = time_of_silence(target, sample, client, outcome);
  exhibits.asked_otherwise = book.knows_more_of(target.endpoint.address);
  const auto* control = exhibits.asked_otherwise
                            ? control_of(book, target, client, exhibits.exchanges, silence)
                            : nullptr;
  if (control) {
    exhibits.control_port = control->endpoint.port;
    const auto control_sample = book.sample_of(*control);
    const auto control_enough = enough_hops(control_sample);
    for (const auto& attempt : control_sample) {
      if (is_of(attempt, client)) exhibits.passages.add(attempt);
      // What keeps its own connections out for good is no loss on the way to one that answers.
      if (outcome != Outcome::dropped && attempt.outcome == Outcome::dropped) continue;
      if (!attempt.joined && attempt.exchange.spec.question.kind == ProbeKind::syn)
        exhibits.exchanges.push_back(exchange_of(attempt, Aim::control, control_enough));
    }
  }
  if (exhibits.asked_otherwise) add_others(exhibits, book.echoes(target.endpoint.address), client);
  if (const auto shut =
          outcome == Outcome::dropped && !rejections ? shut_since(sample, client) : std::nullopt)
    exhibits.walked_before = forget_ways_before(exhibits.exchanges, *shut);
  if (exhibits.asked_otherwise && silence)
    add_heard(exhibits, book, target, *silence, outcome == Outcome::dropped);
  if (silence) forget_other_times(exhibits, target, *silence);
  put_in_order(exhibits.exchanges, &Exchange::at);
  return exhibits;
}

}  // namespace hopblame::offline
