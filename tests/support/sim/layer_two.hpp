#pragma once
// Devices that are no hop: they pass packets on without touching the TTL.

#include <memory>
#include <vector>

#include "tests/support/sim/filter.hpp"
#include "tests/support/sim/voice.hpp"

namespace hopblame::sim {

/// A bridge with rules: netdev ingress ones, or br_netfilter ones (hook forward), which can only
/// answer when the bridge has an address (measured).
class Bridge : public Node {
 public:
  Bridge(const Box& box, World& world, Out out);
  void arrive(Packet packet, Side from) override;

 private:
  const Box& box_;
  Out out_;
  Voice voice_;
  Filter filter_;
};

/// Sees a SYN or data to a port and answers RST in the destination's name.
class Injector : public Node {
 public:
  Injector(const Box& box, World& world, Out out);
  void arrive(Packet packet, Side from) override;

 private:
  [[nodiscard]] bool triggered_by(const Packet& packet) const;
  void inject(const Packet& cause);
  [[nodiscard]] Packet forged(const Packet& cause, unsigned number) const;

  const Injection& what_;
  World& world_;
  Out out_;
  Voice voice_;
};

/// Equal-cost routers: the five-tuple decides, the same one in both directions.
class Fork : public Node {
 public:
  void add(std::unique_ptr<Node> way) { ways_.push_back(std::move(way)); }
  void arrive(Packet packet, Side from) override;

 private:
  std::vector<std::unique_ptr<Node>> ways_;
};

}  // namespace hopblame::sim
