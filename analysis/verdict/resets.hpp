#pragma once
// The RSTs that answered SYNs to the port, and what the mechanisms share about them.

#include <vector>

#include "analysis/verdict/place.hpp"

namespace hopblame {

[[nodiscard]] bool is_reset_ack(const Reply& reply);

/// In the RSTs of pf (pf.c: IPTOS_LOWDELAY).
inline constexpr std::uint8_t pf_class = 0x10;

struct Reset {
  const Exchange* exchange = nullptr;
  const Reply* reply = nullptr;
};

/// Everything about the RSTs to the port that the mechanisms share.
struct Resets {
  std::vector<Reset> all;
  Reset first;  ///< to a full-length raw probe if there is one
  Place place;
  bool marked = false;  ///< carries our traffic class, as the host's own stack makes it
  /// The SYN bore no mark, or something between here and the host writes another traffic class into
  /// this flow's packets: a RST without our mark tells nothing then.
  bool mark_lost = false;
  bool like_host = false;   ///< came the same way as the host's other answers
  bool forwarded = false;   ///< the owner of the address passed the SYN on to whoever made it
  bool raced = false;       ///< a SYN/ACK answered the same SYN, or several RSTs did
  bool odd_window = false;  ///< most stacks and netfilter leave the window 0 (measured)
  /// To a SYN with a wrong checksum, which stacks, netfilter and pf leave unanswered (measured,
  /// pf.c).
  const Reply* unverified = nullptr;
  /// The host's own stack resets one to its closed port: it got that with a right one, which
  /// somebody on the way wrote, and so may others.
  const Reply* repaired = nullptr;
};

/// To SYNs to the control port with a full hop limit.
[[nodiscard]] std::vector<const Reply*> control_resets(const Case& the_case);

[[nodiscard]] Resets gather_resets(const Case& the_case);

}  // namespace hopblame
