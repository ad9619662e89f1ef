#pragma once
// The SYNs to a port, flow by flow. Equal paths, and backends behind one address, treat a whole
// flow alike; chance, limits and bans do not.

#include <span>
#include <vector>

#include "analysis/path/loss.hpp"

namespace hopblame {

enum class SynFate : std::uint8_t { silent, accepted, reset, rejected };

struct SynTry {
  TimePoint at;
  SynFate fate = SynFate::silent;
  const Exchange* exchange = nullptr;
};

struct PortFlow {
  std::uint16_t source_port = 0;
  std::uint8_t lane = 0;
  bool raw = true;                 ///< ours; false: of the real connect()
  std::vector<SynTry> tries;       ///< in order of time
  SynFate fate = SynFate::silent;  ///< the first answer
  bool steady = true;              ///< every answer was of that kind
  bool raced = false;              ///< one probe was answered in two ways
  bool opened_by_step = false;     ///< its first SYN was given too few hops to arrive: left out
  bool both = false;               ///< the same, or connect()'s SYN when it was sent again
  [[nodiscard]] bool met(SynFate what) const;
  [[nodiscard]] unsigned silences() const;
};

[[nodiscard]] bool belongs_to(const PortFlow& flow, const Exchange& exchange);

/// Every SYN with this aim that was to arrive, or was answered by whom it met; silence counts where
/// it was sent by `until`.
[[nodiscard]] std::vector<PortFlow> flows_to(std::span<const Exchange> exchanges, Aim aim,
                                             TimePoint until = TimePoint::max());

/// What those flows meet that get through: a closed port is reached as well as an open one.
[[nodiscard]] SynFate fate_at_host(const std::vector<PortFlow>& flows);

/// The nearest distance at which a SYN that was given no more hops met this, or that fate.
[[nodiscard]] std::optional<std::uint8_t> nearest_to_meet(const std::vector<PortFlow>& flows,
                                                          SynFate fate);
[[nodiscard]] std::optional<std::uint8_t> nearest_arrival(const std::vector<PortFlow>& flows);

/// Some flows get through, and others do not; one that was both is among both.
struct Contrast {
  std::vector<PortFlow> through, others;
  SynFate fate = SynFate::silent;       ///< of the others
  SynFate at_host = SynFate::accepted;  ///< of those that get through
  std::size_t neither = 0;              ///< flows that met another fate, or were left out
};
/// Absent where no flow got through, or all did; a closed port is told from silence only. Where
/// flows are answered otherwise, those that keep silent are left out: who answers may send only so
/// many messages.
[[nodiscard]] std::optional<Contrast> contrast_of(const std::vector<PortFlow>& flows);

}  // namespace hopblame
