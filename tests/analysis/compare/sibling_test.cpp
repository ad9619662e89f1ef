// The client's other connections to the target.
#include "analysis/compare/sibling.hpp"
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

Observation on(const Flow& flow) {
  Observation packet;
  packet.flow = flow;
  packet.message = Wire::segment(ack, 1, 1);
  return packet;
}

Flow other_port() {
  auto flow = usual;
  flow.source.port = 40001;
  return flow;
}

}  // namespace

TEST_CASE("Compare: siblings of an attempt are the same client's connections from other ports") {
  CHECK_FALSE(is_of_sibling(on(usual), usual));
  CHECK_FALSE(is_of_sibling(on(usual.reversed()), usual));
  CHECK(is_of_sibling(on(other_port()), usual));
  CHECK(is_of_sibling(on(other_port().reversed()), usual));
  auto translated = other_port();
  translated.source.address = other_client;
  CHECK_FALSE(is_of_sibling(on(translated), usual));
  auto elsewhere = other_port();
  elsewhere.destination.port = 80;
  CHECK_FALSE(is_of_sibling(on(elsewhere), usual));
  auto error = on({Transport::icmp, {server, 0}, {client, 0}});
  error.message = Wire::rejected(other_port(), 3, 1000, 0);
  CHECK(is_of_sibling(error, usual));
}

TEST_CASE(
    "Compare: the client's capture alone tells of another attempt than the one that decides") {
  auto wire = around([](Wire& middle) { ask_in_vain(middle); });
  const auto comparison = wire.compare();
  auto alone = alone_dropped();
  CHECK_FALSE(is_about_another(alone, comparison));
  alone.verdict.outcome = Outcome::silent_service;
  CHECK(is_about_another(alone, comparison));
  alone.verdict.outcome = Outcome::intermittent;  // that is of all of them
  CHECK_FALSE(is_about_another(alone, comparison));
}
