#pragma once
// Who may have sent a RST that ended a connection, each with what the packets say for it.

#include <optional>

#include "analysis/offline/book.hpp"

namespace hopblame::offline {

/// Anywhere on the way, the host not excepted.
inline constexpr Where somewhere{CulpritKind::unknown, 1, {}, {}};

/// What the host's own packets arrive with: the SYN/ACK, or what it said last where the capture
/// began after that. `syn_ack` may be absent here and below.
[[nodiscard]] std::optional<HopLimit> limit_of_host(const Ending& end, const Reply* syn_ack);

/// Unlike all that is known to be the host's.
[[nodiscard]] bool is_strange(const Ending& end, const Reply* syn_ack);

/// Before the host, as far as its own packets tell how far that is.
[[nodiscard]] Where before_host(const Ending& end, const Reply* syn_ack);

/// No way back changes in so short a time: the device that said what came before the RST may be
/// the one that resets (a page that says so, and then the end).
[[nodiscard]] bool is_short(const Attempt& attempt);

/// The RST that ended it. Null: it is not kept.
[[nodiscard]] const Reply* reset_of(const Attempt& attempt);

/// The RST acknowledges nothing.
[[nodiscard]] bool is_bare(const Attempt& attempt);

[[nodiscard]] Explanation by_host(const Target& target, const Ending& end, const Reply* syn_ack,
                                  unsigned rank);
[[nodiscard]] Explanation by_box(const Target& target, const Ending& end, const Reply* syn_ack,
                                 unsigned rank);
/// By a device: what it answers to need not have passed.
[[nodiscard]] Explanation instead_of_passing(const Target& target, const Ending& end,
                                             const Reply* syn_ack);
/// A rule on the host forgets a connection after a while only; else it is one against the words.
[[nodiscard]] Explanation by_rule_of_host(const Target& target, const Attempt& attempt);
/// By the host, as `where` sent on what the client said under another port or to another machine.
[[nodiscard]] Explanation by_forgetful_device(const Ending& end, const Where& where);

/// What reads the first words of the client acts on them at once.
inline constexpr Duration at_once = std::chrono::seconds(1);

}  // namespace hopblame::offline
