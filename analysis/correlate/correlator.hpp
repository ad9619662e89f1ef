#pragma once
// Pairs probes with the packets that answer them, as they come. A direct reply must acknowledge our
// sequence number, a quote must carry addresses, ports and sequence; what has our five-tuple but
// not our numbers is counted as a misfit and decides nothing.

#include <map>
#include <span>
#include <vector>

#include "analysis/model/exchange.hpp"
#include "analysis/model/observation.hpp"
#include "analysis/model/run.hpp"

namespace hopblame {

class Correlator {
 public:
  /// Tells of a probe handed to the kernel, before its packets are observed.
  void sent(const SendRecord& record);
  /// Tells of the real connect(): its packets become one exchange of origin kernel.
  void connecting(const Flow& flow);
  void observe(const Observation& observation);

  [[nodiscard]] std::span<const Exchange> exchanges() const { return exchanges_; }
  [[nodiscard]] std::uint64_t misfits() const { return misfits_; }
  /// The first ones, whatever their number: who forges sends many.
  [[nodiscard]] std::span<const Misfit> misfit_answers() const { return misfit_answers_; }
  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] std::span<const Observation> neighbour_messages() const { return neighbours_; }

 private:
  using Indexes = std::vector<std::size_t>;

  bool leaves(const Observation& observation, const TcpSegment& segment);
  bool leaves(const Observation& observation, const IcmpEcho& echo);
  bool leaves(const Observation& observation, const UdpDatagram& datagram);
  void arrives(const Observation& observation, const TcpSegment& segment);
  void arrives(const Observation& observation, const IcmpEcho& echo);
  void arrives(const Observation& observation, const UdpDatagram& datagram);
  void arrives(const Observation& observation, const IcmpError& error);

  static void note_data(Exchange& call, const TcpSegment& segment);
  void start_connection(const Observation& observation, const TcpSegment& segment);
  void left(Exchange& exchange, const Observation& observation);
  Exchange* quoted_exchange(const Quote& quote);
  Exchange* udp_exchange(const Quote& quote);
  void add_reply(Exchange& exchange, const Observation& observation, Reply reply);
  void add_misfit(const Flow& asked, const Observation& observation, Reply reply);
  [[nodiscard]] const Indexes* of_flow(const Flow& flow) const;

  std::vector<Exchange> exchanges_;
  std::map<Flow, Indexes> by_flow_;
  std::map<std::size_t, std::uint16_t> udp_checksums_;  ///< by exchange, once seen leaving
  std::vector<Flow> connect_flows_;
  std::vector<Observation> neighbours_;
  std::vector<Misfit> misfit_answers_;
  std::uint64_t misfits_ = 0, received_ = 0;
};

/// Probes and answers of a whole run.
[[nodiscard]] Correlator correlate(const Run& run);

}  // namespace hopblame
