// A client that was served and says goodbye, again and again.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

/// It got its answer, and its FIN is `seen` so.
Wire says_goodbye(Seen seen, const std::function<void(Wire&)>& more) {
  Wire wire;
  wire.ping(0s);
  handshake(wire);
  wire.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
  wire.back(1200ms, Wire::segment(ack, 5001, 1101, 1400));
  for (const auto at : {1300ms, 1500ms, 1900ms, 2700ms})
    wire.there(at, Wire::segment(fin | ack, 1101, 6401), seen);
  more(wire);
  wire.ping(30s);
  return wire;
}

std::string told(Wire& wire) {
  CHECK(only(wire.compare()).finding == Finding::answered);
  CHECK(wire.verdict().verdict.outcome == Outcome::open);
  return only(wire.compare()).text;
}

}  // namespace

TEST_CASE("Compare: a client's FIN that gets lost is no fault, and is told") {
  auto wire = says_goodbye(Seen::at_sender, [](Wire&) {});
  CHECK(holds(told(wire), "FIN left the client 4 times and never arrived"));
  CHECK(holds(told(wire), "for the server it is still open"));
  CHECK(only(wire.compare()).client_packets.size() == 5);
}

TEST_CASE("Compare: a client's FIN of which the answers get lost is told") {
  auto wire = says_goodbye(Seen::both, [](Wire& made) {
    for (const auto at : {1310ms, 1510ms, 1910ms, 2710ms})
      made.back(at, Wire::segment(ack, 6401, 1102), Seen::at_sender);
  });
  CHECK(holds(told(wire), "FIN left the client 4 times and arrived"));
  CHECK(holds(told(wire), "acknowledgment of it left the server 4 times and never arrived"));
}

TEST_CASE("Compare: a FIN is told only where nobody answers it and the copies are no chance") {
  SECTION("an answer that comes late") {
    auto wire = says_goodbye(Seen::at_sender, [](Wire& made) {
      made.there(4s, Wire::segment(fin | ack, 1101, 6401));
      made.back(4100ms, Wire::segment(fin | ack, 6401, 1102));
    });
    CHECK_FALSE(holds(told(wire), "FIN"));
  }
  SECTION("the server's capture has ended") {
    auto wire = says_goodbye(Seen::at_sender, [](Wire&) {});
    std::erase_if(wire.far, [](const Observation& packet) { return packet.at > TimePoint(2s); });
    CHECK_FALSE(holds(only(wire.compare()).text, "FIN"));
  }
}
