#pragma once
// The simulated network: probes go in, what the client's capture sees comes out, in virtual time.
// The same scenario and seed give the same packets.

#include <map>
#include <memory>
#include <vector>

#include "tests/support/sim/client.hpp"

namespace hopblame::sim {

inline constexpr TimePoint simulation_start{std::chrono::seconds(1'790'000'000)};

class Network {
 public:
  explicit Network(Scenario scenario, std::uint64_t seed = 1);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Hands a probe to the client's raw socket now.
  SendRecord send(const ProbeSpec& spec);
  void connect(const Flow& flow) { client_->connect(flow); }
  void hang_up() { client_->hang_up(); }
  [[nodiscard]] std::optional<ConnectRecord> connect_record() const;

  /// The next packet the capture sees by `limit`; nothing when none comes, and then it is `limit`.
  /// Returns early, without a packet, when connect() ended.
  std::optional<Observation> next(TimePoint limit);

  [[nodiscard]] TimePoint now() const { return world_.agenda.now(); }
  [[nodiscard]] Vantage vantage() const { return client_->vantage(); }
  [[nodiscard]] const Scenario& scenario() const { return scenario_; }

 private:
  [[nodiscard]] Out out_of(std::size_t place);
  void travel(std::size_t from, Side side, Packet packet);
  [[nodiscard]] std::unique_ptr<Node> build(std::size_t index, Out out);
  [[nodiscard]] bool next_is_dead(std::size_t index) const;

  Scenario scenario_;
  World world_;
  std::unique_ptr<Client> client_;
  std::vector<std::unique_ptr<Node>> places_;  ///< behind the client, one for each hop or bridge
  std::vector<Link> links_;                    ///< the wire before each place
  std::map<std::pair<std::size_t, Side>, TimePoint> free_;  ///< when the last one gets through
};

}  // namespace hopblame::sim
