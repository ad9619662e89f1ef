#include "analysis/path/walk.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace hopblame {
namespace {

/// It is as far as it can get with what it left with.
HopLimit reach_of(const Exchange& exchange) {
  if (!exchange.rewritten_here()) return exchange.spec.question.hop_limit;
  return std::min(*exchange.left_with, full_hop_limit);
}

}  // namespace

const Step& Steps::at(std::uint8_t hop_limit) const {
  return entries_.at(static_cast<std::size_t>(find(hop_limit) - begin())).second;
}

Step& Steps::operator[](std::uint8_t hop_limit) {
  const auto found = std::ranges::lower_bound(entries_, hop_limit, {}, &Entry::first);
  if (found != entries_.end() && found->first == hop_limit) return found->second;
  return entries_.insert(found, {hop_limit, {}})->second;
}

std::optional<std::uint8_t> Walk::last_passed() const {
  std::optional<std::uint8_t> last;
  for (const auto& [distance, step] : steps)
    if (!step.time_exceeded.empty() && distance < full_hop_limit.value) last = distance;
  return last;
}

std::optional<std::uint8_t> Walk::first_end() const {
  for (const auto& [distance, step] : steps)
    if (!step.ends.empty()) return distance;
  return {};
}

unsigned Walk::asked_at(std::uint8_t distance) const {
  const auto step = steps.find(distance);
  return step == steps.end() ? 0 : step->second.asked;
}

bool Walk::answered_at(std::uint8_t distance) const {
  const auto step = steps.find(distance);
  return step != steps.end() && !(step->second.time_exceeded.empty() && step->second.ends.empty());
}

// Of one router: where a NAT near us puts its own address on the messages of all, their ways back
// tell them apart.
std::optional<Walk::Loop> Walk::repeated_address() const {
  std::map<std::pair<IpAddress, HopLimit>, std::uint8_t> met;
  for (const auto& [distance, step] : steps) {
    if (step.time_exceeded.empty() || distance >= full_hop_limit.value) continue;
    const auto [known, is_new] = met.emplace(
        std::pair(step.time_exceeded.front()->from, step.time_exceeded.front()->hop_limit),
        distance);
    if (!is_new) return Loop{known->second, distance, distance};
  }
  return {};
}

// A router entered from the other side answers with another address in IPv6 (measured), so the
// first round may show other names than the second; the way back from it is the same.
std::optional<Walk::Loop> Walk::loop() const {
  const auto found = repeated_address();
  if (!found) return {};
  const auto period = static_cast<std::uint8_t>(found->again - found->first);
  for (std::uint8_t distance = 1; distance < found->first; ++distance)
    if (const auto later = comes_again(distance, period))
      return Loop{distance, static_cast<std::uint8_t>(distance + period), *later};
  return found;
}

bool Walk::goes_round() const {
  const auto met = loop();
  return met && met->again - met->first >= 2;
}

std::optional<std::uint8_t> Walk::comes_again(std::uint8_t distance, std::uint8_t period) const {
  const auto* before = time_exceeded_at(distance);
  if (before == nullptr) return {};
  for (unsigned later = distance + period; later < full_hop_limit.value; later += period) {
    const auto at = static_cast<std::uint8_t>(later);
    const auto* after = time_exceeded_at(at);
    if (after == nullptr) continue;
    return after->hop_limit == before->hop_limit ? std::optional(at) : std::nullopt;
  }
  return {};
}

Walk walk_of(std::span<const Exchange> exchanges, ProbeKind kind, Aim aim) {
  Walk walk;
  for (const auto& exchange : exchanges) {
    const auto& question = exchange.spec.question;
    if (question.kind != kind || question.aim != aim || !exchange.sent()) continue;
    auto& step = walk.steps[reach_of(exchange).value];
    ++step.asked;
    step.exchanges.push_back(&exchange);
    for (const auto& reply : exchange.replies)
      (reply.kind == ReplyKind::time_exceeded ? step.time_exceeded : step.ends).push_back(&reply);
  }
  return walk;
}

}  // namespace hopblame
