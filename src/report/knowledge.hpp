#pragma once
// What an outcome, a mechanism or a caveat means and what to do about it: one table, used by every
// report and by `explain`. Texts are ours, printable ASCII, and may hold the placeholders of
// placeholders.hpp.

#include <cstdint>
#include <span>
#include <string_view>

#include "analysis/model/words.hpp"

namespace hopblame {

/// Who can take a step.
enum class Reader : std::uint8_t { service, host, network, cloud, user };

/// When a step makes sense; all bits of a step must hold.
namespace only {
inline constexpr std::uint8_t always = 0;
inline constexpr std::uint8_t at_host = 1;       ///< the blame may fall on the destination itself
inline constexpr std::uint8_t on_path = 2;       ///< the blame may fall on a device before it
inline constexpr std::uint8_t ssh = 4;           ///< port 22
inline constexpr std::uint8_t not_ssh = 8;       ///< any other port
inline constexpr std::uint8_t no_nat = 16;       ///< the host sees the address we sent from
inline constexpr std::uint8_t before_host = 32;  ///< the blame cannot fall on the destination
}  // namespace only

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which a table is read
struct Step {
  Reader who;
  std::string_view text;
  std::string_view commands = {};  ///< one per line; empty: none
  std::uint8_t when = only::always;
  bool change = false;  ///< it alters something; all others only look
};

struct Article {
  std::string_view title;  ///< a few words
  std::string_view what;   ///< what it is, whole sentences
  std::string_view wire;   ///< how it looks in a capture
  std::string_view fixed_by;
  std::string_view check;
  std::span<const Step> steps = {};
};

[[nodiscard]] const Article& article(Outcome outcome);
[[nodiscard]] const Article& article(Mechanism mechanism);
[[nodiscard]] const Article& article(CaveatId caveat);

[[nodiscard]] std::string_view to_string(Reader reader);  ///< the JSON word: "service", "host", ...
[[nodiscard]] std::string_view title(Reader reader);      ///< "Service owner", ...

}  // namespace hopblame
