#pragma once
// A Linux client's real connect() (signatures sections 5 and 7, measured): which answers end it,
// with which errno, when the SYN is sent again, and what a program reads afterwards.

#include "analysis/plan/ssh_opening.hpp"
#include "tests/support/sim/packet.hpp"

namespace hopblame::sim {

class Connector {
 public:
  using Send = std::function<void(Packet)>;
  Connector(const Flow& flow, World& world, Send send);

  [[nodiscard]] const ConnectRecord& record() const { return record_; }
  [[nodiscard]] bool owns(const Flow& inbound) const { return inbound == record_.flow.reversed(); }

  void start();
  /// Ends the call from outside the network: no route, a local rule, ARP that failed.
  void fail(int error);
  /// No more SYNs; what comes then belongs to nobody.
  void hang_up();
  void receive(const Packet& packet);
  void receive_error(const IcmpError& error);

 private:
  void send_syn();
  void retransmit(std::size_t next);
  void take_in_syn_sent(const Packet& packet);
  void take_established(const Packet& packet);
  void hear(const std::string& bytes);
  /// What the real program says once connected, sent again until it is acknowledged.
  void speak();
  void send_reliably(std::uint32_t sequence, const std::string& payload, Duration again);
  void shrink_to(std::uint32_t mtu);
  void send_segment(std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledgment,
                    const std::string& payload = {});
  [[nodiscard]] bool connected() const { return record_.ended && record_.error == 0; }

  World& world_;
  Send send_;
  ConnectRecord record_;
  SshOpening opening_;
  std::uint32_t isn_, next_ = 0, peer_next_ = 0;
  std::uint32_t acked_ = 0;  ///< of ours, by the peer
  std::size_t segment_;      ///< the largest payload of one segment
};

/// errno that an ICMP error gives connect(); nothing when it is ignored.
[[nodiscard]] std::optional<int> errno_of(const IcmpError& error, Family family);

}  // namespace hopblame::sim
