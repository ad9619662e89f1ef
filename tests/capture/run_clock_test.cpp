#include "capture/run_clock.hpp"

#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

TEST_CASE("without a step a stamp stays what it was") {
  RunClock clock({1000s, 50s});
  CHECK(clock.at({1000s, 52s}) == TimePoint(1002s));
  CHECK(clock.from_stamp(1002s, {1002s + 1ms, 52s + 1ms}) == TimePoint(1002s));
  CHECK_FALSE(clock.stepped());
}

TEST_CASE("a clock set during the run changes no round trip") {
  const auto step = GENERATE(3600s, -3600s);
  RunClock clock({10000s, 50s});
  CHECK(clock.from_stamp(10001s, {10001s, 51s}) == TimePoint(10001s));
  SECTION("the frame came after the step") {
    CHECK(clock.from_stamp(10002s + step, {10002s + step + 1ms, 52s + 1ms}) == TimePoint(10002s));
  }
  SECTION("the frame came before the step and was read after it") {
    CHECK(clock.from_stamp(10002s, {10002s + step + 1ms, 52s + 1ms}) == TimePoint(10002s));
    CHECK(clock.from_stamp(10003s + step, {10003s + step, 53s}) == TimePoint(10003s));
  }
  CHECK(clock.stepped());
}

TEST_CASE("slewing is no step") {
  RunClock clock({1000s, 50s});
  for (int i = 1; i <= 60; ++i)
    (void)clock.from_stamp(1000s + i * 1s, {1000s + i * (1s + 500us), 50s + i * 1s});
  CHECK_FALSE(clock.stepped());
}
