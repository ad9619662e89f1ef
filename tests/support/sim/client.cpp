#include "tests/support/sim/client.hpp"

#include <cerrno>

namespace hopblame::sim {

using namespace std::chrono_literals;

namespace {

Box box_of(const ClientSpec& spec) {
  Box box;
  box.name = "client";
  box.address = spec.address;
  return box;
}

/// What a REJECT rule in OUTPUT does to connect() (signatures section 8).
int connect_error_of(const Rule& rule, Family family) {
  if (rule.action == Action::reset || rule.reason == Reason::port) return ECONNREFUSED;
  return family == Family::ipv4 ? EHOSTUNREACH : EACCES;
}

}  // namespace

Client::Client(const Scenario& scenario, World& world, Out out)
    : scenario_(scenario),
      world_(world),
      out_(std::move(out)),
      self_(box_of(scenario.client)),
      voice_(self_, world),
      filter_(scenario.client.rules, world) {}

bool Client::neighbour_is_dead() const {
  const bool on_link = scenario_.path.front().kind == BoxKind::host;
  return scenario_.client.gateway_dead || (on_link && scenario_.path.front().down);
}

Vantage Client::vantage() const {
  Vantage vantage;
  const auto& client = scenario_.client;
  const bool routed = client.route_error == 0 && !client.link_down;
  vantage.route_error = client.link_down ? ENETUNREACH : client.route_error;
  vantage.target_is_local = client.loopback;
  if (client.link_down) vantage.down_interfaces = {"eth0"};
  vantage.local.family = world_.family;
  if (!routed) return vantage;
  vantage.local = client.address;
  vantage.interface = client.loopback ? "lo" : "eth0";
  vantage.mtu = client.loopback ? 65536 : 1500;
  if (const auto& first = scenario_.path.front(); first.kind == BoxKind::router)
    vantage.gateway = first.address;
  return vantage;
}

int Client::local_error(const Packet& packet) {
  const auto error = vantage().route_error;
  if (error != 0) return error;
  return filter_.caught(Hook::output, packet) != nullptr ? EPERM : 0;
}

int Client::send(const Packet& packet) {
  const int error = local_error(packet);
  if (error == 0) put_on_wire(packet);
  return error;
}

void Client::put_on_wire(const Packet& packet) {
  if (neighbour_is_dead()) return ask_neighbour();
  filter_.passed(packet);
  capture(observed(packet, world_.agenda.now()));
  out_(packet, Side::far);
}

void Client::ask_neighbour() {
  const auto now = world_.agenda.now();
  if (resolving_ && now < *resolving_ + 3070ms) return;
  resolving_ = now;
  Observation seen;
  seen.hop_limit = {255};
  const auto& next = scenario_.path.front().address;
  seen.flow = {world_.icmp(), {world_.client, 0}, {next, 0}};
  seen.message = NeighbourMessage{false, next};
  for (const auto wait : {0ms, 1024ms, 2048ms})
    world_.agenda.at(now + wait, [this, seen]() mutable {
      seen.at = world_.agenda.now();
      capture(seen);
    });
  world_.agenda.at(now + 3070ms, [this] {
    if (connector_) connector_->fail(EHOSTUNREACH);
  });
}

void Client::connect(const Flow& flow) {
  connector_.emplace(flow, world_, [this](Packet packet) { send_from_kernel(packet); });
  if (const int error = vantage().route_error; error != 0) return connector_->fail(error);
  connector_->start();
}

void Client::send_from_kernel(const Packet& packet) {
  const auto* rule = filter_.caught(Hook::output, packet);
  if (rule == nullptr) return put_on_wire(packet);
  if (rule->action != Action::drop && connector_ && packet.flow == connector_->record().flow)
    connector_->fail(connect_error_of(*rule, world_.family));
}

void Client::capture(Observation seen) {
  seen.frame = {++frames_};
  seen_.push_back(std::move(seen));
}

std::optional<Observation> Client::captured() {
  if (seen_.empty()) return {};
  auto first = std::move(seen_.front());
  seen_.pop_front();
  return first;
}

void Client::arrive(Packet packet, Side) {
  const bool icmp = packet.flow.transport == world_.icmp();
  if (icmp && scenario_.no_icmp) return;
  capture(observed(packet, world_.agenda.now()));
  if (filter_.caught(Hook::input, packet) != nullptr) return;
  filter_.passed(packet);
  receive(packet);
}

void Client::receive(const Packet& packet) {
  if (const auto* error = std::get_if<IcmpError>(&packet.message)) {
    if (connector_) connector_->receive_error(*error);
    return;
  }
  if (packet.tcp() == nullptr) return;
  if (connector_ && connector_->owns(packet.flow)) return connector_->receive(packet);
  answer_stranger(packet);
}

/// A raw probe has no socket: the kernel resets what answers it, so nothing stays half open.
void Client::answer_stranger(const Packet& packet) {
  if (auto answer = voice_.reset(packet, Maker::kernel)) send_from_kernel(*answer);
}

}  // namespace hopblame::sim
