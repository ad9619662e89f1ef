#pragma once
// The client: what its capture sees, what its own rules and routes do, what its kernel answers.

#include <deque>

#include "analysis/model/facts.hpp"
#include "tests/support/sim/connector.hpp"
#include "tests/support/sim/filter.hpp"
#include "tests/support/sim/voice.hpp"

namespace hopblame::sim {

class Client : public Node {
 public:
  Client(const Scenario& scenario, World& world, Out out);

  /// The raw socket: errno of the call, 0 when the kernel took the packet.
  int send(const Packet& packet);
  void connect(const Flow& flow);
  void hang_up() {
    if (connector_) connector_->hang_up();
  }
  [[nodiscard]] const Connector* connector() const { return connector_ ? &*connector_ : nullptr; }
  Connector* connector() { return connector_ ? &*connector_ : nullptr; }
  [[nodiscard]] Vantage vantage() const;

  void arrive(Packet packet, Side from) override;
  /// The next packet the capture saw, numbered.
  std::optional<Observation> captured();

 private:
  [[nodiscard]] bool neighbour_is_dead() const;
  [[nodiscard]] int local_error(const Packet& packet);
  void capture(Observation seen);
  void put_on_wire(const Packet& packet);
  void ask_neighbour();
  void send_from_kernel(const Packet& packet);
  void answer_stranger(const Packet& packet);
  void receive(const Packet& packet);

  const Scenario& scenario_;
  World& world_;
  Out out_;
  Box self_;
  Voice voice_;
  Filter filter_;
  std::optional<Connector> connector_;
  std::deque<Observation> seen_;
  std::uint64_t frames_ = 0;
  std::optional<TimePoint> resolving_;  ///< since when ARP or ND is asking
};

}  // namespace hopblame::sim
