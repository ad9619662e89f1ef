#pragma once
// Pairs probes with the packets that answer them, as they come. A direct reply must acknowledge our
// sequence number, a quote must carry addresses, ports and sequence; what has our five-tuple but
// not our numbers is counted as a misfit and decides nothing.

#include <span>
#include <vector>

#include "analysis/model/exchange.hpp"
#include "analysis/model/facts.hpp"
#include "analysis/model/goal.hpp"
#include "analysis/model/observation.hpp"

namespace hopblame {

class Correlator {
 public:
  /// Tells of a probe handed to the kernel, before its packets are observed.
  void sent(const SendRecord& record);
  /// Tells of the real connect(): its packets become exchanges of origin kernel.
  void connecting(const Flow& flow, TimePoint at);
  void observe(const Observation& observation);

  [[nodiscard]] std::span<const Exchange> exchanges() const { return exchanges_; }
  [[nodiscard]] std::uint64_t misfits() const { return misfits_; }
  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] std::span<const Observation> neighbour_messages() const { return neighbours_; }

 private:
  std::vector<Exchange> exchanges_;
  std::vector<Observation> neighbours_;
  std::vector<Flow> connect_flows_;
  std::uint64_t misfits_ = 0, received_ = 0;
};

}  // namespace hopblame
