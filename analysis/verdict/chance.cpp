#include "analysis/verdict/chance.hpp"

#include <algorithm>
#include <cmath>

namespace hopblame {
namespace {

/// What was asked of this step, if it answered at all.
DueAnswers due_at(const Step& step) {
  DueAnswers count;
  if (step.time_exceeded.empty() && step.ends.empty()) return count;
  for (const auto* exchange : step.exchanges) {
    const auto asked = static_cast<unsigned>(exchange->left.size());
    count.due += asked;
    count.lost += exchange->answered() ? asked - 1 : asked;
  }
  return count;
}

void add(DueAnswers& sum, const DueAnswers& more) {
  sum.due += more.due;
  sum.lost += more.lost;
}

/// Probes of an open port meet our own half-open connection, which does not answer each of them.
bool is_open(const Walk& walk) {
  return std::ranges::any_of(walk.steps, [](const auto& entry) {
    return std::ranges::any_of(
        entry.second.ends, [](const Reply* reply) { return reply->kind == ReplyKind::syn_ack; });
  });
}

DueAnswers due_of(const Walk& walk, std::uint8_t first, std::uint8_t last) {
  DueAnswers sum;
  for (const auto& [distance, step] : walk.steps)
    if (distance >= first && distance <= last) add(sum, due_at(step));
  return sum;
}

/// From the end of the walk on: direct answers, which no allowance limits.
DueAnswers direct(const Walk& walk) {
  const auto end = walk.first_end();
  if (!end) return {};
  return due_of(walk, is_open(walk) ? full_hop_limit.value : *end, full_hop_limit.value);
}

DueAnswers due_of(const Case& the_case, ProbeKind kind, Aim aim) {
  DueAnswers sum;
  if (the_case.first_reply(kind, aim) == nullptr) return sum;
  for (const auto* exchange : the_case.probes(kind, aim)) {
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
  auto sum = direct(the_case.control);
  add(sum, due_of(the_case, ProbeKind::echo, Aim::none));
  for (const auto kind : {ProbeKind::ack, ProbeKind::fin})
    add(sum, due_of(the_case, kind, Aim::control));
  return sum;
}

double loss_beyond(const Case& the_case, std::uint8_t distance) {
  double worst = 0;
  for (std::uint8_t first = 1; first <= std::max<std::uint8_t>(1, distance); ++first) {
    auto sum = direct(the_case.target);
    add(sum, direct(the_case.control));
    for (const auto* walk : {&the_case.target, &the_case.control}) {
      const auto end = walk->first_end().value_or(full_hop_limit.value);
      add(sum, due_of(*walk, first, static_cast<std::uint8_t>(end - 1)));
    }
    worst = std::max(worst, sum.loss());
  }
  return worst;
}

bool could_be_chance(double loss, unsigned asked) { return std::pow(loss, asked) > 0.01; }

std::uint8_t nearest_end(const Case& the_case, std::uint8_t distance) {
  auto answers = answers_of_host(the_case);
  add(answers, direct(the_case.target));
  // Were it at a nearer hop, all that was sent farther would have been answered too.
  unsigned unanswered = 0;
  auto nearest = distance;
  for (unsigned hop = distance - 1u; hop >= 1; --hop) {
    const auto at = static_cast<std::uint8_t>(hop);
    unanswered += asked_at(the_case.target, at) + asked_at(the_case.control, at);
    if (the_case.time_exceeded_at(at) || !could_be_chance(answers.loss(), unanswered)) break;
    nearest = at;
  }
  return nearest;
}

}  // namespace hopblame
