#include "analysis/path/border.hpp"

namespace hopblame {

Answered& Answered::operator+=(const Answered& other) {
  asked += other.asked;
  answered += other.answered;
  return *this;
}

Answered answered_at(const Walk& walk, std::uint8_t hop, TimePoint until) {
  Answered attempts;
  const auto step = walk.steps.find(hop);
  if (step == walk.steps.end()) return attempts;
  for (const auto* exchange : step->second.exchanges) {
    if (exchange->at > until) continue;
    attempts.asked += static_cast<unsigned>(exchange->left.size());
    if (exchange->answered()) ++attempts.answered;
  }
  return attempts;
}

std::optional<std::uint8_t> first_loss(const Walk& target, const Walk& control, TimePoint until) {
  for (const auto& [hop, step] : target.steps) {
    if (hop >= full_hop_limit.value) break;
    const auto asked = answered_at(target, hop, until), compared = answered_at(control, hop, until);
    const bool answers = control.time_exceeded_at(hop) || target.time_exceeded_at(hop);
    if (answers && asked.answered < asked.asked && compared.answered == compared.asked) return hop;
  }
  return {};
}

}  // namespace hopblame
