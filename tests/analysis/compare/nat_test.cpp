// A capture on all interfaces of a machine that passes the connection on under other addresses.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

const IpAddress outside = IpAddress::v4(0xc6336401);

Flow with_source(Flow flow) {
  flow.source = {outside, 61000};
  return flow;
}

/// The first capture shows all on both sides of the router beside the client, which masquerades:
/// what the client says as it comes and as it goes, and the answers likewise.
void masquerade(Wire& wire) {
  const auto once = std::exchange(wire.here, {});
  for (auto packet : once) {
    const bool there = packet.flow.source.address == client;
    auto outer = packet;
    outer.flow = there ? with_source(packet.flow) : with_source(packet.flow.reversed()).reversed();
    const auto at = packet.at.time_since_epoch();
    if (there) {
      Wire::put(wire.here, packet, at);
      --outer.hop_limit.value;
      Wire::put(wire.here, outer, at + 20us);
    } else {
      ++outer.hop_limit.value;
      Wire::put(wire.here, outer, at - 20us);
      Wire::put(wire.here, packet, at);
    }
  }
  for (auto& packet : wire.far) {
    const bool there = packet.flow.destination.address == server;
    packet.flow = there ? with_source(packet.flow) : with_source(packet.flow.reversed()).reversed();
  }
}

/// The same without translation.
void show_twice(std::vector<Observation>& capture, Way way) {
  const auto once = std::exchange(capture, {});
  for (auto packet : once) {
    const bool back = packet.flow.source.address == server;
    const auto at = packet.at.time_since_epoch();
    if (back == (way == Way::back)) {
      ++packet.hop_limit.value;
      Wire::put(capture, packet, at - 20us);
      --packet.hop_limit.value;
    }
    Wire::put(capture, packet, at);
  }
}

}  // namespace

TEST_CASE("Compare: both sides of a masquerading machine are one attempt") {
  Wire wire;
  SECTION("of a closed port") {
    wire.there(1s, Wire::segment(syn, 1000, 0));
    wire.back(1010ms, Wire::segment(rst | ack, 0, 1001));
    masquerade(wire);
    const auto comparison = wire.compare();
    CHECK(only(comparison).finding == Finding::refused_by_server);
    CHECK(only(comparison).at_client == usual);
    CHECK(rewrite(comparison, Field::source_address, Way::there));
    CHECK(wire.verdict().verdict.culprit.where.kind == CulpritKind::destination);
  }
  SECTION("of a healthy one") {
    handshake(wire);
    wire.there(1100ms, Wire::segment(ack, 1001, 5001, 10));
    wire.back(1120ms, Wire::segment(ack, 5001, 1011, 10));
    masquerade(wire);
    CHECK(only(wire.compare()).finding == Finding::answered);
    CHECK(wire.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("Compare: equal numbers alone make no copy") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.flow.source = {other_client, 40000};  // another that happens to use the number
    middle.there(1001ms, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.flow = usual;
  });
  CHECK(wire.compare().attempts.size() == 2);
}

TEST_CASE("Compare: at a router beside the client packets count as they leave for it") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1002ms, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 63);
  });
  show_twice(wire.here, Way::back);
  const auto finding = only(wire.compare());
  CHECK(finding.finding == Finding::reset_instead);
  CHECK(finding.stranger == HopLimit{63});
  CHECK(wire.verdict().verdict.culprit.where.last_hop == std::uint8_t{2});
}
