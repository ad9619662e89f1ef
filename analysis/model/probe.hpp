#pragma once
// What we ask the network: the question (pure, from the planner), the packet that asks it, and what
// became of the sending.

#include <optional>

#include "analysis/model/flow.hpp"
#include "analysis/model/ids.hpp"
#include "analysis/model/time.hpp"

namespace hopblame {

enum class ProbeKind : std::uint8_t {
  syn,               ///< with MSS, SACK, timestamps, window scale: one without gets false answers
  ack,               ///< bare ACK
  fin,               ///< bare FIN
  syn_bad_checksum,  ///< only the routing and neighbour layers answer it (measured)
  echo,              ///< ICMP echo request
  udp,
};

/// The port a probe is for. `none` for echo.
enum class Aim : std::uint8_t { target, control, none };

/// What the planner wants to know. Probes of one (kind, aim, lane) share one five-tuple, so that
/// load balancers keep a hop-limit walk on one path; another lane is the same question on a new
/// flow.
struct Question {
  ProbeKind kind = ProbeKind::syn;
  Aim aim = Aim::target;
  std::uint8_t lane = 0;
  HopLimit hop_limit{64};
  auto operator<=>(const Question&) const = default;
};

/// The hop limit of a probe that is meant to arrive.
inline constexpr HopLimit full_hop_limit{64};

/// The mark every probe carries in ToS or traffic class: a Linux stack echoes it in its RST,
/// netfilter answers with 0 (measured). ECN bits stay 0.
inline constexpr std::uint8_t probe_traffic_class = 0x48;

/// Everything needed to build the bytes.
struct ProbeSpec {
  ProbeId id;
  Question question;
  Flow flow;
  std::uint32_t sequence = 0;  ///< random per probe: a direct reply must acknowledge sequence+1
  std::uint32_t acknowledgment =
      0;                    ///< only ack; a bare RST that answers it carries this as sequence
  std::uint16_t ip_id = 0;  ///< IPv4 identification, non-zero; IPv6 flows use it as nothing
  std::uint16_t echo_identifier = 0, echo_sequence = 0;  ///< only echo
  std::uint8_t traffic_class = probe_traffic_class;
  bool operator==(const ProbeSpec&) const = default;
};

struct SendRecord {
  ProbeSpec spec;
  TimePoint at;
  int error = 0;  ///< errno of the send call or of its IP_RECVERR, 0 when the kernel took it
  bool operator==(const SendRecord&) const = default;
};

[[nodiscard]] const char* to_string(
    ProbeKind kind);                           ///< "syn", "ack", "fin", "syn-bad-checksum", ...
[[nodiscard]] const char* to_string(Aim aim);  ///< "target", "control", "none"
[[nodiscard]] std::optional<ProbeKind> probe_kind(const char* word);
[[nodiscard]] std::optional<Aim> probe_aim(const char* word);

}  // namespace hopblame
