#pragma once
// Pairs the packets of any capture, as they come. Every TCP SYN is a probe, whoever sent it; so is
// a bare ACK out of the blue, and an echo request. An attempt that is answered, or has waited long
// enough by the time of the packets, is handed on and forgotten.

#include <cstddef>
#include <deque>
#include <functional>
#include <unordered_map>
#include <vector>

#include "analysis/model/observation.hpp"
#include "analysis/offline/attempt.hpp"
#include "analysis/offline/flow_hash.hpp"

namespace hopblame::offline {

struct TrackerLimits {
  std::size_t live = 250'000;                     ///< attempts followed at a time
  Duration patience = std::chrono::seconds(130);  ///< after the last SYN (tcp_syn_retries 6: 127 s)
  Duration linger = std::chrono::seconds(3);      ///< after an answer: a second one may follow
  std::optional<IpAddress> local{};               ///< only this client's attempts
  std::uint64_t seed = 0;                         ///< of the hash; any number gives the same result
};

struct TrackerCounts {
  std::uint64_t packets = 0;
  std::uint64_t early = 0;       ///< given up before their time, because there were too many
  std::uint64_t unverified = 0;  ///< ICMP errors that quote a packet which is not in the capture
  std::uint64_t outbound = 0, inbound = 0;  ///< packets of the attempts, by direction
};

class Tracker {
 public:
  using Done = std::function<void(Attempt&&)>;
  Tracker(const TrackerLimits& limits, Done done);

  void observe(const Observation& observation);
  void finish();  ///< hands on everything, in the order of its beginning
  [[nodiscard]] const TrackerCounts& counts() const { return counts_; }

 private:
  using Attempts = std::vector<Attempt>;
  struct Due {
    TimePoint at;
    std::uint64_t serial;
    Flow flow;
  };

  void see(const Observation& observation, const TcpSegment& segment);
  void see(const Observation& observation, const IcmpEcho& echo);
  void see(const Observation& observation, const IcmpError& error);

  void on_syn(const Observation& observation, const TcpSegment& segment);
  void client_says(Attempts& attempts, const Observation& observation, const TcpSegment& segment);
  void server_says(Attempts& attempts, const Observation& observation, const TcpSegment& segment);
  void out_of_the_blue(const Observation& observation, const TcpSegment& segment);

  Attempt& begin(const Observation& observation, const Flow& flow, ProbeKind kind);
  void retire(TimePoint now);
  void hand_on_first(std::deque<Due>& queue, bool forced, TimePoint now);
  [[nodiscard]] TimePoint due(const Attempt& attempt) const;
  [[nodiscard]] bool follows(const IpAddress& client) const;

  TrackerLimits limits_;
  Done done_;
  TrackerCounts counts_;
  std::unordered_map<Flow, Attempts, FlowHash> live_;
  std::deque<Due> soon_, later_;  ///< to be looked at after `linger`, after `patience`
  std::size_t following_ = 0;
  std::uint64_t next_serial_ = 0;
};

}  // namespace hopblame::offline
