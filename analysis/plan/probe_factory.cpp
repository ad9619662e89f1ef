#include "analysis/plan/probe_factory.hpp"

#include <tuple>
#include <utility>

#include "analysis/path/forms.hpp"

namespace hopblame {
namespace {

Transport transport_of(ProbeKind kind, Family family) {
  if (kind == ProbeKind::udp) return Transport::udp;
  if (kind != ProbeKind::echo) return Transport::tcp;
  return family == Family::ipv4 ? Transport::icmp : Transport::icmp6;
}

}  // namespace

ProbeFactory::ProbeFactory(const Goal& goal, const IpAddress& local,
                           std::function<std::uint16_t()> new_port,
                           std::function<std::uint32_t()> random)
    : goal_(goal), local_(local), new_port_(std::move(new_port)), random_(std::move(random)) {}

Flow ProbeFactory::flow_of(const Question& question) {
  const auto transport = transport_of(question.kind, goal_.target.address.family);
  if (question.kind == ProbeKind::echo) return {transport, {local_, 0}, {goal_.target.address, 0}};
  // A SYN with a bad checksum shares the flow of the good one: same path, told apart by sequence.
  const auto kind = question.kind == ProbeKind::syn_bad_checksum ? ProbeKind::syn : question.kind;
  auto& source = ports_[{kind, question.aim, question.lane}];
  if (source == 0) source = new_port_();
  const auto port = question.aim == Aim::target ? goal_.target.port : goal_.control_port;
  return {transport, {local_, source}, {goal_.target.address, port}};
}

ProbeSpec ProbeFactory::make(const Question& question) {
  ProbeSpec spec;
  spec.id = {made_++};
  spec.question = question;
  spec.flow = flow_of(question);
  spec.sequence = random_();
  if (question.lane >= first_unmarked_lane) spec.traffic_class = 0;
  if (question.kind == ProbeKind::ack) spec.acknowledgment = random_();
  spec.ip_id = static_cast<std::uint16_t>(random_() % 0xffff + 1);
  if (question.kind == ProbeKind::echo) {
    spec.echo_identifier = static_cast<std::uint16_t>(spec.sequence >> 16);
    spec.echo_sequence = static_cast<std::uint16_t>(spec.sequence);
  }
  return spec;
}

}  // namespace hopblame
