#include "tests/analysis/trace_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <sstream>
#include <stdexcept>

namespace hopblame::trace {

Words::Words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  for (std::string word; stream >> word;) words_.push_back(word);
  if (words_.empty()) throw std::invalid_argument("an empty phrase in a trace");
}

std::string Words::next() {
  if (words_.empty()) throw std::invalid_argument("a trace line ends too early");
  auto word = words_.front();
  words_.erase(words_.begin());
  return word;
}

bool Words::take(const char* word) { return std::erase(words_, std::string(word)) > 0; }

std::optional<std::string> Words::value(const char* key) {
  const auto start = std::string(key) + "=";
  const auto found =
      std::ranges::find_if(words_, [&](const auto& word) { return word.starts_with(start); });
  if (found == words_.end()) return {};
  auto text = found->substr(start.size());
  words_.erase(found);
  return text;
}

std::optional<double> Words::number(const char* key) {
  const auto text = value(key);
  if (!text) return {};
  return text->starts_with("0x") ? static_cast<double>(std::stoul(*text, nullptr, 16))
                                 : std::stod(*text);
}

std::optional<std::string> Words::prefixed(char sign) {
  const auto found = std::ranges::find_if(words_, [&](const auto& word) {
    return word.size() > 1 && word[0] == sign && word[1] >= '0' && word[1] <= '9';
  });
  if (found == words_.end()) return {};
  auto text = found->substr(1);
  words_.erase(found);
  return text;
}

void Words::finish() const {
  if (!words_.empty())
    throw std::invalid_argument(fmt::format("a trace does not know \"{}\"", words_.front()));
}

namespace {

IpAddress parsed(const std::string& text) {
  const auto address = IpAddress::parse(text);
  if (!address) throw std::invalid_argument(fmt::format("no address: \"{}\"", text));
  return *address;
}

}  // namespace

IpAddress address_of(std::string_view name, Family family) {
  const bool v4 = family == Family::ipv4;
  if (name == "client") return parsed(v4 ? "192.0.2.7" : "2001:db8::7");
  if (name == "server") return parsed(v4 ? "203.0.113.10" : "2001:db8:cb::10");
  if (name == "stranger") return parsed(v4 ? "198.51.100.66" : "2001:db8:66::66");
  if (name.size() < 2 || name[0] != 'r' || name[1] < '0' || name[1] > '9')
    return parsed(std::string(name));
  const int second = name.ends_with('b') ? 2 : 1;
  const int hop = std::stoi(std::string(name.substr(1)));
  return parsed(v4 ? fmt::format("10.0.{}.{}", hop, second)
                   : fmt::format("2001:db8:0:{}::{}", hop, second));
}

int errno_of(std::string_view name) {
  static const std::map<std::string_view, int> known{
      {"0", 0},
      {"EPERM", EPERM},
      {"EACCES", EACCES},
      {"EINVAL", EINVAL},
      {"ENOBUFS", ENOBUFS},
      {"ENETDOWN", ENETDOWN},
      {"ECONNRESET", ECONNRESET},
      {"ETIMEDOUT", ETIMEDOUT},
      {"ECONNREFUSED", ECONNREFUSED},
      {"EHOSTUNREACH", EHOSTUNREACH},
      {"ENETUNREACH", ENETUNREACH},
  };
  return known.at(name);
}

std::pair<std::uint8_t, std::uint8_t> icmp_of(std::string_view word, Family family) {
  const bool v4 = family == Family::ipv4;
  using Pair = std::pair<std::uint8_t, std::uint8_t>;
  if (word == "te") return v4 ? Pair{11, 0} : Pair{3, 0};
  if (word == "net") return v4 ? Pair{3, 0} : Pair{1, 0};
  if (word == "host") return v4 ? Pair{3, 1} : Pair{1, 3};
  if (word == "port") return v4 ? Pair{3, 3} : Pair{1, 4};
  if (word == "admin") return v4 ? Pair{3, 13} : Pair{1, 1};
  const auto slash = word.find('/');
  if (slash == std::string_view::npos)
    throw std::invalid_argument(fmt::format("no ICMP word: \"{}\"", word));
  return {static_cast<std::uint8_t>(std::stoi(std::string(word.substr(0, slash)))),
          static_cast<std::uint8_t>(std::stoi(std::string(word.substr(slash + 1))))};
}

}  // namespace hopblame::trace
