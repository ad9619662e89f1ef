// Random networks, each with one fault: no verdict may be certain and wrong, and the truth must be
// among what is listed. HOPBLAME_NETWORKS sets how many, HOPBLAME_SEED the first, HOPBLAME_TRUTH
// keeps to one mechanism; a failure prints the scenario, which can be pasted into a test of its
// own.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <optional>

#include "analysis/analyse.hpp"
#include "tests/properties/check.hpp"
#include "tests/properties/random_network.hpp"
#include "tests/properties/unheard.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// How the culprit's interval meets the truth. elsewhere: only the interval of another explanation
/// listed does. unclear: inconclusive, or nothing bounds the place.
enum class Fit : std::uint8_t { exact, interval, elsewhere, unclear, missed };

struct Score {
  unsigned total = 0, listed = 0, sure = 0, sure_wrong = 0;
  std::array<unsigned, 5> fits{};
  unsigned long hops = 0;  ///< named by intervals that have an end
  unsigned bounded = 0;

  Score& operator+=(const Score& other) {
    total += other.total, listed += other.listed, sure += other.sure;
    sure_wrong += other.sure_wrong, hops += other.hops, bounded += other.bounded;
    for (std::size_t i = 0; i < fits.size(); ++i) fits[i] += other.fits[i];
    return *this;
  }
};

bool names_it(const Verdict& verdict, const RandomNetwork& network) {
  return std::ranges::any_of(network.mechanisms, [&](Mechanism m) { return lists(verdict, m); });
}

bool holds_any(const Where& where, const std::vector<unsigned>& hops) {
  return std::ranges::any_of(hops, [&](unsigned hop) { return holds(where, hop); });
}

bool somewhere(const Verdict& verdict, const RandomNetwork& network) {
  return std::ranges::any_of(
      verdict.explanations, [&](const Explanation& e) { return holds_any(e.where, network.hops); });
}

Fit fit_of(const Verdict& verdict, const RandomNetwork& network) {
  const auto& where = verdict.culprit.where;
  if (verdict.outcome == Outcome::inconclusive) return Fit::unclear;
  if (network.works) return verdict.outcome == Outcome::open ? Fit::exact : Fit::missed;
  if (verdict.outcome == Outcome::open)
    return network.lets_some_through && names_it(verdict, network) ? Fit::exact : Fit::missed;
  if (where.kind == CulpritKind::unknown && !where.last_hop)
    return holds_any(where, network.hops) ? Fit::unclear : Fit::missed;
  if (!holds_any(where, network.hops))
    return somewhere(verdict, network) ? Fit::elsewhere : Fit::missed;
  return where.first_hop == where.last_hop ? Fit::exact : Fit::interval;
}

/// The worst there is. "Open" blames nobody: it is wrong where nothing gets through.
bool is_wrong_and_sure(const Verdict& verdict, Fit fit, const RandomNetwork& network) {
  if (verdict.culprit.confidence != Confidence::certain) return false;
  if (verdict.outcome == Outcome::open) return !network.lets_some_through;
  return fit == Fit::missed || fit == Fit::elsewhere;
}

void count(Score& score, Fit fit, const Verdict& verdict, const RandomNetwork& network) {
  const bool certain = verdict.culprit.confidence == Confidence::certain;
  const bool wrong = fit == Fit::missed || fit == Fit::elsewhere;
  ++score.total;
  ++score.fits[static_cast<std::size_t>(fit)];
  score.listed += names_it(verdict, network);
  score.sure += certain && !wrong;
  score.sure_wrong += is_wrong_and_sure(verdict, fit, network);
  const auto& where = verdict.culprit.where;
  if (!where.first_hop || !where.last_hop) return;
  ++score.bounded;
  score.hops += *where.last_hop - *where.first_hop + 1u;
}

std::string line(const std::string& name, const Score& s) {
  const auto width = s.bounded == 0 ? 0.0 : static_cast<double>(s.hops) / s.bounded;
  return fmt::format("{:20}{:8}{:8}{:9}{:10}{:8}{:7}{:8}{:8}{:7}{:8.2f}\n", name, s.total,
                     s.fits[0], s.fits[1], s.fits[2], s.fits[3], s.fits[4], s.listed, s.sure,
                     s.sure_wrong, width);
}

/// One line a mechanism; HOPBLAME_BY=fault: one a fault.
Score print(const std::map<std::string, Score>& scores) {
  Score sum;
  auto text = fmt::format("{:20}{:>8}{:>8}{:>9}{:>10}{:>8}{:>7}{:>8}{:>8}{:>7}{:>8}\n", "truth",
                          "total", "exact", "interval", "elsewhere", "unclear", "missed", "listed",
                          "certain", "wrong!", "width");
  for (const auto& [name, score] : scores) {
    sum += score;
    text += line(name, score);
  }
  std::cout << text << line("all", sum) << std::flush;
  return sum;
}

std::string row_of(const RandomNetwork& network) {
  if (std::getenv("HOPBLAME_BY") != nullptr) return network.fault;
  return std::string(to_string(network.mechanisms.front()));
}

struct Judged {
  Verdict verdict;
  Fit fit;
  std::string story;  ///< for whoever looks why
};

Judged judge_network(std::uint64_t seed, RandomNetwork& network, bool tell) {
  sim::SessionOptions options;
  options.seed = seed;
  const auto session = sim::probe(sim::parse_scenario(network.text, network.family), options);
  Judged judged{analyse(session.run).verdict, {}, {}};
  std::ranges::copy(looks_as_well_like(network, session), std::back_inserter(network.mechanisms));
  judged.fit = fit_of(judged.verdict, network);
  if (tell || is_wrong_and_sure(judged.verdict, judged.fit, network))
    judged.story = fmt::format("seed {} {}: {}\n{}\n", seed, network.fault,
                               in_short(judged.verdict), history(session));
  return judged;
}

std::string brief(std::uint64_t seed, const RandomNetwork& network, const Judged& judged) {
  return fmt::format("{} {} seed {} {} at {}: {}\n",
                     names_it(judged.verdict, network) ? "missed" : "unlisted",
                     to_string(network.mechanisms.front()), seed, network.fault,
                     fmt::join(network.hops, "/"), in_short(judged.verdict));
}

/// Runs them, prints the table; what was certain and wrong is appended to `wrong`.
Score run_networks(std::uint64_t count_of, std::string& wrong,
                   const std::function<std::optional<RandomNetwork>(std::uint64_t)>& make) {
  // A fault: where it was missed or not listed is printed; "all" for every fault, "brief" for a
  // line each.
  const char* show = std::getenv("HOPBLAME_SHOW");
  const char* only = std::getenv("HOPBLAME_TRUTH");
  std::map<std::string, Score> scores;
  const auto first = number_from("HOPBLAME_SEED", 1);
  for (auto seed = first; seed < first + count_of; ++seed) {
    auto made = make(seed);
    if (!made) continue;
    auto& network = *made;
    if (only != nullptr && std::string(only) != to_string(network.mechanisms.front())) continue;
    const bool tell = show != nullptr && (network.fault == show || std::string(show) == "all");
    const auto judged = judge_network(seed, network, tell);
    count(scores[row_of(network)], judged.fit, judged.verdict, network);
    const bool poor = judged.fit == Fit::missed || !names_it(judged.verdict, network);
    if (tell && poor) std::cout << judged.story;
    if (poor && show != nullptr && std::string(show) == "brief")
      std::cout << brief(seed, network, judged) << std::flush;
    if (is_wrong_and_sure(judged.verdict, judged.fit, network) && wrong.size() < 20'000)
      wrong += judged.story;
  }
  return print(scores);
}

}  // namespace

TEST_CASE("no verdict is certain and wrong in random networks", "[random]") {
  std::string wrong;
  const auto sum = run_networks(number_from("HOPBLAME_NETWORKS", 10000), wrong,
                                [](auto seed) { return random_network(seed, 0.3); });
  INFO(wrong);
  CHECK(sum.sure_wrong == 0);
  CHECK(sum.listed * 1000ul >= sum.total * 995ul);
}

TEST_CASE("where one of two equal paths is at fault", "[random][divided]") {
  std::string wrong;
  const auto sum = run_networks(number_from("HOPBLAME_NETWORKS", 6000), wrong,
                                [](auto seed) { return random_divided_network(seed, 0.1); });
  INFO(wrong);
  CHECK(sum.sure_wrong == 0);
  // A flow in two meets the fault; now and then none of those asked does, or all of them do.
  CHECK(sum.listed * 100ul >= sum.total * 90ul);
}
