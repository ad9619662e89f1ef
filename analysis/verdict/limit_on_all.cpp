#include "analysis/verdict/limit_on_all.hpp"

#include <algorithm>

#include "analysis/model/in_order.hpp"
#include "analysis/model/level.hpp"
#include "analysis/path/border.hpp"
#include "analysis/path/loss.hpp"
#include "analysis/path/passages.hpp"
#include "analysis/verdict/ban_place.hpp"
#include "analysis/verdict/change_for_good.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/tries.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

unsigned returns(const std::vector<Passage>& passages) {
  unsigned count = 0;
  for (std::size_t i = 1; i < passages.size(); ++i)
    count += passages[i].passed && !passages[i - 1].passed;
  return count;
}

/// SYNs to either port that were meant to arrive.
std::vector<FrameId> meant_to_arrive(const Case& the_case) {
  std::vector<const Exchange*> asked;
  for (const auto& exchange : the_case.exchanges) {
    const auto& question = exchange.spec.question;
    if (question.kind == ProbeKind::syn && question.hop_limit == full_hop_limit)
      asked.push_back(&exchange);
  }
  put_in_order(asked, [](const Exchange* exchange) { return exchange->at; });
  return frames(asked);
}

DueAnswers asked_on_both(const Case& the_case, std::uint8_t first, std::uint8_t last) {
  auto sum = asked_between(the_case.target, first, last);
  sum += asked_between(the_case.control, first, last);
  return sum;
}

/// The nearest hop that may have the limit: SYNs that die farther on have to pass it, and all that
/// die before it are answered, which may be luck where few were asked.
std::uint8_t nearest_place(const Case& the_case, std::uint8_t host) {
  std::uint8_t begin = 1;
  while (begin < host &&
         (!the_case.time_exceeded_at(begin) || asked_on_both(the_case, begin, begin).lost == 0))
    ++begin;
  const auto farther = asked_on_both(the_case, begin, full_hop_limit.value);
  const double share = 1 - farther.loss();
  return nearest_place_of_rule(begin, share,
                               [&](std::uint8_t hop) { return asked_on_both(the_case, hop, hop); });
}

/// As seen from any hop that may have the limit: which of the SYNs that go farther come through is
/// no chance. `least_returns`: so often one did after others had not; once may be a broken moment.
bool is_no_chance(const Case& the_case, unsigned least_returns) {
  const auto target = tally_of(the_case, Aim::target), control = tally_of(the_case, Aim::control);
  const auto host = host_distance(the_case);
  if (target.accepted == 0 || target.silent == 0 || control.silent == 0 || !host) return false;
  std::vector<std::vector<Passage>> seen;  // from each hop
  for (std::uint8_t hop = 0; hop < *host; ++hop)
    seen.push_back(passages_beyond(the_case.exchanges, hop));
  const auto ended = [](const auto& passages) {
    return change_for_good(passages, &Passage::passed).has_value();
  };
  if (std::ranges::any_of(seen, ended)) return false;
  return std::ranges::any_of(seen, [&](const std::vector<Passage>& passages) {
    return returns(passages) >= least_returns &&
           chance_to_fit_a_limit(passages) * *host < level::limit_on_all;
  });
}

}  // namespace

bool loss_has_memory(const Case& the_case) { return is_no_chance(the_case, 1); }

std::optional<Finding> judge_limit_on_all(const Case& the_case) {
  if (!is_no_chance(the_case, 2)) return {};
  const auto target = tally_of(the_case, Aim::target), control = tally_of(the_case, Aim::control);
  const auto host = *host_distance(the_case);
  const auto where = within(the_case, nearest_place(the_case, host), host);
  Evidence counted{
      say("{} of {} SYNs to port {} and {} of {} to another port got no answer, and "
          "not by chance: some pass at once, the next ones do not, and after a while "
          "one passes again.",
          target.silent, target.asked, port_of(the_case), control.silent, control.asked),
      meant_to_arrive(the_case)};
  Explanation limit{Mechanism::rate_limit, 1, where, {counted}, {}, ""};
  limit.settled_by =
      "the rules that count new connections of any port (`limit`, `hashlimit`, policers) on the "
      "named hops: their counters grow while you try";
  Explanation queue{Mechanism::path_loss, 2, where, {std::move(counted)}, {}, ""};
  queue.because.push_back({"A link or queue that overflows loses what comes in bursts.", {}});
  queue.settled_by =
      "the drop counters of the links on the named hops (`ip -s link`, `tc -s qdisc`)";
  return Finding{Outcome::intermittent, {std::move(limit), std::move(queue)}, Confidence::weak};
}

}  // namespace hopblame
