#include "analysis/path/limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hopblame {
namespace {

/// Refills evenly; what is asked when less than one token is there is dropped. After a misfit it
/// goes on from what was seen.
unsigned misfits_of_bucket(std::span<const Passage> passages, double size, double rate) {
  unsigned misfits = 0;
  double tokens = size;
  auto last = passages.front().at;
  for (const auto& one : passages) {
    tokens = std::min(size, tokens + seconds(one.at - last) * rate);
    last = one.at;
    const bool passes = tokens >= 1;
    misfits += passes != one.passed;
    if (one.passed)
      tokens = std::max(0.0, tokens - 1);
    else
      tokens = std::min(tokens, 0.99);
  }
  return misfits;
}

/// Lets through so many within the time; `all`: those it dropped count as well.
unsigned misfits_of_count(std::span<const Passage> passages, unsigned most, double within,
                          bool all) {
  unsigned misfits = 0;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    unsigned before = 0;
    for (std::size_t j = i; j-- > 0 && seconds(passages[i].at - passages[j].at) < within;)
      before += all || passages[j].passed;
    misfits += (before < most) != passages[i].passed;
  }
  return misfits;
}

/// A bucket's burst and tokens a second, and a count's seconds: so dense that the fates of some
/// dozens of SYNs come out as by the numbers between. The rule's own need not be among them.
constexpr std::array sizes{1.0, 2.0, 3.0, 5.0, 10.0, 20.0};
constexpr std::array rates{0.02, 0.03, 0.05, 0.1, 0.2, 0.33, 0.5, 0.7,
                           1.0,  1.4,  2.0,  3.0, 5.0, 10.0, 20.0};
constexpr std::array spans{0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0};
constexpr unsigned largest_count = 12;
constexpr std::size_t all_limits = sizes.size() * rates.size() + spans.size() * largest_count * 2;

/// Which of so many are the misfits.
double ways_to_misfit(std::size_t of, unsigned misfits) {
  double ways = 1, sum = 1;
  for (unsigned i = 1; i <= misfits; ++i) {
    ways *= static_cast<double>(of + 1 - i) / i;
    sum += ways;
  }
  return sum;
}

}  // namespace

unsigned misfits_of_best_limit(std::span<const Passage> passages) {
  if (passages.empty()) return 0;
  auto best = static_cast<unsigned>(passages.size());
  for (const double size : sizes)
    for (const double rate : rates) best = std::min(best, misfits_of_bucket(passages, size, rate));
  for (const double within : spans)
    for (unsigned most = 1; most <= largest_count; ++most)
      for (const bool all : {false, true})
        best = std::min(best, misfits_of_count(passages, most, within, all));
  return best;
}

bool fits_no_limit(std::span<const Passage> passages) {
  constexpr unsigned most_slips = 2;  // chance loss, or a number between those of the grid
  return misfits_of_best_limit(passages) > most_slips;
}

/// A limit and its misfits make one sequence of fates; each is as likely as its losses are.
double chance_to_fit_a_limit(std::span<const Passage> passages) {
  const auto all = static_cast<double>(passages.size());
  const auto lost = static_cast<double>(std::ranges::count(passages, false, &Passage::passed));
  if (lost == 0 || lost == all) return 1;
  const double one_sequence = std::pow(lost / all, lost) * std::pow(1 - lost / all, all - lost);
  return std::min(1.0, all_limits * one_sequence *
                           ways_to_misfit(passages.size(), misfits_of_best_limit(passages)));
}

}  // namespace hopblame
