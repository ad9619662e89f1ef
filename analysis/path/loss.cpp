#include "analysis/path/loss.hpp"

#include <algorithm>
#include <cmath>

namespace hopblame {
namespace {

/// What was asked of this step, if it answered at all.
DueAnswers due_at(const Step& step, TimePoint until) {
  DueAnswers count;
  if (step.time_exceeded.empty() && step.ends.empty()) return count;
  for (const auto* exchange : step.exchanges) {
    if (exchange->at > until) continue;
    const auto asked = static_cast<unsigned>(exchange->left.size());
    count.due += asked;
    count.lost += exchange->answered() ? asked - 1 : asked;
  }
  return count;
}

double choose(unsigned all, unsigned some) {
  return std::exp(std::lgamma(all + 1.0) - std::lgamma(some + 1.0) - std::lgamma(all - some + 1.0));
}

constexpr double improbable = 0.01;

}  // namespace

DueAnswers& DueAnswers::operator+=(const DueAnswers& other) {
  due += other.due;
  lost += other.lost;
  return *this;
}

bool is_open(const Walk& walk) {
  return std::ranges::any_of(walk.steps, [](const auto& entry) {
    return std::ranges::any_of(
        entry.second.ends, [](const Reply* reply) { return reply->kind == ReplyKind::syn_ack; });
  });
}

DueAnswers due_answers(const Walk& walk, std::uint8_t first, std::uint8_t last, TimePoint until) {
  DueAnswers sum;
  for (const auto& [distance, step] : walk.steps)
    if (distance >= first && distance <= last) sum += due_at(step, until);
  return sum;
}

DueAnswers direct_answers(const Walk& walk, TimePoint until) {
  const auto end = walk.first_end();
  if (!end) return {};
  const auto first = is_open(walk) ? full_hop_limit.value : *end;
  return due_answers(walk, first, full_hop_limit.value, until);
}

double chance_to_be_spared(const DueAnswers& some, const DueAnswers& others) {
  const unsigned lost = some.lost + others.lost, all = some.due + others.due;
  double probability = 0;
  for (unsigned k = 0; k <= others.lost; ++k)
    if (k <= others.due && lost - k <= some.due)
      probability += choose(others.due, k) * choose(some.due, lost - k) / choose(all, lost);
  return probability;
}

bool could_be_chance(double loss, unsigned asked) { return std::pow(loss, asked) > improbable; }

unsigned tries_against_chance(double loss) {
  return static_cast<unsigned>(std::ceil(std::log(improbable) / std::log(loss)));
}

}  // namespace hopblame
