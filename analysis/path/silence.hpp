#pragma once
// When no answer is evidence. One lost answer is nothing; a question counts as unanswered only when
// it was asked often enough, seen leaving each time, and waited for.

#include <optional>
#include <span>
#include <vector>

#include "analysis/model/exchange.hpp"
#include "analysis/model/goal.hpp"
#include "analysis/model/time.hpp"

namespace hopblame {

/// How long to wait for one answer: twice the largest round trip seen, at least 250 ms, never more
/// than the user's patience. Neighbour failures (3 s late) say nothing about round trips.
[[nodiscard]] Duration patience(std::span<const Exchange> exchanges, const Goal& goal);

/// Zero while nothing was answered.
[[nodiscard]] Duration largest_round_trip(std::span<const Exchange> exchanges);

/// ARP and Neighbour Discovery give up after three tries of a second (measured: 3.0 to 3.1 s). A
/// message that took longer than this waited for them, or for a timer of a NAT, not for the wire.
inline constexpr Duration neighbour_failure = std::chrono::milliseconds(2500);

/// Nobody repeats a SYN or a SYN/ACK sooner (RFC 6298 section 2.1).
inline constexpr Duration first_repetition = std::chrono::seconds(1);

/// SYNs whose SYN/ACK came by that second later than others of the host did: the first that it sent
/// got lost.
[[nodiscard]] std::vector<const Exchange*> answered_by_repetition(
    std::span<const Exchange> exchanges);

/// First answer minus departure; absent while unanswered.
[[nodiscard]] std::optional<Duration> round_trip(const Exchange& exchange);

/// Spacing of the tries of one question: a router refills one ICMP answer a second (measured: 6 at
/// once, then 1/s), so a try after more than a second meets a fresh allowance.
inline constexpr Duration try_spacing = std::chrono::milliseconds(1100);

}  // namespace hopblame
