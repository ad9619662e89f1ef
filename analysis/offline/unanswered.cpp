#include "analysis/offline/unanswered.hpp"

#include <algorithm>

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
          {talk.asked_with}};
}

/// The answer came when the client was not there any more.
const Reply* late_answer(const Attempt& attempt) {
  const auto& replies = attempt.exchange.replies;
  const auto answer = std::ranges::find(replies, ReplyKind::data, &Reply::kind);
  const auto& left = attempt.talk.client_closed;
  return left && answer != replies.end() && answer->at > *left ? &*answer : nullptr;
}

/// Nothing was lost: the program takes longer than the client waits.
Verdict slow(const Attempt& attempt, const Reply& answer, const Where& host, TimePoint horizon) {
  Explanation found{Mechanism::data_blocked, 1, host, {}, {}, {}};
  found.because.push_back(in_vain(attempt, horizon));
  found.because.push_back(
      {say("The answer came {} s after that: the program was still at work, and nothing was lost.",
           Seconds{answer.at - *attempt.talk.client_closed}),
       {answer.frame}});
  found.settled_by =
      say("the log of the program: what did it wait for? And how long does the "
          "client wait?");
  return {Outcome::silent_service, {host, Confidence::strong}, list_of(std::move(found)), {}};
}

/// Of what a server says at once the last piece is the smallest: it alone passes where large
/// packets do not.
Evidence begins_late(const Attempt& attempt, TimePoint horizon) {
  const auto& replies = attempt.exchange.replies;
  const auto piece = std::ranges::find(replies, ReplyKind::data, &Reply::kind);
  const auto until = attempt.talk.client_closed.value_or(horizon);
  if (piece == replies.end() || !piece->segment)
    return {say("What the server said first never came, what it said after that did."), {}};
  return {say("The server's words came without their beginning: a later piece ({} bytes) arrived, "
              "and in the {} s after that the client never had what came before it. That was sent, "
              "and lost on the way.",
              piece->segment->payload, Seconds{until - piece->at}),
          {piece->frame}};
}

}  // namespace

Verdict gap_verdict(const Attempt& attempt, TimePoint horizon) {
  const Where somewhere{CulpritKind::unknown, 1, {}, {}};
  Explanation blocked{Mechanism::data_blocked, 1, somewhere, {}, {}, {}};
  blocked.because.push_back(begins_late(attempt, horizon));
  blocked.because.push_back(
      {say("Where a small piece passes and larger ones before it do not, it is the path MTU: a "
           "link on the way takes smaller packets only, and the host is not told, or does not "
           "heed it."),
       {}});
  blocked.settled_by = say(
      "a capture on the host: does it send the missing piece again and again, in large packets? "
      "And `ping -M do -s 1452`: which size passes?");
  return {
      Outcome::silent_service, {somewhere, Confidence::strong}, list_of(std::move(blocked)), {}};
}

bool is_unanswered(const Attempt& attempt) {
  return attempt.talk.connected && attempt.talk.asked && !attempt.talk.spoke && !is_stuck(attempt);
}

Verdict unanswered_verdict(const Attempt& attempt, TimePoint horizon) {
  const Where somewhere{CulpritKind::unknown, 1, {}, {}};
  const Where host{
      CulpritKind::destination, {}, {}, attempt.exchange.spec.flow.destination.address};
  if (const auto* answer = late_answer(attempt)) return slow(attempt, *answer, host, horizon);
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
