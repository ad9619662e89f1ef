// The courtesy towards other people's machines, as arithmetic.

#include "analysis/plan/pacing.hpp"

#include <algorithm>
#include <vector>

#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint start{std::chrono::hours(400'000)};

/// Sends whenever it is allowed to, from `at` on.
void send(std::vector<TimePoint>& sent, Allowance allowance, TimePoint at, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    at = allowed_at(sent, allowance, at);
    sent.push_back(at);
  }
}

std::size_t within(const std::vector<TimePoint>& sent, TimePoint from, Duration span) {
  return static_cast<std::size_t>(
      std::ranges::count_if(sent, [&](auto at) { return at >= from && at < from + span; }));
}

}  // namespace

TEST_CASE("Nothing sent yet: at once, and never in the past") {
  CHECK(allowed_at({}, {40, 40, 50}, start) == start);
  const std::vector<TimePoint> old{start - 1h};
  CHECK(allowed_at(old, {1, 1, 1}, start) == start);
}

TEST_CASE("The opening burst goes at once, then the rate holds") {
  std::vector<TimePoint> sent;
  send(sent, {40, 40, 50}, start, 140);
  CHECK(within(sent, start, 1ns) == 40);
  CHECK(sent[40] == start + 20ms);
  CHECK(sent[139] == start + 2s);
}

TEST_CASE("No second ever holds more than the burst and the rate together") {
  const Allowance allowance =
      GENERATE(Allowance{40, 40, 50}, Allowance{20, 20, 10}, Allowance{8, 8, 5});
  std::vector<TimePoint> sent;
  send(sent, allowance, start, 100);
  std::size_t most = 0;
  for (const auto at : sent) most = std::max(most, within(sent, at, 1s));
  CHECK(most <= allowance.burst + allowance.rate);
}

TEST_CASE("After a stop there is no burst beyond the opening one") {
  std::vector<TimePoint> sent;
  send(sent, {40, 40, 50}, start, 60);
  const auto later = start + 1h;  // the program was suspended
  send(sent, {40, 40, 50}, later, 100);
  CHECK(within(sent, later, 1ns) <= 40);
  CHECK(within(sent, later, 1s) <= 40 + 50);
}

TEST_CASE("A short pause earns only what fits into it") {
  std::vector<TimePoint> sent;
  send(sent, {40, 40, 50}, start, 40);
  send(sent, {40, 40, 50}, start + 100ms, 20);
  CHECK(within(sent, start + 100ms, 1ns) == 5);
}

TEST_CASE("A rate or burst of zero does not divide by it or stop for ever") {
  const std::vector<TimePoint> sent{start};
  CHECK(allowed_at(sent, {0, 0, 0}, start) == start + 2s);  // one second a token, and one is owed
}

TEST_CASE("The opening burst is for the opening: none is earned back by a stop") {
  std::vector<TimePoint> sent;
  send(sent, {40, 10, 50}, start, 60);
  const auto later = start + 1h;
  send(sent, {40, 10, 50}, later, 100);
  CHECK(within(sent, later, 1s) <= 60);
}
