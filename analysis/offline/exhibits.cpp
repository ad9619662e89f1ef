#include "analysis/offline/exhibits.hpp"

#include <algorithm>

#include "analysis/model/in_order.hpp"
#include "analysis/offline/as_exchange.hpp"
#include "analysis/offline/by_flow.hpp"
#include "analysis/offline/capture_place.hpp"
#include "analysis/offline/control.hpp"
#include "analysis/offline/heard_exhibits.hpp"
#include "analysis/offline/outcome.hpp"
#include "analysis/offline/rejected_always.hpp"
#include "analysis/offline/shut_out.hpp"
#include "analysis/offline/signs_of_life.hpp"

namespace hopblame::offline {
namespace {

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

bool is_of_host(const Exchange& exchange) {
  return exchange.answered() &&
         exchange.replies.front().from == exchange.spec.flow.destination.address;
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

/// What is asked: of these attempts kept of the target, about those with this outcome.
struct Asked {
  const Book& book;
  const Target& target;
  const std::vector<Attempt>& sample;
  std::optional<Outcome> outcome;
  const IpAddress& client;
};

/// A step for each place where exhibits come from.
class Gathering {
 public:
  explicit Gathering(const Asked& asked)
      : asked_(asked),
        silent_(asked.outcome == Outcome::dropped),
        rejections_(silent_ && explain_silence(asked.sample, asked.client)) {}

  Exhibits all() {
    exhibits_.client = asked_.client;
    exhibits_.local = is_within_machine(asked_.client, asked_.target.endpoint.address);
    add_sample();
    describe_sample();
    const auto silence =
        time_of_silence(asked_.target, asked_.sample, asked_.client, asked_.outcome);
    exhibits_.asked_otherwise = asked_.book.knows_more_of(asked_.target.endpoint.address);
    if (exhibits_.asked_otherwise) {
      add_control(silence);
      add_others(exhibits_, asked_.book.echoes(asked_.target.endpoint.address), asked_.client);
    }
    if (silent_ && !rejections_) forget_walks_before();
    if (exhibits_.asked_otherwise && silence)
      add_heard(exhibits_, asked_.book, asked_.target, *silence, silent_);
    if (silence) forget_other_times(exhibits_, asked_.target, *silence);
    put_in_order(exhibits_.exchanges, &Exchange::at);
    return std::move(exhibits_);
  }

 private:
  void add_sample() {
    const auto& [book, target, sample, outcome, client] = asked_;
    const auto enough = enough_hops(sample);
    const auto place = place_of(sample, client, outcome);
    const auto first = sample.size() > 1 ? begin_of(sample, client, outcome) : std::nullopt;
    for (const auto& attempt : sample) {
      exhibits_.completed = exhibits_.completed || attempt.joined || attempt.talk.connected;
      if (is_of(attempt, client)) exhibits_.passages.add(attempt);
      const bool wanted = is_of(attempt, client) &&
                          (is_wanted(attempt, outcome) || (rejections_ && is_rejected(attempt)));
      // How the host itself answers it shows before a refusal as well.
      const bool lives = target.changes > 1 || is_answered_since(attempt, first) ||
                         outcome == Outcome::refused || outcome == Outcome::rejected;
      if (!wanted && lives && !attempt.joined && is_of_host(attempt.exchange))
        exhibits_.exchanges.push_back(as_sign_of_life(as_passed_on(attempt)));
      if (wanted && !attempt.joined && !is_elsewhere(attempt, place)) add(attempt, enough);
    }
    if (talk_) mark_as_kernels(*talk_);
  }

  void add(const Attempt& attempt, unsigned enough) {
    exhibits_.limited = exhibits_.limited || is_limited(attempt);
    if (silent_ && !rejections_ && is_step_of_others(attempt, asked_.sample)) return;
    exhibits_.walked = exhibits_.walked || (is_limited(attempt) && attempt.outcome);
    exhibits_.exchanges.push_back(exchange_of(attempt, Aim::target, enough));
    const auto connect = connect_of(attempt);
    if (!connect) return;
    talk_ = &attempt;
    exhibits_.connect = connect;
    const bool tired = attempt.outcome == Outcome::silent_service;
    exhibits_.given_up = tired ? attempt.talk.client_closed : std::nullopt;
  }

  void mark_as_kernels(const Attempt& talk) {
    for (auto& exchange : exhibits_.exchanges)
      if (exchange.at == talk.exchange.at && exchange.spec.flow == talk.exchange.spec.flow)
        exchange.origin = Origin::kernel;
  }

  void describe_sample() {
    const auto& sample = asked_.sample;
    const auto outcome = asked_.outcome;
    const auto of_client = [this](auto holds) {
      return std::ranges::any_of(asked_.sample, [&](const Attempt& attempt) {
        return holds(attempt) && is_of(attempt, asked_.client);
      });
    };
    exhibits_.midway = midway(sample, asked_.client);
    exhibits_.placed = of_client(tells_place);
    if (asked_.target.seen) exhibits_.accepted_unseen = of_client(is_accepted_unseen);
    exhibits_.asked_once = of_client(is_asked_once);
    exhibits_.ignored = outcome == Outcome::open && std::ranges::none_of(sample, reacts);
    if (outcome != Outcome::inconclusive) return;
    for (const auto& attempt : sample)
      if (is_of(attempt, asked_.client))
        exhibits_.half_open = std::max(exhibits_.half_open, half_open(attempt));
  }

  /// Another port of the same host that the client asked as well.
  void add_control(const std::optional<Span>& silence) {
    const auto& [book, target, sample, outcome, client] = asked_;
    const auto* control = control_of(book, target, client, exhibits_.exchanges, silence);
    if (!control) return;
    exhibits_.control_port = control->endpoint.port;
    const auto attempts = book.sample_of(*control);
    const auto enough = enough_hops(attempts);
    for (const auto& attempt : attempts) {
      if (is_of(attempt, client)) exhibits_.passages.add(attempt);
      // What keeps its own connections out for good is no loss on the way to one that answers.
      if (!silent_ && attempt.outcome == Outcome::dropped) continue;
      if (!attempt.joined && attempt.exchange.spec.question.kind == ProbeKind::syn)
        exhibits_.exchanges.push_back(exchange_of(attempt, Aim::control, enough));
    }
  }

  void forget_walks_before() {
    if (const auto shut = shut_since(asked_.sample, asked_.client))
      exhibits_.walked_before = forget_ways_before(exhibits_.exchanges, *shut);
  }

  Asked asked_;
  bool silent_;      ///< those in question got no answer
  bool rejections_;  ///< and rejections of others tell why
  Exhibits exhibits_;
  const Attempt* talk_ = nullptr;  ///< the last that an application lived through
};

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
  return Gathering{{book, target, sample, outcome, client}}.all();
}

}  // namespace hopblame::offline
