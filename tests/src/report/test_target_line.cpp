#include "src/report/target_line.hpp"
#include "tests/src/report/cases.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

constexpr std::size_t wide = 1000;

std::string line(Outcome outcome, const Attempts& attempts) {
  auto shown = cases::closed();
  shown.analysis.verdict.outcome = outcome;
  shown.analysis.attempts = attempts;
  return target_line(shown.input(), wide);
}

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("A target's line calls the machine of somebody else's capture the client") {
  auto shown = cases::local_output_filter();
  shown.run.goal.host.clear();
  const auto text = target_line(shown.input(), wide);
  CHECK(says(text, "local: the cause is on the client 192.0.2."));
  CHECK_FALSE(says(text, "this machine"));
}

TEST_CASE("A target's line says since when it is so, of what is so") {
  Attempts mixed{4, 2, 2, 0, 0, 0}, same{4, 0, 4, 0, 0, 0};
  CHECK(says(line(Outcome::refused, mixed), ", for some clients only"));
  CHECK(says(line(Outcome::refused, same), ", always"));
  CHECK_FALSE(says(line(Outcome::refused, {4, 0, 3, 0, 0, 1}), ", always"));
  for (const auto outcome : {Outcome::intermittent, Outcome::inconclusive})
    for (const auto& attempts : {mixed, same}) {
      const auto text = line(outcome, attempts);
      CHECK_FALSE(says(text, "clients only"));
      CHECK_FALSE(says(text, "always"));
    }
  mixed.since = TimePoint(std::chrono::hours(1));
  CHECK(says(line(Outcome::refused, mixed), ", so since 1970-01-01 01:00:00"));
}
