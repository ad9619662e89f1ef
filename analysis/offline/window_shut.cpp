#include "analysis/offline/window_shut.hpp"

#include <algorithm>

#include "analysis/offline/stuck.hpp"
#include "analysis/path/window.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/tarpit.hpp"

namespace hopblame::offline {
namespace {

const Where somewhere{CulpritKind::unknown, 1, {}, {}};

Evidence windows_of_none(const Attempt& attempt) {
  const auto fate = attempt.talk.spoke || attempt.talk.asked
                        ? Term("its program does not read what it was sent.")
                        : Term("the client can say nothing.");
  if (attempt.unacknowledged > 0)
    return {say("The client repeats itself, or asks whether the peer is still there, {} times, and "
                "each time a window of 0 comes back: {}",
                attempt.unacknowledged, fate),
            {attempt.stuck_frame}};
  return {say("The server announces a window of 0, {} times in a row: {}", attempt.shut, fate),
          {attempt.stuck_frame}};
}

/// Who never said a word, and does not even acknowledge that it is asked, may hold the client on
/// purpose.
void add_tarpit(const Attempt& attempt, Verdict& verdict) {
  const auto& replies = attempt.exchange.replies;
  const auto answer = std::ranges::find(replies, ReplyKind::syn_ack, &Reply::kind);
  auto& blocked = verdict.explanations.front();
  auto held = blocked;
  held.mechanism = Mechanism::tarpit;
  held.settled_by = say("what is really listening there: `ss -ltnp` on the host");
  if (answer == replies.end() || !answer->segment || !is_made_up(*answer->segment)) {
    if (attempt.unacknowledged == 0) return;
    held.rank = 2;
    verdict.explanations.push_back(std::move(held));
    return;
  }
  held.because.push_back(made_up(*answer));
  // It may be made up on the way.
  held.where = somewhere;
  verdict.culprit = {somewhere, Confidence::weak};
  blocked.rank = 2;
  verdict.explanations.insert(verdict.explanations.begin(), std::move(held));
}

}  // namespace

bool is_window_shut(const Attempt& attempt) {
  if (attempt.said_in_vain > 0) return false;
  return attempt.unacknowledged == 0 ||
         (attempt.shut > stuck_times && attempt.shut >= attempt.unacknowledged);
}

Verdict shut_verdict(const Attempt& attempt) {
  const auto& target = attempt.exchange.spec.flow.destination.address;
  const Where host{CulpritKind::destination, {}, {}, target};
  Explanation found{Mechanism::data_blocked, 1, host, {windows_of_none(attempt)}, {}, {}};
  found.settled_by =
      say("the program on the host: what does it wait for? `ss -tn` shows its Recv-Q");
  Verdict verdict{
      Outcome::silent_service, {host, Confidence::strong}, list_of(std::move(found)), {}};
  if (!attempt.talk.spoke && !attempt.joined) add_tarpit(attempt, verdict);
  return verdict;
}

}  // namespace hopblame::offline
