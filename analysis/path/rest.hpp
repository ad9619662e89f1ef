#pragma once
// A rest within a run: who asks too often never hears why.

#include <optional>
#include <span>
#include <vector>

#include "analysis/model/exchange.hpp"
#include "analysis/model/run.hpp"

namespace hopblame {

/// A Linux router without an IPv4 route draws on one allowance of this machine twice for a message
/// (ip_error, then icmp_send), and the first also where nothing is left for the second (measured).
/// Once somebody has spent it, be it by three tries of ssh, whoever asks once a second hears
/// nothing; after so long without a packet it holds a message again. Ways differ by less than a
/// tenth of a second.
inline constexpr Duration allowance_restored = std::chrono::milliseconds(2100);

/// connect() repeats its SYN each second (Linux tcp_syn_linear_timeouts) and leaves no rest.
[[nodiscard]] bool disturbs_rest(const std::optional<ConnectRecord>& connect);

/// When our packets left, and when connect()'s stopped, in order.
[[nodiscard]] std::vector<TimePoint> departures(std::span<const Exchange> exchanges,
                                                const std::optional<ConnectRecord>& connect);

/// The first that left after a rest; absent without one.
[[nodiscard]] std::optional<TimePoint> first_after_rest(const std::vector<TimePoint>& departures);

/// The run held a rest and asked again after it: silence is not for want of an allowance.
[[nodiscard]] bool has_rested(const Run& run);

}  // namespace hopblame
