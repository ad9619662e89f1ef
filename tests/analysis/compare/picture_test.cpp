// Which packets of an attempt the picture of both ends shows.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

TEST_CASE("Compare: the picture has every packet of the attempt, matched across and in order") {
  Wire wire;
  wire.offset = 3s;
  wire.nat_there = [](Observation& packet) { packet.flow.source.port = 61000; };
  wire.as_sent = [](Observation& packet) { packet.flow.destination.port = 61000; };
  wire.ping(0s);
  for (const auto at : {1s, 2s}) {
    wire.there(at, Wire::segment(syn, 1000, 0));
    wire.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
  }
  wire.back(3s, Wire::segment(rst, 5001, 0), Seen::at_receiver);
  wire.ping(9s);
  const auto comparison = wire.compare();
  REQUIRE(comparison.decisive == 0);
  std::vector<std::string> words;
  for (const auto& crossing : comparison.crossings)
    words.push_back(crossing.words + ", " + to_string(crossing.fate));
  CHECK(words == std::vector<std::string>{"SYN, arrived", "SYN/ACK, lost", "SYN again, arrived",
                                          "SYN/ACK again, lost", "RST, never-sent"});
  const auto& first = comparison.crossings.front();
  REQUIRE((first.client && first.server));
  CHECK(first.server->at - first.client->at == 10ms);  // the clocks are 3 s apart
  CHECK(first.changed == std::vector{Field::source_port});
  CHECK_FALSE(comparison.crossings[1].client);
}

TEST_CASE("Compare: of a long connection the picture keeps what did not arrive") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (std::uint32_t i = 0; i < 100; ++i)
      middle.there(2s + i * 10ms, Wire::segment(ack, 1001 + i, 5001, 1),
                   i == 90 ? Seen::at_sender : Seen::both);
  });
  const auto comparison = wire.compare();
  CHECK(comparison.crossings.size() == 32);
  CHECK(comparison.left_out == LeftOut{71, 71});
  CHECK(std::ranges::count(comparison.crossings, Fate::lost, &Crossing::fate) == 1);
}

TEST_CASE("Compare: what the picture leaves out need not have arrived") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (std::uint32_t i = 0; i < 50; ++i)
      middle.there(2s + i * 10ms, Wire::segment(ack, 1001 + i, 5001, 1), Seen::at_sender);
  });
  CHECK(wire.compare().left_out == LeftOut{21, 0});
}
