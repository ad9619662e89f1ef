#include "analysis/offline/signs_of_life.hpp"

#include <algorithm>

namespace hopblame::offline {
namespace {

/// Then it may be that the host is not there, or no way leads to it.
bool may_be_out_of_reach(std::optional<Outcome> outcome) {
  return outcome == Outcome::dropped || outcome == Outcome::unreachable;
}

/// That it was off in between, just then, is rarer than a rule.
bool is_there_before_and_after(const std::vector<Exchange>& exchanges, const Span& silence,
                               const Target& target) {
  bool before = false;
  // Of many attempts not all are kept, least of other clients.
  bool after = target.latest == Outcome::open && target.last > silence.from;
  for (const auto& exchange : exchanges)
    if (const auto* answer = answer_of_host(exchange)) {
      before = before || answer->at < silence.from;
      after = after || answer->at > silence.until;
    }
  return before && after;
}

bool is_answered_in(const std::vector<Exchange>& exchanges, const Span& time) {
  return std::ranges::any_of(exchanges, [&](const Exchange& exchange) {
    const auto* answer = answer_of_host(exchange);
    return answer && time.holds(answer->at);
  });
}

/// The client asked the host something else from then on, all in vain.
bool is_silent_since(const std::vector<Exchange>& exchanges, TimePoint begin) {
  return !is_answered_in(exchanges, {begin, TimePoint::max()}) &&
         std::ranges::any_of(exchanges, [&](const Exchange& exchange) {
           const auto& question = exchange.spec.question;
           return question.aim != Aim::target && question.hop_limit == full_hop_limit &&
                  exchange.replies.empty() && exchange.at > begin;
         });
}

/// Also who was answered just before, or will be later.
bool is_silent_altogether(const Exhibits& exhibits, const Span& silence) {
  const auto begin = silence.from + moment;
  if (is_silent_since(exhibits.exchanges, begin)) return true;
  return exhibits.in_vain && exhibits.in_vain->answers_others &&
         !is_answered_in(exhibits.exchanges, {begin, silence.until});
}

bool has_control(const Exhibits& exhibits) {
  return std::ranges::any_of(exhibits.exchanges, [](const Exchange& exchange) {
    return exchange.spec.question.aim == Aim::control;
  });
}

OtherTime other_time(const Span& silence, const Reply& answer) {
  const auto [begin, end] = asked_in(silence);
  const bool before = answer.at < begin;
  return {before ? begin - answer.at : answer.at - end, before, answer.frame};
}

}  // namespace

const Reply* answer_of_host(const Exchange& exchange) {
  const auto& host = exchange.spec.flow.destination.address;
  const auto found = std::ranges::find_if(exchange.replies, [&](const Reply& reply) {
    return reply.from == host && reply.kind != ReplyKind::time_exceeded;
  });
  return found == exchange.replies.end() ? nullptr : &*found;
}

std::optional<Span> time_of_silence(const Target& target, const std::vector<Attempt>& sample,
                                    const IpAddress& client, std::optional<Outcome> outcome) {
  std::optional<Span> span;
  if (!may_be_out_of_reach(outcome)) return span;
  for (const auto& attempt : sample) {
    const bool of_client = is_of(attempt, client);
    if (!of_client || attempt.outcome != outcome) continue;
    const auto at = attempt.exchange.at;
    if (!span) span = Span{at, at};
    span->from = std::min(span->from, at);
    span->until = std::max(span->until, attempt.touched);
  }
  if (!span) return {};
  // Of many attempts not all are kept.
  if (target.latest == outcome) span->until = std::max(span->until, target.ended);
  return Span{span->from - moment, span->until + still_waiting};
}

void forget_other_times(Exhibits& exhibits, const Target& target, const Span& silence) {
  const auto& all = exhibits.exchanges;
  const bool altogether = is_silent_altogether(exhibits, silence);
  const auto then = altogether ? Span{silence.from + moment, silence.until} : silence;
  const auto is_of_other_time = [&](const Exchange& exchange) {
    if (exchange.spec.question.aim == Aim::target) return false;
    const auto* answer = answer_of_host(exchange);
    return answer && !then.holds(answer->at);
  };
  if (is_answered_in(all, then)) return;
  if (!altogether && is_there_before_and_after(all, silence, target)) return;
  for (const auto& exchange : all) {
    if (!is_of_other_time(exchange)) continue;
    const auto found = other_time(silence, *answer_of_host(exchange));
    auto& nearest = exhibits.other_time;
    if (!nearest || found.apart < nearest->apart) nearest = found;
  }
  std::erase_if(exhibits.exchanges, is_of_other_time);
  if (!has_control(exhibits)) exhibits.control_port = 0;
}

}  // namespace hopblame::offline
