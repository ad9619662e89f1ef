#pragma once
// The words of a trace line: "rst-ack ttl=61 marked" is a kind and options. What nobody asked for
// is an error, so that a misspelt option fails its test instead of changing it.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/model/address.hpp"

namespace hopblame::trace {

class Words {
 public:
  explicit Words(std::string_view text);  ///< throws std::invalid_argument on an empty text

  std::string next();           ///< takes the next bare word that starts the phrase
  bool take(const char* word);  ///< takes a bare word if it is there
  std::optional<std::string> value(const char* key);  ///< takes key=value
  std::optional<double> number(const char* key);
  std::optional<std::string> prefixed(char sign);  ///< takes "@3" or "x3" without its sign
  void finish() const;                             ///< throws when a word was not taken

 private:
  std::vector<std::string> words_;
};

/// "client", "server", "stranger", "r3" (the router at hop 3), "r3b" (its neighbour on a second
/// path), or an address.
[[nodiscard]] IpAddress address_of(std::string_view name, Family family);

/// "ECONNREFUSED" or "0".
[[nodiscard]] int errno_of(std::string_view name);

/// Type and code: "3/13", or "net", "host", "port", "admin" (IPv6: 1/0, 1/3, 1/4, 1/1), "te".
[[nodiscard]] std::pair<std::uint8_t, std::uint8_t> icmp_of(std::string_view word, Family family);

}  // namespace hopblame::trace
