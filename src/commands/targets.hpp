#pragma once
// Which targets of a capture come first, and which one the user named.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "analysis/offline/book.hpp"
#include "capture/redact/scrambler.hpp"

namespace hopblame {

/// Silence on top, then answers that say no; 0 is open, 1 inconclusive.
[[nodiscard]] int badness(const offline::Target& target);

/// Indexes, worst first; of equals those with more attempts.
[[nodiscard]] std::vector<std::uint32_t> worst_first(const offline::Rows<offline::Target>& targets);

/// --target HOST[:PORT]; a name stands for all its addresses.
struct Wanted {
  std::vector<IpAddress> addresses;
  std::optional<std::uint16_t> port;
  [[nodiscard]] bool is(const Endpoint& end) const;
};
struct NotWanted {
  int exit_code = 0;
  std::string text;
};
/// With a scrambler, the addresses as a redacted capture shows them.
[[nodiscard]] std::variant<Wanted, NotWanted> wanted_of(const std::string& typed,
                                                        const std::optional<Scrambler>& scrambler);

}  // namespace hopblame
