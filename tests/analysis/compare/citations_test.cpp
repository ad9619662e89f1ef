// Every sentence that speaks of packets names some.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

void check_cited(Wire& wire) {
  for (const auto& explanation : wire.verdict(alone_dropped()).verdict.explanations)
    for (const auto& evidence : explanation.because) {
      CAPTURE(evidence.text.str());
      CHECK_FALSE(evidence.packets.empty());
    }
}

const Explanation* find(const Verdict& verdict, Mechanism mechanism) {
  const auto found = std::ranges::find(verdict.explanations, mechanism, &Explanation::mechanism);
  return found == verdict.explanations.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("Compare: packets that arrived in between are cited, with the numbers of both ends") {
  auto wire = around([](Wire& middle) {
    ask_in_vain(middle);
    middle.ping(3s);
  });
  const auto verdict = wire.verdict().verdict;
  const auto* filter = find(verdict, Mechanism::filter_drop);
  REQUIRE(filter);
  REQUIRE(filter->because.size() == 2);
  const auto& others = filter->because.back();
  CHECK(holds(others.text.str(), "in between. (server packet 3)"));
  REQUIRE(others.packets.size() == 1);
  CHECK(std::ranges::find(wire.here, others.packets.front(), &Observation::frame)->at ==
        TimePoint(3s));
  check_cited(wire);
}

TEST_CASE("Compare: packets that arrived before and after, and pings that did not, are cited") {
  auto wire = around([](Wire& middle) {
    ask_in_vain(middle);
    IcmpEcho echo{false, 7, 99};
    Wire::put(middle.here, middle.packet({Transport::icmp, {client, 0}, {server, 0}}, 64, echo),
              3s);
  });
  const auto verdict = wire.verdict().verdict;
  CHECK(find(verdict, Mechanism::filter_drop)->because.back().packets.size() == 2);
  check_cited(wire);
}

TEST_CASE("Compare: what is said of a forged packet's way is cited") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 63);
  });
  check_cited(wire);
  Wire same;
  same.ping(0s);
  same.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
  same.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver);
  same.ping(9s);
  check_cited(same);
}

TEST_CASE("Compare: what is said of a RST without acknowledgment, and of a translator, is cited") {
  auto bare = around([](Wire& middle) {
    handshake(middle);
    middle.back(2s, Wire::segment(rst, 5001, 0));
  });
  check_cited(bare);
  auto translated = around([](Wire& middle) {
    middle.nat_there = [](Observation& packet) { packet.flow.source = {other_client, 61000}; };
    middle.as_sent = [](Observation& packet) { packet.flow.destination = {other_client, 61000}; };
    handshake(middle);
    for (const auto at : {4s, 5s, 7s})
      middle.there(at, Wire::segment(ack, 1001, 5001, 100), Seen::at_sender);
    middle.nat_there = middle.as_sent = [](auto&) {};
  });
  check_cited(translated);
}

TEST_CASE("Compare: what the client's capture alone leaves open is cited") {
  auto wire = around(ask_in_vain);
  std::erase_if(wire.far, [](const Observation& packet) {
    return std::holds_alternative<TcpSegment>(packet.message);
  });
  check_cited(wire);
  Wire blind;
  ask_in_vain(blind);
  blind.far.push_back(
      blind.packet({Transport::icmp, {other_client, 0}, {server, 0}}, 64, IcmpEcho{false, 1, 1}));
  check_cited(blind);
}
