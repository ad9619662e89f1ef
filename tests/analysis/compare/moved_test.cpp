// An address translation that forgets a connection and goes on with it under another port.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

const IpAddress outside = IpAddress::v4(0xc6336401);

/// What the server sees of the client behind the NAT, as long as that uses this port.
void use_port(Wire& wire, std::uint16_t port) {
  const Endpoint as_seen{outside, port};
  wire.nat_there = [=](Observation& packet) { packet.flow.source = as_seen; };
  wire.as_sent = [=](Observation& packet) { packet.flow.destination = as_seen; };
}

Wire connected() {
  Wire wire;
  wire.ping(0s);
  use_port(wire, 29079);
  handshake(wire);
  wire.there(1100ms, Wire::segment(ack, 1001, 5001, 5));
  wire.back(1120ms, Wire::segment(ack, 5001, 1006, 5));
  wire.there(1140ms, Wire::segment(ack, 1006, 5006));
  use_port(wire, 54147);
  return wire;
}

}  // namespace

TEST_CASE("Compare: a RST of the server to the new port of a translated connection is no forgery") {
  auto wire = connected();
  wire.there(5s, Wire::segment(ack, 1006, 5006, 5));
  wire.back(5011ms, Wire::segment(rst, 5006, 0));
  wire.ping(9s);
  CHECK(only(wire.compare()).finding == Finding::translated_anew);
  CHECK(holds(only(wire.compare()).text, "port 54147"));
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  REQUIRE(verdict.explanations.size() == 1);
  CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
  CHECK(verdict.culprit.where.kind == CulpritKind::between);
}

TEST_CASE("Compare: what arrives from a new port has arrived, though the server keeps silent") {
  auto wire = connected();
  for (const auto at : {5s, 6s, 8s}) wire.there(at, Wire::segment(ack, 1006, 5006, 5));
  wire.ping(9s);
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::translated_anew);
  CHECK(only(comparison).outcome == Outcome::silent_service);
  CHECK(comparison.lost_there == 0);
}

TEST_CASE("Compare: a server that goes on under the new port is not to be blamed") {
  auto wire = connected();
  wire.there(5s, Wire::segment(ack, 1006, 5006, 5));
  wire.back(5011ms, Wire::segment(ack, 5006, 1011, 5));
  wire.ping(9s);
  CHECK(only(wire.compare()).finding == Finding::answered);
}
