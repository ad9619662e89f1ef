#include "src/report/packet_words.hpp"

#include <fmt/format.h>

#include "analysis/model/icmp_codes.hpp"

namespace hopblame {
namespace {

std::string flags_text(const TcpSegment& segment) {
  std::string text;
  const auto add = [&](std::uint8_t bit, const char* word) {
    if (!segment.has(bit)) return;
    if (!text.empty()) text += '/';
    text += word;
  };
  add(tcp_flag::syn, "SYN");
  add(tcp_flag::fin, "FIN");
  add(tcp_flag::rst, "RST");
  add(tcp_flag::ack, "ACK");
  return text.empty() ? "TCP without flags" : text;
}

/// Of a segment that carries data and nothing else.
constexpr std::uint8_t plain_flags = tcp_flag::ack | tcp_flag::psh;

std::string hop_limit_text(const Observation& seen) {
  const bool v6 = seen.flow.source.address.family == Family::ipv6;
  return fmt::format("{} {}", v6 ? "hop limit" : "TTL", seen.hop_limit.value);
}

struct Words {
  const Observation& seen;

  std::string operator()(const TcpSegment& segment) const {
    const bool data = segment.payload > 0 && segment.flags == (segment.flags & plain_flags);
    std::string text =
        fmt::format("{} {} to {}, {}", data ? "data" : flags_text(segment), seen.flow.source.port,
                    seen.flow.destination.port, hop_limit_text(seen));
    if (segment.payload > 0) text += fmt::format(", {} bytes", segment.payload);
    return text;
  }
  std::string operator()(const UdpDatagram&) const {
    return fmt::format("UDP to port {}, {}", seen.flow.destination.port, hop_limit_text(seen));
  }
  std::string operator()(const IcmpEcho& echo) const {
    return fmt::format("echo {}, {}", echo.reply ? "reply" : "request", hop_limit_text(seen));
  }
  std::string operator()(const IcmpError& error) const {
    std::string text(icmp_text(seen.flow.source.address.family, error.type, error.code));
    constexpr std::string_view needless = "communication ";
    if (text.starts_with(needless)) text.erase(0, needless.size());
    return fmt::format("ICMP {}/{}: {}", error.type, error.code, text);
  }
  std::string operator()(const NeighbourMessage& message) const {
    const bool v6 = message.target.family == Family::ipv6;
    const std::string address = to_string(message.target);
    const std::string words = message.answer ? address + " is here" : "who has " + address;
    return fmt::format("{}: {}", v6 ? "ND" : "ARP", words);
  }
  std::string operator()(const Unreadable&) const { return "cannot be read"; }
};

}  // namespace

std::string packet_words(const Observation& seen) { return std::visit(Words{seen}, seen.message); }

}  // namespace hopblame
