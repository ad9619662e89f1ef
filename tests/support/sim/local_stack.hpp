#pragma once
// What a box does with packets that are for itself: its INPUT rules, TCP, UDP, echo.

#include "tests/support/sim/filter.hpp"
#include "tests/support/sim/tcp_stack.hpp"

namespace hopblame::sim {

class LocalStack {
 public:
  using Send = TcpStack::Send;
  LocalStack(const Box& box, World& world, Voice& voice, Filter& filter, Send send);

  void receive(const Packet& packet);
  /// True when a rule at this hook took the packet; what it answers is sent.
  bool caught(Hook hook, const Packet& packet);

 private:
  void deliver(const Packet& packet);
  void answer_echo(const Packet& packet, const IcmpEcho& echo);
  void answer_udp(const Packet& packet);
  void send(Packet packet);

  const Box& box_;
  World& world_;
  Voice& voice_;
  Filter& filter_;
  Send send_;
  TcpStack tcp_;
};

/// The host at the end of the path.
class Host : public Node {
 public:
  Host(const Box& box, World& world, Out out);
  void arrive(Packet packet, Side from) override;

 private:
  const Box& box_;
  Voice voice_;
  Filter filter_;
  LocalStack local_;
};

}  // namespace hopblame::sim
