#include "analysis/verdict/chance.hpp"

#include <algorithm>

namespace hopblame {
namespace {

/// An allowance of one message a second that was spent has come back, or has not.
constexpr Duration allowance_back = std::chrono::milliseconds(1050);

DueAnswers due_of(const Case& the_case, ProbeKind kind, Aim aim) {
  DueAnswers sum;
  if (the_case.first_reply(kind, aim) == nullptr) return sum;
  for (const auto* exchange : the_case.probes(kind, aim)) {
    // A ping that is to die at a router is no question to the host.
    if (kind == ProbeKind::echo && exchange->spec.question.hop_limit != full_hop_limit) continue;
    ++sum.due;
    sum.lost += !exchange->answered();
  }
  return sum;
}

/// Probes with this hop limit that the host would have answered, were it there: on an open port the
/// first at least.
unsigned asked_at(const Walk& walk, std::uint8_t distance) {
  if (!walk.first_end()) return 0;
  return is_open(walk) ? std::min(1u, walk.asked_at(distance)) : walk.asked_at(distance);
}

}  // namespace

DueAnswers answers_of_host(const Case& the_case) {
  auto sum = direct_answers(the_case.control);
  sum += due_of(the_case, ProbeKind::echo, Aim::none);
  for (const auto kind : {ProbeKind::ack, ProbeKind::fin})
    sum += due_of(the_case, kind, Aim::control);
  return sum;
}

DueAnswers direct_answers(const Case& the_case) {
  auto sum = answers_of_host(the_case);
  sum += direct_answers(the_case.target);
  return sum;
}

DueAnswers answers_of_routers(const Case& the_case) {
  DueAnswers worst;
  const auto last = std::max(the_case.target.last_passed().value_or(0),
                             the_case.control.last_passed().value_or(0));
  for (std::uint8_t first = 1; first <= last; ++first) {
    auto sum = due_answers(the_case.target, first, last);
    sum += due_answers(the_case.control, first, last);
    if (worst.due == 0 || sum.loss() > worst.loss()) worst = sum;
  }
  return worst;
}

unsigned never_left(const Case& the_case) {
  return static_cast<unsigned>(std::ranges::count_if(
      the_case.exchanges,
      [](const Exchange& exchange) { return exchange.origin == Origin::raw && !exchange.sent(); }));
}

Others others_of(const Case& the_case) {
  const auto host = answers_of_host(the_case);
  if (host.due > 0) return {host, "other probes to the host"};
  return {answers_of_routers(the_case), "probes that the routers on the way answer"};
}

double loss_beyond(const Case& the_case, std::uint8_t distance) {
  const auto direct = direct_answers(the_case);
  double worst = direct.lost > 0 ? direct.loss() : 0;
  for (std::uint8_t first = 1; first <= std::max<std::uint8_t>(1, distance); ++first) {
    DueAnswers sum;
    for (const auto* walk : {&the_case.target, &the_case.control}) {
      const auto end = walk->first_end().value_or(full_hop_limit.value);
      sum += direct_answers(*walk);
      sum += due_answers(*walk, first, static_cast<std::uint8_t>(end - 1));
    }
    worst = std::max(worst, sum.loss());
  }
  return worst;
}

unsigned fair_tries(const Case& the_case, std::uint8_t hop) {
  return fair_tries(the_case, the_case.target, hop);
}

bool is_fair(const Case& the_case, const Exchange& asked) {
  const auto answered_within = [&](TimePoint first, TimePoint last) {
    return std::ranges::any_of(the_case.exchanges, [&](const Exchange& other) {
      return other.spec.question.hop_limit == asked.spec.question.hop_limit && other.answered() &&
             other.at >= first && other.at <= last;
    });
  };
  return answered_within(asked.at, asked.at + same_allowance) ||
         !answered_within(asked.at - allowance_back, asked.at);
}

unsigned fair_tries(const Case& the_case, const Walk& walk, std::uint8_t hop) {
  const auto step = walk.steps.find(hop);
  if (step == walk.steps.end()) return 0;
  return static_cast<unsigned>(std::ranges::count_if(
      step->second.exchanges, [&](const Exchange* asked) { return is_fair(the_case, *asked); }));
}

std::uint8_t nearest_end(const Case& the_case, std::uint8_t distance) {
  const auto answers = direct_answers(the_case);
  // Were it at a nearer hop, all that was sent farther would have been answered too.
  unsigned unanswered = 0;
  auto nearest = distance;
  for (unsigned hop = distance; hop-- > 1;) {
    const auto at = static_cast<std::uint8_t>(hop);
    unanswered += asked_at(the_case.target, at) + asked_at(the_case.control, at);
    if (the_case.time_exceeded_at(at) || !could_be_chance(answers.loss(), unanswered)) break;
    nearest = at;
  }
  return nearest;
}

}  // namespace hopblame
