// The connections of packets in memory, some of them left out.
#include "src/offline/connections_of.hpp"

#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

const IpAddress client = IpAddress::v4(0xc000020a), server = IpAddress::v4(0xcb00710a);

Observation asked(Duration at, std::uint16_t port) {
  Observation packet;
  packet.at = TimePoint(at);
  packet.flow = {Transport::tcp, {client, port}, {server, 443}};
  packet.hop_limit = {64};
  TcpSegment segment;
  segment.flags = tcp_flag::syn;
  segment.sequence = port;
  packet.message = segment;
  return packet;
}

}  // namespace

TEST_CASE("connections of packets in memory are those of the packets that are wanted") {
  const std::vector packets{asked(1s, 40000), asked(2s, 40001), asked(3s, 40000)};
  CaptureFacts facts;
  facts.started = TimePoint(1s);
  facts.horizon = TimePoint(60s);
  const auto all = connections_of(packets, facts, [](const Observation&) { return true; });
  REQUIRE(all->book.targets().size() == 1);
  CHECK(all->book.targets()[0].attempts.total == 2);
  const auto one = connections_of(
      packets, facts, [](const Observation& packet) { return packet.flow.source.port == 40000; });
  REQUIRE(one->book.targets().size() == 1);
  CHECK(one->book.targets()[0].attempts.total == 1);
  CHECK(one->counts.packets == 2);
}
