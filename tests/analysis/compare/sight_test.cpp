// What kinds of packets a capture shows.
#include "analysis/compare/sight.hpp"
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

const Names service{{server}, {443}};

Observation of_server(Transport transport, Message message) {
  Observation packet;
  packet.flow = {transport, {server, 0}, {client, 0}};
  packet.message = std::move(message);
  return packet;
}

Sight seen(std::vector<Observation> packets) {
  return sight_of(Sorted(Wire::side(packets), End::client, 0), service);
}

}  // namespace

TEST_CASE("Compare: a ping of either family shows that ICMP is not filtered out") {
  const auto transport = GENERATE(Transport::icmp, Transport::icmp6);
  const std::vector packets{of_server(transport, IcmpEcho{true, 7, 1})};
  const auto rejected = of_server(transport, IcmpError{});
  CHECK(shows(seen(packets), rejected, Way::back));
}

TEST_CASE("Compare: who repeats himself and hears nothing does not show that a filter hides it") {
  const bool heard = GENERATE(false, true);
  auto wire = around([&](Wire& middle) {
    ask_in_vain(middle);
    middle.flow.source.port = 39000;  // an older connection, whose acknowledgments get lost
    for (const auto at : {1s, 2s, 4s}) middle.back(at, Wire::segment(fin | ack, 77, 99));
    if (heard) middle.back(5s, Wire::segment(ack, 78, 150));
    middle.flow = usual;
  });
  const auto comparison = wire.compare();
  const auto asked = std::ranges::find(comparison.attempts, usual, &AttemptFinding::at_client);
  REQUIRE(asked != comparison.attempts.end());
  CHECK(asked->finding == (heard ? Finding::not_shown : Finding::request_lost));
}

TEST_CASE("Compare: segments without their flags hide what they are") {
  const auto port = GENERATE(std::uint16_t{443}, std::uint16_t{0});
  auto cut = of_server(Transport::tcp, Unreadable{"TCP header cut off"});
  cut.flow.source.port = port;
  const auto whole = of_server(Transport::tcp, Wire::segment(syn | ack, 1, 2));
  CHECK_FALSE(shows(seen({cut}), whole, Way::back));
  cut.fragment = true;
  CHECK(shows(seen({cut}), whole, Way::back));
}

TEST_CASE("Compare: a capture whose segments are cut loses no SYN") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  });
  for (auto& packet : wire.far)
    if (std::holds_alternative<TcpSegment>(packet.message))
      packet.message = Unreadable{"TCP header cut off"};
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(wire.verdict(), CaveatId::not_covered), "snap length"));
  std::erase_if(wire.far,
                [](const Observation& packet) { return packet.flow.source.address == server; });
  CHECK(holds(caveat(wire.verdict(), CaveatId::not_covered), "snap length"));
}
