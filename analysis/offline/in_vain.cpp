#include "analysis/offline/in_vain.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"

namespace hopblame::offline {
namespace {

constexpr std::ptrdiff_t deaf = 2;  ///< more SYNs, a second and more apart: no answer that was late
/// An acknowledgment is there within this, wherever the client is.
constexpr Duration acknowledged_by_then = std::chrono::seconds(3);

std::ptrdiff_t asked_after(const std::vector<FrameId>& asked, FrameId answer) {
  return std::ranges::count_if(asked, [&](FrameId frame) { return frame > answer; });
}

const Reply* unheard_answer(const Attempt& attempt) {
  const auto& exchange = attempt.exchange;
  const auto* answer = first_of(attempt, ReplyKind::syn_ack);
  if (attempt.outcome != Outcome::dropped || !answer) return nullptr;
  const bool asks_on = attempt.by_stack && asked_after(exchange.left, answer->frame) >= deaf;
  return !exchange.own_reset || asks_on ? answer : nullptr;
}

Explanation explain(Mechanism mechanism, const Where& where, const Attempt& attempt,
                    const Reply& answer, Text settled_by) {
  auto cited = attempt.exchange.left;
  cited.push_back(answer.frame);
  Explanation found{mechanism, 1, where, {}, {}, std::move(settled_by)};
  const auto after = static_cast<unsigned>(asked_after(attempt.exchange.left, answer.frame));
  auto told =
      after > 0
          ? say("The server's SYN/ACK is in the capture, and the client repeated its SYN {} "
                "time{} after it: the answer does not reach its program.",
                after, plural(after))
          : say("The server's SYN/ACK is in the capture where it was sent, not where it should "
                "arrive, and the client sent its SYN {} times: the answer does not reach it.",
                static_cast<unsigned>(attempt.exchange.left.size()));
  found.because.push_back({std::move(told), std::move(cited)});
  if (attempt.exchange.own_reset)
    found.because.push_back(
        {say("A RST answers the SYN/ACK in the client's name, and its stack goes on asking all the "
             "same: it was not the stack that sent it."),
         {*attempt.exchange.own_reset}});
  return found;
}

Explanation lost(const Attempt& attempt, const Reply& answer) {
  auto found = explain(Mechanism::answer_lost, {CulpritKind::unknown, {}, {}, {}}, attempt, answer,
                       say("a capture on the client at the same time: does the SYN/ACK arrive "
                           "there?"));
  found.because.push_back(
      {say("It is lost on its way from the place of this capture to the client."), {answer.frame}});
  return found;
}

Explanation filtered(const Attempt& attempt, const Reply& answer) {
  return explain(Mechanism::local_input_filter, this_host, attempt, answer,
                 say("the client's own firewall rules: which one counts the dropped SYN/ACK?"));
}

/// Routers between the client and the place of the capture; absent: its SYN does not tell.
std::optional<unsigned> routers_before(const Attempt& attempt) {
  if (!attempt.by_stack) return {};
  return return_hops(attempt.exchange.spec.question.hop_limit);
}

Verdict verdict_on(const Attempt& attempt, const Reply& answer, std::span<const Arrival> arrivals) {
  const auto passed = routers_before(attempt);
  if (auto verdict = not_taken(attempt, arrivals, passed == 0u)) return *std::move(verdict);
  // Of two merged files the client's does not show what has passed no router: it did not arrive.
  const bool unheard = attempt.twice && return_hops(answer.hop_limit) == 0u;
  if ((unheard && attempt.apart) || (passed && *passed > 0)) {
    Verdict far{Outcome::dropped,
                {{CulpritKind::unknown, {}, {}, {}}, Confidence::strong},
                {lost(attempt, answer), filtered(attempt, answer)},
                {}};
    far.explanations.back().rank = 2;  // a rule of the client's that lets its own SYNs out
    return far;
  }
  // What shows packets twice is a router, a bridge or a mirror, or the client's bridge.
  const bool near = passed && !unheard && (!attempt.twice || attempt.apart);
  Verdict verdict{Outcome::local,
                  {this_host, near ? Confidence::strong : Confidence::weak},
                  {filtered(attempt, answer), lost(attempt, answer)},
                  {}};
  if (near) {
    verdict.explanations.back().rank = 2;  // captured beside the client, not on it
    return verdict;
  }
  verdict.outcome = Outcome::dropped;
  verdict.culprit.where = {CulpritKind::unknown, {}, {}, {}};
  return verdict;
}

/// Of two merged files the client's shows all that arrives, and that has passed routers. One file
/// may come after the other, so that the order of packets tells nothing.
bool never_arrived(bool apart, HopLimit of_answer) { return apart && return_hops(of_answer) == 0u; }

/// Each copy got its RST at once, and the next one came as by a timer.
std::vector<FrameId> unheard_resets(const std::vector<Reply>& replies) {
  std::vector<FrameId> unheard;
  for (std::size_t i = 1; i < replies.size(); ++i) {
    const auto &reply = replies[i - 1], &next = replies[i];
    const bool resets = reply.kind == ReplyKind::reset_ack && next.kind == ReplyKind::reset_ack;
    if (resets && next.at - reply.at >= retransmission) unheard.push_back(reply.frame);
  }
  return unheard;
}

/// It repeats its SYN/ACK by its own timer, so it got no acknowledgment either.
bool is_unacknowledged(const Trails& trails, const Trail& trail) {
  unsigned count = 0;
  TimePoint first, last;
  trails.each_answer(trail, [&](const Answer& answer) {
    if (answer.kind != ReplyKind::syn_ack) return;
    if (count++ == 0) first = answer.at;
    last = answer.at;
  });
  return count > trail.copies && last - first >= acknowledged_by_then;
}

}  // namespace

bool is_asked_on(const Trails& trails, const Trail& trail) {
  if (trail.talking || trail.own_reset || trail.unseen() || !trail.by_stack) return false;
  const auto* answer = trails.answer_of(trail, ReplyKind::syn_ack);
  // A later one may have crossed the SYN.
  return answer && answer->at - trail.at < retransmission / 2 &&
         asked_after(trails.frames(trail), answer->frame) > 0;
}

bool is_answered_in_vain(const Trails& trails, const Trail& trail) {
  if (trail.talking || trail.unseen()) return false;
  // Tools ask past their kernel, which resets the answer. A stack that resets asks no more.
  if (trail.own_reset && !trail.by_stack) return false;
  const auto* answer = trails.answer_of(trail, ReplyKind::syn_ack);
  if (!answer) return false;
  if (never_arrived(trail.apart, answer->hop_limit)) return true;
  const auto after = asked_after(trails.frames(trail), answer->frame);
  // Programs that wait a second or two ask no more often.
  return after >= deaf || (after > 0 && trail.by_stack && is_unacknowledged(trails, trail));
}

std::optional<Evidence> refused_in_vain(const std::vector<Attempt>& sample) {
  for (auto attempt = sample.rbegin(); attempt != sample.rend(); ++attempt) {
    const auto& replies = attempt->exchange.replies;
    if (attempt->outcome != Outcome::refused) continue;
    const auto unheard = unheard_resets(replies);
    if (unheard.size() < deaf) continue;
    return Evidence{say("After {} of its RSTs the client waits a second and more, as one that got "
                        "no answer, and sends its SYN again: they do not reach it, and its program "
                        "sees a timeout.",
                        unheard.size()),
                    unheard};
  }
  return {};
}

std::optional<Verdict> answered_in_vain(const std::vector<Attempt>& sample,
                                        std::span<const Arrival> arrivals) {
  for (auto attempt = sample.rbegin(); attempt != sample.rend(); ++attempt)
    if (const auto* answer = unheard_answer(*attempt))
      return verdict_on(*attempt, *answer, arrivals);
  return {};
}

std::optional<Verdict> refused_unread(const std::vector<Attempt>& sample,
                                      std::span<const Arrival> arrivals) {
  for (auto attempt = sample.rbegin(); attempt != sample.rend(); ++attempt)
    if (attempt->outcome == Outcome::refused &&
        std::ssize(unheard_resets(attempt->exchange.replies)) >= deaf)
      return not_taken(*attempt, arrivals, routers_before(*attempt) == 0u);
  return {};
}

}  // namespace hopblame::offline
