#include "analysis/verdict/wording.hpp"

#include <fmt/format.h>

#include <random>

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

void check_as_printf(std::int64_t nanoseconds) {
  const Duration span(nanoseconds);
  if (in_ms(span) != fmt::format("{:.1f}", milliseconds(span))) FAIL(nanoseconds);
}

}  // namespace

TEST_CASE("milliseconds are rounded as printf rounds them") {
  for (std::int64_t at = -3'000'000; at <= 3'000'000; at += 250) check_as_printf(at);
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto any = static_cast<std::int64_t>(random() % 1'000'000'000'000'000);
    check_as_printf(any);
    check_as_printf(any - any % 50'000);
  }
}
