#include "tests/support/sim/words.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "tests/support/sim/scenario.hpp"

namespace hopblame::sim {
namespace {

char unescaped(char letter) {
  if (letter == 'r') return '\r';
  return letter == 'n' ? '\n' : letter;
}

/// A number and what follows it ("5ms" is 5 and "ms"); nothing when it does not start with one.
std::optional<std::pair<double, std::string>> split_number(const std::string& word) {
  char* end = nullptr;
  const double value = std::strtod(word.c_str(), &end);
  if (end == word.c_str()) return {};
  return std::pair{value, std::string(end)};
}

}  // namespace

Words::Words(std::string_view line, unsigned number) : line_(number) { read(line); }

void Words::read(std::string_view line) {
  bool quoted = false, inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char letter = line[i];
    if (letter == '"') {
      quoted = !quoted;
      if (quoted) words_.emplace_back();
      inside = quoted;
    } else if (quoted && letter == '\\' && i + 1 < line.size()) {
      words_.back() += unescaped(line[++i]);
    } else if (!quoted && letter == '#') {
      break;
    } else if (!quoted && (letter == ' ' || letter == '\t')) {
      inside = false;
    } else {
      if (!inside) words_.emplace_back();
      inside = true;
      words_.back() += letter;
    }
  }
  if (quoted) fail("a quote is not closed");
}

std::string Words::take(std::string_view what) {
  if (empty()) fail(std::string(what) + " is missing at the end");
  return words_[next_++];
}

bool Words::take_if(std::string_view word) {
  if (empty() || words_[next_] != word) return false;
  ++next_;
  return true;
}

double Words::real(std::string_view what) {
  const auto word = take(what);
  const auto value = split_number(word);
  if (!value || !value->second.empty())
    fail(fmt::format("'{}' is not a number for {}", word, what));
  return value->first;
}

unsigned Words::number(std::string_view what) {
  const double value = real(what);
  if (value < 0 || value > 1e6) fail(std::string(what) + " is out of range");
  return static_cast<unsigned>(value);
}

std::uint16_t Words::port() {
  const auto value = number("a port");
  if (value == 0 || value > 65535) fail("a port is 1 to 65535");
  return static_cast<std::uint16_t>(value);
}

double Words::percent() {
  const auto word = take("a percentage");
  const auto value = split_number(word);
  if (!value || value->second != "%" || value->first < 0 || value->first > 100)
    fail(fmt::format("'{}' is not a percentage such as 10%", word));
  return value->first / 100;
}

Duration Words::duration() {
  const auto word = take("a duration");
  const auto value = split_number(word);
  double unit = 0;
  if (value && value->second == "us") unit = 1e3;
  if (value && value->second == "ms") unit = 1e6;
  if (value && value->second == "s") unit = 1e9;
  if (unit == 0 || value->first < 0) fail(fmt::format("'{}' is not a duration such as 5ms", word));
  return Duration(static_cast<Duration::rep>(value->first * unit));
}

void Words::fail(const std::string& why) const {
  throw ScenarioError("line " + std::to_string(line_) + ": " + why);
}

}  // namespace hopblame::sim
