// fields FILE: what our decoder reads of each packet, a line each, to be compared with another
// program: number, addresses, ports, flags, sequence, acknowledgment, ICMP type and code; of an
// ICMP error then the addresses, ports and sequence it quotes. Nothing after the number: we read no
// TCP and no ICMP message in it.
#include <fmt/format.h>

#include "capture/decode.hpp"
#include "capture/file_source.hpp"

namespace {

using namespace hopblame;

std::string addresses(const Flow& flow) {
  return fmt::format(" {} {}", to_string(flow.source.address), to_string(flow.destination.address));
}

std::string ports(const Flow& flow) {
  return fmt::format(" {} {}", flow.source.port, flow.destination.port);
}

std::string described(const Flow& flow, const TcpSegment& segment) {
  return addresses(flow) + ports(flow) +
         fmt::format(" 0x{:02x} {} {}", segment.flags, segment.sequence, segment.acknowledgment);
}

std::string described(const Flow& flow, const IcmpEcho& echo) {
  const bool v4 = flow.transport == Transport::icmp;
  return addresses(flow) +
         fmt::format(" {} 0", v4 ? (echo.reply ? 0 : 8) : (echo.reply ? 129 : 128));
}

std::string described(const Flow& flow, const IcmpError& error) {
  auto line = addresses(flow) + fmt::format(" {} {}", error.type, error.code);
  if (!error.quote) return line;
  line += addresses(error.quote->flow);
  if (error.quote->flow.transport != Transport::tcp) return line;
  const auto& quoted = error.quote->flow;
  const bool has_ports = quoted.source.port != 0 || quoted.destination.port != 0;
  if (!has_ports) return line;  // a snap length or a short quote ends before them
  line += ports(quoted);
  return error.quote->tcp_sequence ? line + fmt::format(" {}", *error.quote->tcp_sequence) : line;
}

std::string described(const Observation& seen) {
  return std::visit(
      [&]<class Kind>(const Kind& message) -> std::string {
        if constexpr (requires { described(seen.flow, message); })
          return described(seen.flow, message);
        else
          return {};
      },
      seen.message);
}

}  // namespace

int main(int count, char** arguments) {
  auto opened = open_file(count > 1 ? arguments[1] : "-");
  if (std::holds_alternative<FileError>(opened)) return 4;
  auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
  for (;;) {
    const auto event = source.next(TimePoint::max());
    const auto* frame = std::get_if<Frame>(&event);
    if (frame == nullptr) return 0;
    fmt::print("{}{}\n", frame->id.value, described(decode(*frame)));
  }
}
