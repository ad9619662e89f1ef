#include "analysis/path/walk.hpp"

namespace hopblame {

std::optional<std::uint8_t> Walk::last_passed() const {
  std::optional<std::uint8_t> last;
  for (const auto& [distance, step] : steps)
    if (!step.time_exceeded.empty()) last = distance;
  return last;
}

std::optional<std::uint8_t> Walk::first_end() const {
  for (const auto& [distance, step] : steps)
    if (!step.ends.empty()) return distance;
  return {};
}

const Reply* Walk::time_exceeded_at(std::uint8_t distance) const {
  const auto step = steps.find(distance);
  if (step == steps.end() || step->second.time_exceeded.empty()) return nullptr;
  return step->second.time_exceeded.front();
}

unsigned Walk::asked_at(std::uint8_t distance) const {
  const auto step = steps.find(distance);
  return step == steps.end() ? 0 : step->second.asked;
}

bool Walk::answered_at(std::uint8_t distance) const {
  const auto step = steps.find(distance);
  return step != steps.end() && !(step->second.time_exceeded.empty() && step->second.ends.empty());
}

Walk walk_of(std::span<const Exchange> exchanges, ProbeKind kind, Aim aim) {
  Walk walk;
  for (const auto& exchange : exchanges) {
    const auto& question = exchange.spec.question;
    if (question.kind != kind || question.aim != aim || !exchange.sent()) continue;
    auto& step = walk.steps[question.hop_limit.value];
    ++step.asked;
    step.exchanges.push_back(&exchange);
    for (const auto& reply : exchange.replies)
      (reply.kind == ReplyKind::time_exceeded ? step.time_exceeded : step.ends).push_back(&reply);
  }
  return walk;
}

}  // namespace hopblame
