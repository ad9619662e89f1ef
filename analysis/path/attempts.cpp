#include "analysis/path/attempts.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/model/in_order.hpp"
#include "analysis/model/level.hpp"

namespace hopblame {
namespace {

using namespace std::chrono_literals;

/// A SYN of the walk counts where the host's answer shows that it got there.
bool reached_host(const Exchange& exchange) {
  return std::ranges::any_of(exchange.replies, [](const Reply& reply) {
    return reply.segment.has_value() && is_due_answer(reply);
  });
}

/// Of a SYN that was sent several times, those tries went unanswered that have no answer of their
/// own.
void add(std::vector<Attempt>& attempts, const Exchange& exchange, TimePoint until) {
  if (exchange.at > until) return;
  const bool raw = exchange.origin == Origin::raw, answered = has_due_answer(exchange);
  const auto silent = silent_copies(exchange);
  attempts.insert(attempts.end(), silent, {exchange.at, false, false, raw});
  const auto copies = std::max<std::size_t>(exchange.left.size(), 1);
  const bool late = answered && copies > 1;
  // Any reply shows that it arrived, also one that is no answer.
  attempts.insert(
      attempts.end(), copies - silent,
      {late ? exchange.replies.front().at : exchange.at, answered, exchange.answered(), raw});
}

/// A limit of one a second would have let one through by then.
constexpr Duration one_a_second = 1s;

struct Ending {
  DueAnswers before;    ///< up to the last answer
  unsigned silent = 0;  ///< since then, the first second left out
};

Ending ending_of(const std::vector<Attempt>& attempts) {
  Ending ending;
  const auto last = std::find_if(attempts.rbegin(), attempts.rend(),
                                 [](const Attempt& one) { return one.answered; });
  for (auto attempt = last; attempt != attempts.rend(); ++attempt) {
    ++ending.before.due;
    ending.before.lost += !attempt->answered;
  }
  for (auto attempt = attempts.rbegin(); attempt != last; ++attempt)
    ending.silent += last == attempts.rend() || attempt->at - last->at > one_a_second;
  return ending;
}

DueAnswers counted(const std::vector<Attempt>& attempts) {
  DueAnswers sum;
  for (const auto& attempt : attempts) {
    ++sum.due;
    sum.lost += !attempt.answered;
  }
  return sum;
}

/// The other port fell silent too, and not before: its last answers tell of the loss until then,
/// its silence counts.
void join(Ending& ending, const Ending& other) {
  ending.before += other.before;
  ending.silent += other.silent;
}

/// Silence is evidence when met three times; that it is for good takes as many again, for a slow
/// limit may let the next one through.
constexpr unsigned least_silence = 3, enough_silence = 2 * least_silence;
/// Linux, `limit 1/second` and the like: whole seconds, less what the way may shift.
constexpr Duration burst = 900ms;

/// Calls `each` with how many SYNs of ours were sent within one burst, and how many arrived.
template <class Each>
void for_each_burst(const std::vector<Attempt>& attempts, Each each) {
  unsigned asked = 0, arrived = 0;
  TimePoint began{};
  for (const auto& attempt : attempts) {
    if (!attempt.raw) continue;
    if (asked > 0 && attempt.at - began > burst) {
      each(asked, arrived);
      asked = arrived = 0;
    }
    if (asked == 0) began = attempt.at;
    ++asked;
    arrived += attempt.arrived;
  }
  if (asked > 0) each(asked, arrived);
}

}  // namespace

std::vector<Attempt> attempts_of(const Walk& walk, TimePoint until) {
  std::vector<Attempt> attempts;
  for (const auto& [distance, step] : walk.steps)
    for (const auto* exchange : step.exchanges)
      if (distance == full_hop_limit.value || exchange->origin == Origin::kernel ||
          reached_host(*exchange))
        add(attempts, *exchange, until);
  put_in_order(attempts, &Attempt::at);
  return attempts;
}

Door door_of(const std::vector<Attempt>& target, const std::vector<Attempt>& control) {
  auto ending = ending_of(target);
  if (ending.before.due == 0 || ending.silent < least_silence) return Door::open;
  double loss = ending.before.loss();
  if (const auto other = ending_of(control); other.before.due > 0) {
    if (other.silent >= least_silence) {
      join(ending, other);
      loss = ending.before.loss();
    } else {
      loss = std::max(loss, counted(control).loss());
    }
  }
  return ending.silent >= enough_silence && std::pow(loss, ending.silent) < level::shut
             ? Door::shut
             : Door::doubt;
}

double chance_of_one_a_burst(const std::vector<Attempt>& attempts, double loss) {
  if (two_in_a_burst(attempts)) return 1;
  double chance = 1;
  for_each_burst(attempts, [&](unsigned asked, unsigned) {
    chance *= std::pow(loss, asked) + asked * (1 - loss) * std::pow(loss, asked - 1);
  });
  return chance;
}

bool two_in_a_burst(const std::vector<Attempt>& attempts) {
  bool found = false;
  for_each_burst(attempts, [&](unsigned, unsigned answered) { found = found || answered > 1; });
  return found;
}

}  // namespace hopblame
