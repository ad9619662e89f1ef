#include <algorithm>

#include "src/report/report.hpp"

namespace hopblame {
namespace {

bool cut_short(const Caveat& caveat) {
  return caveat.id == CaveatId::capture_truncated || caveat.id == CaveatId::interface_lost;
}

}  // namespace

int exit_code(const Analysis& analysis) {
  const Verdict& verdict = analysis.verdict;
  if (verdict.outcome == Outcome::inconclusive) return 3;
  if (std::any_of(verdict.caveats.begin(), verdict.caveats.end(), cut_short)) return 3;
  return verdict.outcome == Outcome::open ? 0 : 1;
}

}  // namespace hopblame
