#pragma once
// A Linux router: which of its layers sees a packet first decides what a probe with a small TTL
// learns (signatures section 2, measured).

#include <deque>

#include "tests/support/sim/conntrack.hpp"
#include "tests/support/sim/local_stack.hpp"
#include "tests/support/sim/syn_proxy.hpp"
#include "tests/support/sim/user_nat.hpp"

namespace hopblame::sim {

class Router : public Node {
 public:
  /// `next_is_dead`: the box behind does not answer ARP or ND.
  Router(const Box& box, World& world, bool next_is_dead, Out out);
  void arrive(Packet packet, Side from) override;

 private:
  void toward_client(Packet packet);
  void toward_target(Packet packet, Side from);
  void onward(Packet packet, const IpAddress& self);
  /// True when a rule at this hook took the packet; what it answers is sent.
  bool caught(Hook hook, const Packet& packet, const IpAddress& self);
  [[nodiscard]] bool is_too_big(const Packet& packet) const;
  bool taken_by_itself(Packet& packet);
  bool routing_says_no(const Packet& packet, const IpAddress& self);
  void queue_for_neighbour(const Packet& packet, const IpAddress& self);
  void report(const Packet& cause, Reason reason, const IpAddress& self);
  void reply(std::optional<Packet> packet);

  const Box& box_;
  World& world_;
  bool next_is_dead_;
  Out out_;
  Voice voice_;
  Filter filter_;
  LocalStack local_;
  std::optional<SynProxy> proxy_;
  std::optional<UserNat> nat_;
  std::optional<Conntrack> conntrack_;
  std::deque<Packet> waiting_;  ///< for the neighbour
};

}  // namespace hopblame::sim
