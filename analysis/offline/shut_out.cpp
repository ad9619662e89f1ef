#include "analysis/offline/shut_out.hpp"

#include <algorithm>

#include "analysis/offline/signs_of_life.hpp"
#include "analysis/verdict/ban_place.hpp"
#include "analysis/verdict/flocks.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

/// A port that is open or closed says so; other answers tell nothing of what lets SYNs through.
const Reply* answer_of_port(const Attempt& attempt) {
  const auto* answer =
      attempt.outcome == Outcome::dropped ? nullptr : answer_of_host(attempt.exchange);
  const bool tells =
      answer && (answer->kind == ReplyKind::syn_ack || answer->kind == ReplyKind::reset_ack);
  return tells ? answer : nullptr;
}

/// The last that was answered, and the first that was to arrive and was not.
struct Turn {
  const Attempt* answered = nullptr;
  const Attempt* silent = nullptr;
  [[nodiscard]] bool both() const { return answered && silent; }
  [[nodiscard]] bool one_after_the_other() const {
    return both() && answer_of_port(*answered)->at < silent->exchange.at;
  }
};

Turn turn_of(const std::vector<Attempt>& sample, const IpAddress& client) {
  Turn turn;
  if (sample.size() < 2) return turn;  // as of most targets
  const auto enough = enough_hops(sample);
  for (const auto& attempt : sample) {
    const auto& spec = attempt.exchange.spec;
    if (!is_call_of(attempt, client) || spec.question.kind != ProbeKind::syn) continue;
    const bool in_vain = !attempt.exchange.answered() && spec.question.hop_limit.value >= enough;
    if (answer_of_port(attempt)) turn.answered = &attempt;
    if (in_vain && !turn.silent) turn.silent = &attempt;
  }
  return turn;
}

bool is_of_another(const Exchange& exchange) {
  return exchange.spec.question.aim != Aim::target &&
         exchange.spec.question.hop_limit == full_hop_limit;
}

/// Something else of the host answers after that.
bool is_alive_after(const Exhibits& exhibits, TimePoint shut) {
  return std::ranges::any_of(exhibits.exchanges, [&](const Exchange& exchange) {
    const auto* answer = is_of_another(exchange) ? answer_of_host(exchange) : nullptr;
    return answer && answer->at > shut;
  });
}

const Exchange* silent_after(const Exhibits& exhibits, TimePoint shut) {
  const auto found = std::ranges::find_if(exhibits.exchanges, [&](const Exchange& exchange) {
    return is_of_another(exchange) && !exchange.answered() && exchange.at > shut;
  });
  return found == exhibits.exchanges.end() ? nullptr : &*found;
}

Evidence stopped(const Turn& turn) {
  return {
      say("Port {} answered this client before these SYNs, and no longer does: so it is where a "
          "source is shut out on the way.",
          turn.silent->exchange.spec.flow.destination.port),
      {answer_of_port(*turn.answered)->frame, turn.silent->exchange.left.front()}};
}

Evidence taken_in_turns(const Turn& turn) {
  return {
      say("SYNs to port {} that are answered and SYNs that are not follow one another: so it is "
          "where only so many new connections are let through in a minute, or at a time.",
          turn.silent->exchange.spec.flow.destination.port),
      {turn.silent->exchange.left.front(), answer_of_port(*turn.answered)->frame}};
}

Evidence silent_too(const Exchange& other) {
  return {say("Nor is anything else that was asked of the host since: port {} is silent too.",
              other.spec.flow.destination.port),
          {other.left.front()}};
}

Explanation limit(const Where& where, Evidence why) {
  return {Mechanism::rate_limit,
          1,
          where,
          list_of(std::move(why)),
          {},
          say("the rules that count new connections (`limit`, `hashlimit`, `connlimit`, `recent`) "
              "on the host and on the routers before it: their counters grow while you try")};
}

Explanation in_turns(const Target& target, const Where& where, const Turn& turn) {
  constexpr std::uint32_t often = 4;  // changes; in fewer a rule may come and go
  auto found = limit(where, taken_in_turns(turn));
  found.rank = target.changes < often ? 2 : 1;
  return found;
}

/// These are about one port, and never about all that is asked of a host.
bool is_of_one_port(const Explanation& found) {
  return found.mechanism == Mechanism::syn_filter ||
         found.mechanism == Mechanism::accept_queue_full;
}

/// After the others of the first rank.
void insert(std::vector<Explanation>& list, Explanation found) {
  if (lists(list, found.mechanism)) return;
  list.push_back(std::move(found));
  std::ranges::stable_sort(list, {}, &Explanation::rank);
}

}  // namespace

std::optional<TimePoint> shut_since(const std::vector<Attempt>& sample, const IpAddress& client) {
  const auto turn = turn_of(sample, client);
  if (!turn.one_after_the_other()) return {};
  return turn.silent->exchange.at;
}

bool forget_ways_before(std::vector<Exchange>& exchanges, TimePoint shut) {
  const auto is_step = [](const Exchange& exchange) {
    return exchange.spec.question.hop_limit.value <= longest_walk && exchange.answered();
  };
  const auto forgotten = std::erase_if(
      exchanges, [&](const Exchange& exchange) { return is_step(exchange) && exchange.at < shut; });
  return forgotten > 0 && std::ranges::none_of(exchanges, is_step);
}

void suspect_ban_or_limit(Verdict& verdict, const Target& target,
                          const std::vector<Attempt>& sample, const Exhibits& exhibits) {
  auto& list = verdict.explanations;
  const auto turn = turn_of(sample, exhibits.client);
  if (list.empty() || !turn.both()) return;
  const auto where = list.front().where;
  const bool open = answer_of_port(*turn.answered)->kind == ReplyKind::syn_ack;
  if (!turn.one_after_the_other()) {
    if (open) insert(list, in_turns(target, where, turn));
    return;
  }
  const auto shut = turn.silent->exchange.at;
  Explanation ban{Mechanism::probe_ban, 1, where, list_of(stopped(turn)), {}, look_at_bans()};
  const auto* other = is_alive_after(exhibits, shut) ? nullptr : silent_after(exhibits, shut);
  if (other) {
    ban.because.push_back(silent_too(*other));
    std::erase_if(list, is_of_one_port);
  }
  insert(list, std::move(ban));
  if (open && is_alive_after(exhibits, shut)) insert(list, limit(where, stopped(turn)));
}

}  // namespace hopblame::offline
