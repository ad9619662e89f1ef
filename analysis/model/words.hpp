#pragma once
// The fixed vocabulary: outcomes, mechanisms, culprit kinds, confidences, caveats. One table per
// enumeration, used by the reports, by `explain` and by the tests.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hopblame {

enum class Outcome : std::uint8_t {
  open,
  refused,
  rejected,
  unreachable,
  dropped,
  closed_early,
  silent_service,
  intermittent,
  local,
  inconclusive,
};

enum class CulpritKind : std::uint8_t { destination, router, between, this_host, none, unknown };

/// certain: two independent witnesses agree, none disagrees, nothing else fits elsewhere.
enum class Confidence : std::uint8_t { weak, strong, certain };

enum class Mechanism : std::uint8_t {
  closed_port,
  host_firewall_reset,
  middlebox_reset,
  injected_reset,
  icmp_reject_host,
  icmp_reject_router,
  no_route,
  route_prohibited,
  routing_loop,
  host_down,
  filter_drop,
  syn_filter,
  accept_queue_full,
  answer_lost,
  blackhole,
  host_silent,
  syn_proxy,
  transparent_proxy,
  port_forward,
  tarpit,
  accept_then_close,
  connection_limit,
  data_blocked,
  rate_limit,
  probe_ban,
  path_loss,
  local_output_filter,
  local_input_filter,
  local_route,
  local_neighbour,
  local_interface,
  listening,
};

enum class CaveatId : std::uint8_t {
  icmp_rate_limited,
  no_icmp,
  path_loss,
  unexpected_service,
  no_handshake,
  control_silent,
  control_open,
  class_not_echoed,
  capture_drops,
  capture_truncated,
  clock_stepped,
  interrupted,
  interface_lost,
  forged_replies,
  answers_elsewhere,  ///< they come in by another interface than probes leave by
  several_paths,
  asymmetric_return,
  quote_rewritten,
  behind_forward,
  transparent_proxy,
  other_address_open,
  silent_hops,
  not_sent,
  unverified,
  hop_limit_rewritten,
  small_mtu,
  by_form,  ///< something on the way looks at what packets bear, and ours fare otherwise
  one_direction,
  short_run,
  client_inferred,
  captured_midway,
  snap_length,
  no_walk,
  given_up_early,
  not_covered,
  clocks_not_compared,
  captures_swapped,
  captures_of_one_place,
  unmatched,
  unprivileged,
  two_owners,  ///< two hardware addresses answer for the next machine on our link
};

/// No connection is made.
[[nodiscard]] constexpr bool fails_to_connect(Outcome outcome) {
  return outcome == Outcome::refused || outcome == Outcome::rejected ||
         outcome == Outcome::unreachable || outcome == Outcome::dropped;
}

[[nodiscard]] std::string_view to_string(Outcome outcome);
[[nodiscard]] std::string_view to_string(CulpritKind kind);
[[nodiscard]] std::string_view to_string(Confidence confidence);
[[nodiscard]] std::string_view to_string(Mechanism mechanism);
[[nodiscard]] std::string_view to_string(CaveatId caveat);

[[nodiscard]] std::span<const Outcome> all_outcomes();
[[nodiscard]] std::span<const Mechanism> all_mechanisms();
[[nodiscard]] std::span<const CaveatId> all_caveats();

[[nodiscard]] std::optional<Outcome> outcome(std::string_view word);
[[nodiscard]] std::optional<Mechanism> mechanism(std::string_view word);
[[nodiscard]] std::optional<CaveatId> caveat(std::string_view word);

}  // namespace hopblame
