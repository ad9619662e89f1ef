#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "src/report/json_writer.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

template <class Value>
std::string written(const Value& value) {
  TextBuffer out;
  JsonWriter(out).item(value);
  return std::string(out.text());
}

}  // namespace

TEST_CASE("JSON writer: commas stand between, never before the first or after the last") {
  TextBuffer out;
  JsonWriter json(out);
  json.object([&] {
    json.object("empty", [] {});
    json.list("none", std::vector<int>{}, [](int) {});
    json.list("pairs", std::vector<unsigned>{1, 2}, [&](unsigned number) {
      json.object([&] {
        json.field("number", number);
        json.field("text", "a");
      });
    });
    json.list("numbers", std::vector<unsigned>{3, 4}, [&](unsigned each) { json.item(each); });
  });
  CHECK(out.text() ==
        R"({"empty":{},"none":[],"pairs":[{"number":1,"text":"a"},{"number":2,"text":"a"}],)"
        R"("numbers":[3,4]})");
}

TEST_CASE("JSON writer: what is absent is null") {
  CHECK(written(std::optional<std::string>{}) == "null");
  CHECK(written(std::optional<bool>{}) == "null");
  CHECK(written(std::optional(true)) == "true");
  CHECK(written(std::optional<std::uint8_t>(7)) == "7");
  CHECK(written(nullptr) == "null");
}

TEST_CASE("JSON writer: numbers as every other JSON library writes them") {
  CHECK(written(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  for (const double value : {0.0, 20.0, 0.42, 7.0558, 1e-6, 1.8e-5, 0.0001, 123456.789, 86400.0})
    CHECK(written(value) == nlohmann::json(value).dump());
  CHECK(written(std::numeric_limits<double>::quiet_NaN()) == "null");
  CHECK(written(std::numeric_limits<double>::max()).size() == 311);
}

TEST_CASE("JSON writer: the shortest text that gives a number again") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto digits = static_cast<double>(random() >> (random() % 64));
    const double value = digits / std::pow(10, random() % 12);
    std::array<char, 400> room;
    const auto end =
        std::to_chars(room.data(), room.data() + room.size(), value, std::chars_format::fixed).ptr;
    std::string expected(room.data(), end);
    if (expected.find('.') == std::string::npos) expected += ".0";
    if (value == 0 || value >= 1e-4) REQUIRE(written(value) == expected);
  }
}

TEST_CASE("JSON writer: a moment is written alike each time") {
  TextBuffer out;
  JsonWriter json(out);
  const TimePoint first(std::chrono::seconds(1'700'000'000)), second(std::chrono::nanoseconds(1));
  json.list(std::vector{first, first, second, second, first, TimePoint{}, TimePoint{}},
            [&](TimePoint at) { json.item(at); });
  const std::string one = R"("2023-11-14T22:13:20.000000000Z")",
                    two = R"("1970-01-01T00:00:00.000000001Z")",
                    three = R"("1970-01-01T00:00:00.000000000Z")";
  CHECK(out.text() == '[' + one + ',' + one + ',' + two + ',' + two + ',' + one + ',' + three +
                          ',' + three + ']');
}

TEST_CASE("JSON writer: a text cannot leave its quotes") {
  CHECK(written("a \"b\" \\") == R"("a \"b\" \\")");
  CHECK(written("\n\xff") == R"("\\x0a\\xff")");
}
