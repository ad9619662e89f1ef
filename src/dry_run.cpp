#include "src/dry_run.hpp"

#include <fmt/format.h>

#include <cmath>
#include <deque>
#include <nlohmann/json.hpp>
#include <random>

#include "capture/craft.hpp"
#include "capture/link_types.hpp"
#include "src/live_session.hpp"
#include "src/report/wrap.hpp"

namespace hopblame {
namespace {

/// A wire on which every probe is seen leaving and nothing comes back; waiting takes no time.
class SilentNetwork : public PacketSource, public Transmitter {
 public:
  explicit SilentNetwork(const Vantage& vantage) { facts_.vantage = vantage; }

  SendRecord send(const ProbeSpec& spec) override {
    packets_.push_back({seconds(now_ - TimePoint{}), packet_line(spec)});
    leaving_.push_back(craft(spec));
    return {spec, now_, 0};
  }

  PacketEvent next(TimePoint deadline) override {
    if (leaving_.empty()) return Tick{now_ = std::max(now_, deadline)};
    last_ = std::move(leaving_.front());
    leaving_.pop_front();
    return Frame{{}, now_, link_raw, static_cast<std::uint32_t>(last_.size()), last_};
  }

  [[nodiscard]] CaptureFacts facts() const override { return facts_; }
  [[nodiscard]] std::vector<PlannedPacket> packets() { return std::move(packets_); }

 private:
  CaptureFacts facts_;
  TimePoint now_{};
  std::deque<std::vector<std::uint8_t>> leaving_;
  std::vector<std::uint8_t> last_;
  std::vector<PlannedPacket> packets_;
};

constexpr std::size_t line_width = 100;

std::string addresses(const Flow& flow) {
  const char* version = flow.source.address.family == Family::ipv4 ? "IP" : "IP6";
  const auto from = to_string(flow.source.address), to = to_string(flow.destination.address);
  if (flow.source.port == 0) return fmt::format("{} {} > {}", version, from, to);
  return fmt::format("{} {}.{} > {}.{}", version, from, flow.source.port, to,
                     flow.destination.port);
}

bool is_v6(const ProbeSpec& spec) { return spec.flow.source.address.family == Family::ipv6; }

std::string syn_text(const ProbeSpec& spec) {
  const bool bad = spec.question.kind == ProbeKind::syn_bad_checksum;
  return fmt::format(
      "Flags [S], {}seq {}, win 64240, options [mss {},sackOK,TS,nop,wscale 7], length 0",
      bad ? "bad checksum, " : "", spec.sequence, is_v6(spec) ? 1440 : 1460);
}

std::string what_of(const ProbeSpec& spec) {
  switch (spec.question.kind) {
    case ProbeKind::ack:
      return fmt::format("Flags [.], seq {}, ack {}, win 64240, length 0", spec.sequence,
                         spec.acknowledgment);
    case ProbeKind::fin:
      return fmt::format("Flags [F], seq {}, win 64240, length 0", spec.sequence);
    case ProbeKind::echo:
      return fmt::format("{}echo request, id {}, seq {}, length 16",
                         is_v6(spec) ? "ICMP6, " : "ICMP ", spec.echo_identifier,
                         spec.echo_sequence);
    case ProbeKind::udp: return "UDP, length 2";
    case ProbeKind::syn:
    case ProbeKind::syn_bad_checksum: break;
  }
  return syn_text(spec);
}

}  // namespace

std::string packet_line(const ProbeSpec& spec) {
  return fmt::format("{}: {}, {} {}, {} 0x{:x}", addresses(spec.flow), what_of(spec),
                     is_v6(spec) ? "hlim" : "ttl", spec.question.hop_limit.value,
                     is_v6(spec) ? "class" : "tos", spec.traffic_class);
}

std::vector<PlannedPacket> planned_packets(const Goal& goal, const Vantage& vantage) {
  SilentNetwork network(vantage);
  std::random_device random;
  std::uint16_t port = 49152;  // the start of the dynamic ports (RFC 6335), as an example
  ProbeFactory factory(
      goal, vantage.local, [&] { return port++; }, [&] { return random(); });
  LiveSession session(goal, {network, network, factory});
  (void)session.run();
  return network.packets();
}

std::string dry_run(const Goal& goal, const Vantage& vantage, Format format) {
  const auto packets = planned_packets(goal, vantage);
  std::string lines;
  auto listed = nlohmann::ordered_json::array();
  for (const auto& [seconds, line] : packets)
    if (format == Format::json)
      listed.push_back({{"after_seconds", std::round(seconds * 1000) / 1000}, {"packet", line}});
    else
      lines += paragraph(fmt::format("{:.3f} ", seconds), line, line_width);
  if (format != Format::json) return lines;
  return nlohmann::ordered_json{{"command", "dry-run"}, {"packets", std::move(listed)}}.dump(2) +
         "\n";
}

}  // namespace hopblame
