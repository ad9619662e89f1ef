#pragma once
// Which targets of a capture come first, and which one the user named.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "analysis/offline/book.hpp"
#include "analysis/offline/surroundings.hpp"
#include "capture/redact/scrambler.hpp"

namespace hopblame {

/// Silence on top, then answers that say no; 0 is open, 1 inconclusive.
[[nodiscard]] int badness(const offline::Target& target);

/// Where a target stands among all: a number to sort by, the largest first.
class Rank {
 public:
  Rank(std::size_t index, const offline::Target& target)
      : value_((level(target) << for_attempts | target.attempts.total) << for_index |
               (last - index)) {}

  [[nodiscard]] std::size_t index() const { return last - (value_ & last); }
  [[nodiscard]] std::uint32_t attempts() const {
    return static_cast<std::uint32_t>(value_ >> for_index);
  }
  [[nodiscard]] int badness() const {
    return static_cast<int>(value_ >> for_index >> for_attempts >> 1);
  }
  auto operator<=>(const Rank&) const = default;

 private:
  [[nodiscard]] static std::uint64_t level(const offline::Target& target);

  static constexpr unsigned for_attempts = 32, for_index = 28;
  static constexpr auto last = (std::uint64_t{1} << for_index) - 1;
  std::uint64_t value_;
};

/// Worst first; of silent ones those that were asked again, as by who wants to connect, before
/// lone SYNs, as of scans; of equals those with more attempts. Perhaps only the first ones need to
/// be in order.
[[nodiscard]] std::vector<Rank> worst_first(const offline::Rows<offline::Target>& targets,
                                            std::size_t sorted = SIZE_MAX);
void put_first(std::vector<Rank>& ranks, std::size_t sorted);

/// Of TCP packets that are cut in their header, where there are any: a target may be missing.
[[nodiscard]] std::string cut_text(const offline::Surroundings& around);

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
