#pragma once
// How many of the answers that were due got lost. A question that was answered at least once was
// due an answer every time it was asked.

#include "analysis/path/walk.hpp"

namespace hopblame {

struct DueAnswers {
  unsigned due = 0, lost = 0;
  DueAnswers& operator+=(const DueAnswers& other);
  /// Half a loss is assumed where none was seen, so that few probes never look like proof.
  [[nodiscard]] double loss() const { return (lost + 0.5) / (due + 1.0); }
};

/// A bare ACK shows that a SYN arrived and its SYN/ACK did not (RFC 5961 section 4.2): no answer.
[[nodiscard]] bool is_due_answer(const Reply& reply);
[[nodiscard]] bool has_due_answer(const Exchange& exchange);

/// Of the copies of one question all but one at most: those without an answer of their own. Where
/// it was never answered at all, the last one stands for that.
[[nodiscard]] unsigned silent_copies(const Exchange& exchange);

/// A SYN/ACK was met: probes of an open port then meet our own half-open connection, which does not
/// answer each of them.
[[nodiscard]] bool is_open(const Walk& walk);

/// Every probe with these hop limits that was sent by `until`, as if each were due an answer.
[[nodiscard]] DueAnswers asked_between(const Walk& walk, std::uint8_t first, std::uint8_t last,
                                       TimePoint until = TimePoint::max());

/// Of the probes with these hop limits that were sent by `until`.
[[nodiscard]] DueAnswers due_answers(const Walk& walk, std::uint8_t first, std::uint8_t last,
                                     TimePoint until = TimePoint::max());

/// From the end of the walk on: the direct answers, which no allowance of ICMP messages limits.
[[nodiscard]] DueAnswers direct_answers(const Walk& walk, TimePoint until = TimePoint::max());

/// SYNs that went all the way, to either port, where segments answer them: an ICMP error may be
/// limited.
[[nodiscard]] DueAnswers answered_syns(const Walk& target, const Walk& control,
                                       TimePoint until = TimePoint::max());

/// Fisher's exact test, one-sided: were the losses dealt out by chance, how often would the others
/// get as few of them as they did?
[[nodiscard]] double chance_to_be_spared(const DueAnswers& some, const DueAnswers& others);

/// Could so many due answers all have been lost, in more than one of a hundred runs like this?
/// That widens a place.
[[nodiscard]] bool could_be_chance(double loss, unsigned asked);

/// Could they, in more than one of a thousand, where answers are known to get lost? Then silence
/// excludes no explanation.
[[nodiscard]] bool may_be_lost(const DueAnswers& known, double loss, unsigned asked);

/// How often to ask before silence is no chance any more.
[[nodiscard]] unsigned tries_against_chance(double loss);

/// How often, before `may_be_lost` says no.
[[nodiscard]] unsigned tries_to_exclude_loss(double loss);

/// How often to ask before having lost no answer is no chance any more.
[[nodiscard]] unsigned tries_to_lose_one(double loss);

/// Of a loss that question and answer share; as much is assumed on the way there as on the way
/// back.
[[nodiscard]] double one_way(double loss);

/// How often a server has sent its greeting by now, at least, and when it has for the n-th time. It
/// begins with 3 s where its SYN/ACK had to be sent again, and doubles (Linux
/// TCP_TIMEOUT_FALLBACK).
[[nodiscard]] unsigned greetings_sent(Duration since_connected);
[[nodiscard]] Duration greeting_sent(unsigned times);

}  // namespace hopblame
