#include "analysis/plan/pacing.hpp"

#include <algorithm>
#include <cmath>

namespace hopblame {
namespace {

/// Tokens after a pause: what the opening left stays, what was spent comes back up to the burst
/// only.
double refilled(double tokens, Duration pause, const Allowance& allowance) {
  const double cap = std::max(tokens, static_cast<double>(allowance.burst));
  return std::min(cap, tokens + seconds(pause) * allowance.rate);
}

}  // namespace

TimePoint allowed_at(std::span<const TimePoint> sent, Allowance allowance, TimePoint now) {
  allowance.rate = std::max(1u, allowance.rate);
  double tokens = allowance.opening;
  auto last = sent.empty() ? now : sent.front();
  for (const auto at : sent) {
    tokens = refilled(tokens, at - last, allowance) - 1;
    last = at;
  }
  tokens = refilled(tokens, std::max(now - last, Duration{}), allowance);
  if (tokens >= 1) return now;
  const double wait = (1 - tokens) / allowance.rate;
  return now + Duration(static_cast<std::int64_t>(std::ceil(wait * 1e9 - 0.001)));
}

}  // namespace hopblame
