// The pattern of answered and unanswered SYNs: a door that is shut, one a burst, plain loss.

#include "analysis/path/attempts.hpp"

#include <string_view>

#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

/// One attempt each `every`: '+' was answered, '-' was not, ' ' is a pause.
std::vector<Attempt> attempts(std::string_view text, Duration every = 300ms) {
  std::vector<Attempt> made;
  TimePoint at{};
  for (const char sign : text) {
    if (sign != ' ') made.push_back({at, sign == '+', sign == '+', true});
    at += every;
  }
  return made;
}

const std::vector<Attempt> unasked;

}  // namespace

TEST_CASE("A door is shut when the silence is longer than the loss before explains") {
  CHECK(door_of(attempts("++------------"), unasked) == Door::shut);
  CHECK(door_of(attempts("++------"), unasked) == Door::doubt);
  CHECK(door_of(attempts("++--"), unasked) == Door::open);
  // Every second one was lost before: ten more may be lost too.
  CHECK(door_of(attempts("+-+-+----------"), unasked) == Door::doubt);
  CHECK(door_of(attempts("+-+-+-------------------"), unasked) == Door::shut);
}

TEST_CASE("An answer that comes again opens the door") {
  CHECK(door_of(attempts("++------------+"), unasked) == Door::open);
}

TEST_CASE("Silence within a second of the last answer may be a limit's and shuts no door") {
  CHECK(door_of(attempts("++------------", 50ms), unasked) == Door::open);
}

TEST_CASE("The other port that falls silent too counts, one that answers tells the loss") {
  const auto target = attempts("++--------");
  CHECK(door_of(target, attempts("+++-------")) == Door::shut);
  CHECK(door_of(target, attempts("+-+--+-+--+-+-+--+")) == Door::doubt);
}

TEST_CASE("Nothing was ever answered: no door is known") {
  CHECK(door_of(attempts("------------"), unasked) == Door::open);
}

TEST_CASE("One of each burst: loss has no such rule") {
  const auto limited = attempts("+-----          -+----          +-----", 100ms);
  CHECK_FALSE(two_in_a_burst(limited));
  CHECK(chance_of_one_a_burst(limited, 0.5) < 0.01);
  CHECK(chance_of_one_a_burst(limited, 0.9) > 0.3);
}

TEST_CASE("Two answers in one burst: no limit of one a second") {
  const auto lossy = attempts("+-----          -+--+-          +-----", 100ms);
  CHECK(two_in_a_burst(lossy));
  CHECK(chance_of_one_a_burst(lossy, 0.5) == 1);
}
