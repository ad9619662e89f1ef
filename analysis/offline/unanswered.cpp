#include "analysis/offline/unanswered.hpp"

#include "analysis/offline/stuck.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

/// Bytes that are not acknowledged would have been sent again.
Evidence in_vain(const Attempt& attempt, TimePoint horizon) {
  const auto& talk = attempt.talk;
  const auto until = talk.client_closed.value_or(horizon);
  return {say("{} s after the handshake the client sent its request. It had no need to send it "
              "again, so it was acknowledged; no answer came in {} s{}.",
              Seconds{*talk.asked - *talk.connected}, Seconds{until - *talk.asked},
              talk.client_closed ? ", then the client gave up" : ""),
          attempt.exchange.left};
}

}  // namespace

bool is_unanswered(const Attempt& attempt) {
  return attempt.talk.connected && attempt.talk.asked && !attempt.talk.spoke && !is_stuck(attempt);
}

Verdict unanswered_verdict(const Attempt& attempt, TimePoint horizon) {
  const Where somewhere{CulpritKind::unknown, 1, {}, {}};
  const Where host{
      CulpritKind::destination, {}, {}, attempt.exchange.spec.flow.destination.address};
  Explanation blocked{Mechanism::data_blocked, 1, somewhere, {}, {}, {}};
  blocked.because.push_back(in_vain(attempt, horizon));
  blocked.settled_by =
      say("a capture on the host: does it send its answer again and again? Then large packets are "
          "lost on the way back. If not, the program or what it asks in turn hangs: its log");
  Explanation held{Mechanism::tarpit, 2, host, {}, {}, {}};
  held.because.push_back(in_vain(attempt, horizon));
  held.settled_by = say("what is really listening there: `ss -ltnp` on the host");
  return {Outcome::silent_service,
          {somewhere, Confidence::weak},
          list_of(std::move(blocked), std::move(held)),
          {}};
}

}  // namespace hopblame::offline
