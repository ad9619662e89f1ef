#include "analysis/plan/ledger.hpp"

#include <algorithm>

namespace hopblame {
namespace {

template <class Keep>
std::vector<TimePoint> times(std::span<const Exchange> exchanges, Keep keep) {
  std::vector<TimePoint> found;
  for (const auto& exchange : exchanges)
    if (keep(exchange.spec.question.hop_limit.value)) found.push_back(exchange.at);
  std::ranges::sort(found);
  return found;
}

}  // namespace

Ledger::Ledger(std::span<const Exchange> exchanges)
    : exchanges_(exchanges), all_(times(exchanges, [](auto) { return true; })) {
  for (const auto& exchange : exchanges) {
    if (exchange.origin == Origin::kernel) continue;
    auto& asked = asked_[exchange.spec.question];
    asked.tries.push_back(exchange.at);
    asked.answered = asked.answered || exchange.answered();
  }
}

const Asked& Ledger::of(const Question& question) const {
  static const Asked never;
  const auto found = asked_.find(question);
  return found == asked_.end() ? never : found->second;
}

std::vector<TimePoint> Ledger::reaching(std::uint8_t distance) const {
  return times(exchanges_, [&](std::uint8_t limit) { return limit >= distance; });
}

std::vector<TimePoint> Ledger::at(HopLimit hop_limit) const {
  return times(exchanges_, [&](std::uint8_t limit) { return limit == hop_limit.value; });
}

}  // namespace hopblame
