#pragma once
// What is known when SYNs to the port got no answer: how far they came, and what else is alive.

#include "analysis/verdict/case.hpp"

namespace hopblame {

struct SilenceFacts {
  std::vector<const Exchange*> unanswered;  ///< full-length SYNs to the port
  unsigned tries = 0;
  std::optional<std::uint8_t> passed;  ///< k: the last hop that let the SYN pass
  std::uint8_t farthest = 0;           ///< the last hop that let any SYN pass
  bool holes = false;                  ///< a hop before it kept silent: so may the ones behind it
  std::optional<std::uint8_t> bound;   ///< the next hop known to exist, where the SYN never got
  std::optional<std::uint8_t> host;    ///< the host's distance, measured or else guessed
  const Reply* alive = nullptr;        ///< any answer of the host to anything
  const Reply* to_ack = nullptr;       ///< the stack behind the port answers a bare ACK
  const Reply* to_fin = nullptr;
  /// The host acknowledges one of our SYNs without a SYN/ACK: it arrived and left a half-open
  /// connection, which answers the next SYN of the flow so (RFC 5961 4; Linux tcp_check_req).
  const Reply* half_open = nullptr;
  /// The comparison port's flow takes another way: its hop numbers say nothing of this one's.
  bool other_way = false;
  bool forwarded = false;   ///< the address passes the port on to a host behind it
  bool fin_counts = false;  ///< a lone FIN reaches the stack of this host on other ports
  /// There are none, or bare ACKs to the control port vanish as well, or so many to the port may
  /// have been lost: their silence proves nothing.
  bool acks_tell_nothing = false;
  /// The SYN reached the last router before the host, so nothing on the way there stopped it; or
  /// that router's word of it may have been lost, and no other device shows that it was stopped.
  bool may_have_arrived = false;
  /// No hop between the last that is known and the host answers any flow: that it shows no packet
  /// to the port says nothing.
  bool mute_before_host = false;
  /// A device before the host should have seen the SYN and did not, beyond what loss explains.
  bool stopped_before_host = false;
};

[[nodiscard]] SilenceFacts silence_facts(const Case& the_case);

/// Where the silence begins.
[[nodiscard]] Where gap_after(const Case& the_case, const SilenceFacts& facts);
/// Where everything ends, not only what is meant for the port.
[[nodiscard]] Where end_of_all(const Case& the_case, const SilenceFacts& facts);

}  // namespace hopblame
