#pragma once
// The ICMP messages that answered SYNs to the port, and what the mechanisms share about them.

#include "analysis/path/rejection.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/rejected.hpp"

namespace hopblame {

/// The SYNs to the port themselves got no answer.
[[nodiscard]] bool is_about_another_probe(const Rejection& rejection);

/// To the wrong checksum on the port's own flow, right after a rest. It could be one message only,
/// so that none was left for the SYNs.
[[nodiscard]] bool is_first_after_rest(const Case& the_case, const Rejection& rejection);

struct RejectionFacts {
  Rejection rejection;
  Family family = Family::ipv4;
  std::uint8_t type = 0, code = 0;
  IpAddress from;
  Place place;
  std::optional<std::uint8_t> named;  ///< the hop that gave this address in time exceeded
  const Reply* named_by = nullptr;    ///< that message
  /// The same, but this message comes over as many routers as no message of that hop: it may bear
  /// a borrowed name.
  std::optional<std::uint8_t> called;
  bool from_owner = false;    ///< in the destination's own name
  bool passes_first = false;  ///< probes that die at the sender draw time exceeded from it
  const Reply* to_bad_checksum = nullptr;
  bool speaks_beside_bad = false;     ///< right after a SYN with a bad checksum it answered another
  bool bad_checksum_ignored = false;  ///< it got no answer while a later probe got one
  /// A SYN with a wrong checksum that got no answer, while "host unreachable" answered right ones
  /// at once, again and again: no router that waits for a neighbour does that.
  const Exchange* passed_over = nullptr;
  /// What came after the first rejection did not have to wait for its own.
  bool again_at_once = false;
  bool between_failures = false;    ///< it spoke when no missing neighbour makes a router speak
  bool other_ports_too = false;     ///< the same sender rejects the control flow
  bool spares_other_ports = false;  ///< the control flow gets through: it looks at the port
  Duration latest{};                ///< the longest a probe waited for its rejection
  FrameId told_latest;              ///< that one
};

/// One of those codes that no rule sends unless told to.
[[nodiscard]] bool says_no_way(const RejectionFacts& facts);
/// A translator makes "no route" in IPv6 of IPv4's host unreachable (RFC 7915 section 4.2).
[[nodiscard]] bool may_be_host_unreachable(const RejectionFacts& facts);

/// It comes from a router that asked for its neighbour in vain: it took so long, or (a Linux router
/// has to ask anew after each failure) what came later did not get it at once.
[[nodiscard]] bool is_neighbour_failure(const RejectionFacts& facts);

/// A router looked for the host on its own network and did not find it, whatever it was asked for.
[[nodiscard]] std::optional<Rejection> failed_neighbour(const Case& the_case);

[[nodiscard]] RejectionFacts rejection_facts(const Case& the_case, const Rejection& rejection);

}  // namespace hopblame
