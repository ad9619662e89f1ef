#pragma once
// Which of the kept attempts the judges get to see, as exchanges.

#include <vector>

#include "analysis/model/facts.hpp"
#include "analysis/offline/book.hpp"
#include "analysis/offline/client_side.hpp"
#include "analysis/offline/heard_meanwhile.hpp"
#include "analysis/offline/pinged_meanwhile.hpp"
#include "analysis/offline/stopped_here.hpp"

namespace hopblame::offline {

/// The host's nearest answer of another time than that in which it was asked in vain.
struct OtherTime {
  Duration apart{};
  bool before = false;
  FrameId frame;
};

struct Exhibits {
  IpAddress client;                 ///< who asks
  std::vector<Exchange> exchanges;  ///< of the target, of the comparison port, echoes; by time
  std::optional<ConnectRecord> connect;
  std::optional<OtherTime> other_time;  ///< there is none of the time in question
  std::optional<TimePoint> given_up;    ///< the client ended that connection, tired of waiting
  std::uint16_t control_port = 0;
  std::optional<IpAddress> neighbour;  ///< what this client heard of the host is compared with
  std::optional<HopLimit> midway;      ///< SYNs pass with this: they come from farther away
  bool accepted_unseen = false;        ///< only what came later shows that there was a SYN/ACK
  bool asked_otherwise = false;  ///< the host, over other ports, by pings or before the capture
  bool placed = false;           ///< some SYN tells how far from the client it was captured
  HalfOpen half_open = HalfOpen::no;
  bool ignored = false;            ///< nobody acknowledges or resets the SYN/ACKs
  bool asked_once = false;         ///< a stack sent a SYN that nobody answered, and not again
  bool limited = false;            ///< there are probes with a limited hop count
  std::optional<SignOfLife> sign;  ///< of the time in question, by other ways
  std::optional<InVain> in_vain;   ///< pings of that time
  std::optional<Evidence> others;  ///< another client was accepted then
  bool completed = false;          ///< somebody acknowledged a SYN/ACK of the target
  bool local = false;              ///< client and target are one machine
  bool walked = false;             ///< limited probes met the end of the target's flow
  bool walked_before = false;      ///< only before all that is in question
  Passages passages;
};

/// Whom the attempts in question are of: of several clients the last that fared so.
[[nodiscard]] IpAddress client_in_question(const Target& target, const std::vector<Attempt>& sample,
                                           std::optional<Outcome> outcome);

/// `sample`: the attempts kept of the target. `outcome`: of those in question; absent: all.
[[nodiscard]] Exhibits exhibits_of(const Book& book, const Target& target,
                                   const std::vector<Attempt>& sample,
                                   std::optional<Outcome> outcome, const IpAddress& client);

}  // namespace hopblame::offline
