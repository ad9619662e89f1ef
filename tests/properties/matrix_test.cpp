// Every row of the scenario matrix, in networks of other lengths and round trips than the lab's, in
// both families.

#include <fmt/format.h>

#include <cstdlib>
#include <optional>

#include "analysis/analyse.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

struct Place {
  unsigned hops, fault;
};

/// HOPBLAME_ROW=id HOPBLAME_HISTORY=1 shows the packets of the first failures of a row,
/// HOPBLAME_DRAW=n draws anew what gets lost.
std::uint64_t draw() {
  const char* number = std::getenv("HOPBLAME_DRAW");
  return number == nullptr ? 0 : std::strtoull(number, nullptr, 10);
}

std::vector<Place> places(const MatrixRow& row) {
  std::vector<Place> all;
  for (const unsigned hops : {1u, 2u, 3u, 4u, 5u, 6u, 9u, 12u}) {
    if (hops < row.least_hops) continue;
    if (!row.moves) all.push_back({hops, 0});
    if (!row.moves || hops <= row.room_behind) continue;
    for (unsigned fault = row.least_fault; fault + row.room_behind <= hops; ++fault)
      all.push_back({hops, fault});
  }
  return all;
}

struct Failure {
  std::string text;  ///< what is wrong in this network, with all it takes to see why
  bool weak = false;
};

std::optional<Failure> failure(const MatrixRow& row, Place place, double round_trip,
                               Family family) {
  auto chain = row.chain(place.hops, place.fault);
  chain.hops = place.hops;
  chain.fault_hop = place.fault;
  chain.round_trip_ms = round_trip;
  sim::SessionOptions options;
  options.seed = draw() * 10'000 + place.hops * 100 + place.fault;
  const auto session = sim::probe(sim::parse_scenario(text_of(chain), family), options);
  const auto verdict = analyse(session.run).verdict;
  const auto wrong = compare(verdict, row.expected(place.hops, place.fault));
  if (wrong.empty()) return {};
  const bool weak = verdict.culprit.confidence == Confidence::weak;
  auto report = fmt::format("{} n={} f={} rtt={}ms {}: {}\n   {}\n", row.id, place.hops,
                            place.fault, round_trip, to_string(family), wrong, in_short(verdict));
  if (std::getenv("HOPBLAME_HISTORY") != nullptr) report += history(session);
  return Failure{std::move(report), weak};
}

}  // namespace

TEST_CASE("every row of the matrix holds at every length", "[matrix]") {
  const char* only = std::getenv("HOPBLAME_ROW");
  for (const auto& row : matrix()) {
    if (only != nullptr && row.id != only) continue;
    unsigned failed = 0, unlucky = 0, total = 0;
    std::string first;
    for (const auto place : places(row))
      for (const double round_trip : {0.1, 20.0, 300.0})
        for (const auto family : {Family::ipv4, Family::ipv6}) {
          const auto wrong = failure(row, place, round_trip, family);
          ++total;
          if (!wrong) continue;
          ++(row.by_chance && wrong->weak ? unlucky : failed);
          if (failed + unlucky <= 3) first += wrong->text;
        }
    INFO(row.id << ": " << failed + unlucky << " of " << total << " networks\n" << first);
    CHECK(failed == 0);
    CHECK(unlucky <= total / 100);
  }
}
