#include "analysis/offline/lossy.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"
#include "analysis/path/loss.hpp"

namespace hopblame::offline {
namespace {

constexpr std::uint32_t fewest_lost = 3, fewest_answered = 3;
constexpr double clearly_fewer = 0.05;

bool is_asked_by(const Attempt& attempt, const IpAddress& client) {
  return is_of(attempt, client) && !attempt.unseen && !attempt.joined &&
         attempt.exchange.spec.question.kind == ProbeKind::syn && !is_limited(attempt);
}

/// Of SYNs, those before the first answer: what comes after it is a copy that crossed it.
DueAnswers due_of(const Exchange& exchange) {
  DueAnswers syns;
  const auto& asked = exchange.left;
  const auto answer = exchange.answered() ? exchange.replies.front().frame : FrameId{UINT64_MAX};
  syns.due = static_cast<unsigned>(
      std::ranges::count_if(asked, [&](FrameId frame) { return frame < answer; }));
  syns.lost = exchange.answered() ? std::max(syns.due, 1u) - 1 : syns.due;
  return syns;
}

struct Syns {
  DueAnswers due;
  unsigned most_in_a_row = 0;
  std::vector<FrameId> lost;
  bool at_that_time = false;  ///< some were lost between the first and the last lost ping
};

Syns syns_of(const std::vector<Attempt>& sample, const IpAddress& client, const Pings& pings) {
  Syns syns;
  for (const auto& attempt : sample) {
    if (!is_asked_by(attempt, client)) continue;
    const auto due = due_of(attempt.exchange);
    syns.due += due;
    const auto& asked = attempt.exchange.left;
    syns.lost.insert(syns.lost.end(), asked.begin(), asked.begin() + due.lost);
    syns.most_in_a_row = std::max(syns.most_in_a_row, due.lost);
    const bool meanwhile =
        attempt.exchange.at <= pings.last_lost && attempt.touched >= pings.first_lost;
    syns.at_that_time = syns.at_that_time || (due.lost > 0 && meanwhile);
  }
  return syns;
}

/// From here to the host, as far as an answer tells how far that is.
Where whole_way(const std::vector<Attempt>& sample, const IpAddress& client) {
  for (const auto& attempt : sample) {
    if (!is_asked_by(attempt, client) || !attempt.exchange.answered()) continue;
    const auto distance = guessed_distance(as_passed_on(attempt).replies.front().hop_limit);
    if (distance > 1) return {CulpritKind::between, 1, distance, {}};
  }
  return {CulpritKind::unknown, 1, {}, {}};
}

}  // namespace

void blame_loss(Verdict& verdict, const std::vector<Attempt>& sample, const IpAddress& client,
                const Pings& pings) {
  if (pings.client != client || pings.lost < fewest_lost) return;
  if (pings.asked - pings.lost < fewest_answered) return;
  const auto syns = syns_of(sample, client, pings);
  const DueAnswers others{pings.asked, pings.lost};
  // Some SYNs are answered as well, and they are not clearly worse off than the pings.
  if (!syns.at_that_time || syns.due.lost == syns.due.due) return;
  if (chance_to_be_spared(syns.due, others) < clearly_fewer) return;
  if (!may_be_lost(others, others.loss(), syns.most_in_a_row)) return;
  Explanation loss{Mechanism::path_loss, 1, whole_way(sample, client), {}, {}, {}};
  loss.because.push_back(
      {say("Of {} pings to the same host, {} got no answer meanwhile; of {} SYNs looked at, {}. "
           "What strikes all alike is chance loss, not a rule on a port or a limit on "
           "connections.",
           pings.asked, pings.lost, syns.due.due, syns.due.lost),
       syns.lost});
  loss.settled_by =
      say("the drop counters of the links on the way, and `mtr` to the host: at which hop does the "
          "loss begin?");
  auto& found = verdict.explanations;
  std::erase_if(found,
                [](const Explanation& one) { return one.mechanism == Mechanism::path_loss; });
  for (auto& other : found) other.rank = 2;
  verdict.culprit = {loss.where, Confidence::weak};
  found.insert(found.begin(), std::move(loss));
}

}  // namespace hopblame::offline
