#include "tests/support/sim/local_stack.hpp"

namespace hopblame::sim {

LocalStack::LocalStack(const Box& box, World& world, Voice& voice, Filter& filter, Send send)
    : box_(box),
      world_(world),
      voice_(voice),
      filter_(filter),
      send_(std::move(send)),
      tcp_(box, world, voice, [this](Packet packet) { this->send(std::move(packet)); }) {}

bool LocalStack::caught(Hook hook, const Packet& packet) {
  const auto* rule = filter_.caught(hook, packet);
  if (rule == nullptr) return false;
  if (auto answer = voice_.obey(*rule, packet, packet.flow.destination.address)) send(*answer);
  return true;
}

void LocalStack::receive(const Packet& packet) {
  if (caught(Hook::input, packet)) return;
  filter_.passed(packet);
  deliver(packet);
}

void LocalStack::deliver(const Packet& packet) {
  if (packet.tcp() != nullptr) return tcp_.receive(packet);
  if (const auto* echo = std::get_if<IcmpEcho>(&packet.message)) return answer_echo(packet, *echo);
  if (std::holds_alternative<UdpDatagram>(packet.message)) answer_udp(packet);
}

void LocalStack::answer_echo(const Packet& packet, const IcmpEcho& echo) {
  if (echo.reply || box_.no_echo || box_.stealth) return;
  auto answer = voice_.answer(packet, box_.icmp_ttl);
  answer.traffic_class = packet.traffic_class;
  answer.dont_fragment = false;
  if (world_.family == Family::ipv4) answer.ip_id_or_flow_label = world_.word() & 0xffff;
  answer.message = IcmpEcho{true, echo.identifier, echo.sequence};
  send(answer);
}

void LocalStack::answer_udp(const Packet& packet) {
  if (box_.stealth) return;
  if (auto answer = voice_.icmp(packet, Reason::port, packet.flow.destination.address))
    send(*answer);
}

void LocalStack::send(Packet packet) {
  if (box_.no_way_back || filter_.caught(Hook::output, packet) != nullptr) return;
  filter_.passed(packet);
  send_(std::move(packet));
}

Host::Host(const Box& box, World& world, Out out)
    : box_(box),
      voice_(box, world),
      filter_(box.rules, world),
      local_(box, world, voice_, filter_, [out](Packet p) { out(std::move(p), Side::near); }) {}

void Host::arrive(Packet packet, Side) {
  if (box_.down || local_.caught(Hook::ingress, packet)) return;
  if (!local_.caught(Hook::prerouting, packet)) local_.receive(packet);
}

}  // namespace hopblame::sim
