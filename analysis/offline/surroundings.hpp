#pragma once
// What a capture shows beside the attempts: whether it sees what comes in, and what it leaves out.

#include <cstdint>
#include <map>
#include <set>

#include "analysis/model/observation.hpp"

namespace hopblame::offline {

/// A hardware address was asked for.
struct Sought {
  IpAddress by;  ///< the last that asked
  unsigned times = 0;
  bool answered = false;
};

class Surroundings {
 public:
  /// A packet that may belong to no attempt; of those that certainly do not a few are enough.
  void see(const Observation& packet);
  [[nodiscard]] bool wants_more() const { return looked_at_ < enough; }
  /// The capture holds only the start of a SYN.
  void see_cut_options() { ++cut_options_; }

  /// Something came in for this address, or an ARP or ND answer for anybody.
  [[nodiscard]] bool comes_in(const IpAddress& client) const {
    return neighbours_ || heard_.contains(client);
  }
  /// It holds nothing but TCP: as with a filter that leaves ICMP out.
  [[nodiscard]] bool only_tcp() const { return only_tcp_; }
  /// ICMP errors of which too little was kept to tell what they answer.
  [[nodiscard]] std::uint64_t cut_quotes() const { return cut_quotes_; }
  [[nodiscard]] std::uint64_t cut_options() const { return cut_options_; }
  /// TCP packets whose header the capture cuts, and where to or from one of them went.
  [[nodiscard]] std::uint64_t cut_headers() const { return cut_headers_; }
  [[nodiscard]] const Flow& cut_flow() const { return cut_flow_; }
  /// Packets that are of no use to anybody, and the first reason.
  [[nodiscard]] std::uint64_t unreadable() const { return unreadable_; }
  [[nodiscard]] const char* why() const { return why_; }
  /// By the address that was asked for, by ARP or neighbour solicitation.
  [[nodiscard]] const std::map<IpAddress, Sought>& sought() const { return sought_; }
  /// An ICMP error that was cut may be about a packet to this address.
  [[nodiscard]] bool may_be_about(const IpAddress& target) const {
    return about_anybody_ || about_.contains(target);
  }

 private:
  static constexpr std::size_t enough = 4096, most_addresses = 256;

  void see_error(const IcmpError& error);
  void see_neighbour(const NeighbourMessage& message, const IpAddress& sender);

  bool neighbours_ = false, only_tcp_ = true, about_anybody_ = false;
  std::size_t looked_at_ = 0;
  std::uint64_t cut_quotes_ = 0, cut_options_ = 0, cut_headers_ = 0, unreadable_ = 0;
  Flow cut_flow_;
  const char* why_ = "";
  std::set<IpAddress> heard_, about_;
  std::map<IpAddress, Sought> sought_;
};

}  // namespace hopblame::offline
