#pragma once
// What kinds of packets a capture shows at all. A filter, another interface or a tap of one
// direction hide a kind altogether: only of a kind that is there can one say that a packet is
// missing.

#include <set>

#include "analysis/compare/matched.hpp"

namespace hopblame::compare {

/// The target as one of the captures knows it; a NAT may have given it another name.
struct Names {
  std::set<IpAddress> addresses;
  std::set<std::uint16_t> ports;
};
/// `pairs`: of the target's address.
[[nodiscard]] Names names_at_server(const std::vector<CallPair>& pairs,
                                    const std::vector<Journey>& met, const Endpoint& target);

[[nodiscard]] Sight sight_of(const Sorted& capture, const Names& target);

/// An ICMP error without the sequence number that RFC 792 promises: the capture has cut it.
[[nodiscard]] bool is_cut(const Observation& packet);

/// Of a service that hears somebody it shows what it says and never what it is told: a filter on
/// the direction.
[[nodiscard]] bool shows_answers_only(const Sight& sight);
/// A filter on the flags may hide all segments that make up a connection.
[[nodiscard]] bool hides_plain(const Sight& sight);
/// It hides RSTs as well, for the other end got more from here than the SYNs that it shows.
[[nodiscard]] bool has_only_syns(const Sight& sight, bool other_got_more);

/// Enough for the claim that a packet like this one is missing there.
[[nodiscard]] bool shows(const Sight& sight, const Observation& like, Way way);

}  // namespace hopblame::compare
