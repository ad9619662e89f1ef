#include "tests/support/sim/network.hpp"

#include "tests/support/sim/layer_two.hpp"
#include "tests/support/sim/router.hpp"

namespace hopblame::sim {

Network::Network(Scenario scenario, std::uint64_t seed)
    : scenario_(std::move(scenario)), world_(scenario_, seed, simulation_start) {
  client_ = std::make_unique<Client>(scenario_, world_, out_of(0));
  for (std::size_t i = 0; i < scenario_.path.size();) {
    auto fork = std::make_unique<Fork>();
    links_.push_back(scenario_.path[i].link);
    const auto place = links_.size();
    do fork->add(build(i++, out_of(place)));
    while (i < scenario_.path.size() && scenario_.path[i].alternative);
    places_.push_back(std::move(fork));
  }
}

Out Network::out_of(std::size_t place) {
  return [this, place](Packet packet, Side side) { travel(place, side, std::move(packet)); };
}

bool Network::next_is_dead(std::size_t index) const {
  for (auto i = index + 1; i < scenario_.path.size(); ++i) {
    if (scenario_.path[i].kind == BoxKind::host) return scenario_.path[i].down;
    if (scenario_.path[i].kind == BoxKind::router && !scenario_.path[i].alternative) return false;
  }
  return false;
}

std::unique_ptr<Node> Network::build(std::size_t index, Out out) {
  const auto& box = scenario_.path[index];
  switch (box.kind) {
    case BoxKind::router:
      return std::make_unique<Router>(box, world_, next_is_dead(index), std::move(out));
    case BoxKind::bridge: return std::make_unique<Bridge>(box, world_, std::move(out));
    case BoxKind::injector: return std::make_unique<Injector>(box, world_, std::move(out));
    default: return std::make_unique<Host>(box, world_, std::move(out));
  }
}

/// Place 0 is the client, place n the n-th device; link n-1 lies before place n.
void Network::travel(std::size_t from, Side side, Packet packet) {
  const auto to = side == Side::far ? from + 1 : from - 1;
  if (to > places_.size()) return;
  const auto& link = links_[std::max(from, to) - 1];
  if (now() < simulation_start + link.down_for) return;
  if (link.loss > 0 && world_.unit() < link.loss) return;
  if (side == Side::near && packet.flow.destination.address == world_.client) {
    if (packet.hop_limit <= link.longer_return) return;
    packet.hop_limit = static_cast<std::uint8_t>(packet.hop_limit - link.longer_return);
  }
  const Duration jitter(
      static_cast<Duration::rep>(static_cast<double>(link.jitter.count()) * world_.unit()));
  auto& free = free_[{std::max(from, to), side}];  // a wire keeps the order
  free = std::max(free, now() + link.delay + jitter);
  Node* node = to == 0 ? static_cast<Node*>(client_.get()) : places_[to - 1].get();
  const auto arrives_by = side == Side::far ? Side::near : Side::far;
  world_.agenda.at(
      free, [node, arrives_by, packet = std::move(packet)] { node->arrive(packet, arrives_by); });
}

SendRecord Network::send(const ProbeSpec& spec) {
  SendRecord record{spec, now(), 0};
  record.error = client_->send(from_probe(spec));
  return record;
}

std::optional<ConnectRecord> Network::connect_record() const {
  if (client_->connector() == nullptr) return {};
  return client_->connector()->record();
}

std::optional<Observation> Network::next(TimePoint limit) {
  const auto ended = [this] { return connect_record() && connect_record()->ended; };
  const bool had_ended = ended();
  for (;;) {
    if (auto seen = client_->captured()) return seen;
    if (ended() != had_ended || !world_.agenda.step(limit)) return {};
  }
}

}  // namespace hopblame::sim
