#include "tests/analysis/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "tests/analysis/trace_builder.hpp"

namespace hopblame::trace {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

void read_line(Builder& builder, const std::string& line) {
  auto phrases = split(line, '<');
  Words words(phrases.front());
  std::vector<std::string> replies(phrases.begin() + 1, phrases.end());
  auto first = words.next();
  if (first == "fact") return builder.fact(words);
  const auto at = std::stod(first);
  const auto subject = words.next();
  if (subject == "connect") return builder.connect(at, words, replies);
  if (subject == "arp") return builder.neighbour(at, words);
  builder.probe(at, subject, words, replies);
}

}  // namespace

Run run_of(std::string_view lines, Family family) {
  Builder builder(family);
  for (auto line : split(std::string(lines), '\n')) {
    line = line.substr(0, line.find('#'));
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    try {
      read_line(builder, line);
    } catch (const std::exception& error) {
      throw std::invalid_argument(fmt::format("{}: {}", line, error.what()));
    }
  }
  return builder.finish();
}

std::string passes(std::string_view aim, int first, int last) {
  std::string lines;
  for (int hop = first; hop <= last; ++hop)
    lines += fmt::format("0.2 syn {0} @{1} < te from=r{1} ttl={2}\n", aim, hop, 65 - hop);
  return lines;
}

std::string closed_control(int distance) {
  return fmt::format(
      "0.05 syn control < rst-ack ttl={0} marked\n{2}"
      "0.25 syn control @{1} < rst-ack ttl={0} marked\n",
      65 - distance, distance, passes("control", 1, distance - 1));
}

}  // namespace hopblame::trace
