#include "analysis/offline/unanswered.hpp"

#include "analysis/offline/stuck.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/oversize.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

const Where somewhere{CulpritKind::unknown, 1, {}, {}};

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
  const auto* answer = first_of(attempt, ReplyKind::data);
  const auto& left = attempt.talk.client_closed;
  return left && answer && answer->at > *left ? answer : nullptr;
}

/// The server says that it has none of the client's words.
const Reply* sign_of_lack(const Attempt& attempt) {
  return attempt.lacks ? first_of(attempt, ReplyKind::other_segment) : nullptr;
}

Where on_the_way(const Attempt& attempt) {
  const auto* syn_ack = first_of(attempt, ReplyKind::syn_ack);
  if (!syn_ack) return somewhere;
  return {CulpritKind::unknown, 1, guessed_distance(syn_ack->hop_limit), {}};
}

/// One packet in which all was that the client had to say. That it passed when it was sent again
/// tells that nobody keeps it out.
Verdict lost(const Attempt& attempt, const Reply& sign) {
  const auto& talk = attempt.talk;
  const auto where = on_the_way(attempt);
  Explanation loss{Mechanism::path_loss, 1, where, {}, {}, {}};
  loss.because.push_back(
      {say("The client sent its request and, {} s later, gave up. What the server sends after that "
           "acknowledges nothing of the request: it was lost on its way there, and the client's "
           "timer had not run out yet.",
           Seconds{*talk.client_closed - *talk.asked}),
       {talk.asked_with, sign.frame}});
  loss.settled_by =
      say("the drop counters of the links on the way, and whether other packets are lost as well");
  auto blocked = loss;
  const auto* answer = late_answer(attempt);
  if (answer)
    loss.because.push_back(
        {say("Sent once more, it was answered: nobody keeps it out."), {answer->frame}});
  Verdict verdict{
      Outcome::silent_service, {where, Confidence::strong}, list_of(std::move(loss)), {}};
  if (answer) return verdict;
  blocked.mechanism = Mechanism::data_blocked;
  blocked.settled_by =
      say("captures at both ends, and hopblame compare: which packet does not arrive?");
  verdict.explanations.push_back(std::move(blocked));
  return verdict;
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
Explanation without_beginning(const Attempt& attempt, const Reply& piece, TimePoint until) {
  Explanation blocked{Mechanism::data_blocked, 1, somewhere, {}, {}, {}};
  blocked.because.push_back(
      {say("The server's words came without their beginning: a later piece ({} bytes) arrived, and "
           "in the {} s after that the client never had what came before it. That was sent, and "
           "lost on the way.",
           piece.segment->payload, Seconds{until - piece.at}),
       {piece.frame}});
  blocked.because.push_back(
      {say("Where a small piece passes and larger ones before it do not, it is the path MTU: a "
           "link on the way takes smaller packets only, and the host is not told, or does not "
           "heed it."),
       {}});
  const auto& client = attempt.exchange.spec.flow.source.address;
  blocked.settled_by = say(
      "a capture on the host: does it send the missing piece again and again, in large packets? "
      "And `ping -M do -s {} {}` there: which size passes?",
      full_ping(client.family), client);
  return blocked;
}

/// A packet without words bears the number after those that were said before it.
Evidence counted(const Attempt& attempt, TimePoint until) {
  const auto* first = first_of(attempt, ReplyKind::syn_ack);
  const auto* later = first_of(attempt, ReplyKind::other_segment);
  if (!first || !later || !first->segment || !later->segment || !attempt.talk.connected)
    return {say("What the server said first never came, what it sent after that did."), {}};
  return {
      say("No word came in the {} s after the handshake, but a later packet of the server counts "
          "{} bytes that it had said by then: the service spoke, and its words were lost on "
          "the way.",
          Seconds{until - *attempt.talk.connected},
          later->segment->sequence - first->segment->sequence - 1),
      {first->frame, later->frame}};
}

Explanation without_words(const Attempt& attempt, TimePoint until) {
  Explanation blocked{Mechanism::data_blocked, 1, somewhere, {}, {}, {}};
  blocked.because.push_back(counted(attempt, until));
  blocked.because.push_back(
      {say("Packets without words pass, so what drops these looks at what they hold or how long "
           "they are: a rule or an inspection on the way back, or the path MTU where they are "
           "large."),
       {}});
  const auto& client = attempt.exchange.spec.flow.source.address;
  blocked.settled_by = say(
      "captures at both ends, and hopblame compare; `ping -M do -s {} {}` on the host: which size "
      "passes?",
      full_ping(client.family), client);
  return blocked;
}

}  // namespace

Verdict gap_verdict(const Attempt& attempt, TimePoint horizon) {
  const auto until = attempt.talk.client_closed.value_or(horizon);
  const auto* piece = first_of(attempt, ReplyKind::data);
  return {Outcome::silent_service,
          {somewhere, Confidence::strong},
          list_of(piece && piece->segment ? without_beginning(attempt, *piece, until)
                                          : without_words(attempt, until)),
          {}};
}

bool is_unanswered(const Attempt& attempt) {
  return attempt.talk.connected && attempt.talk.asked && !attempt.talk.spoke && !is_stuck(attempt);
}

Verdict unanswered_verdict(const Attempt& attempt, TimePoint horizon) {
  const Where host{
      CulpritKind::destination, {}, {}, attempt.exchange.spec.flow.destination.address};
  if (const auto* sign = sign_of_lack(attempt)) return lost(attempt, *sign);
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
