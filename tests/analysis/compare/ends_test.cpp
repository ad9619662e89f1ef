// How a connection that was made ends, and what the client took in before.
#include <cerrno>

#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

TcpSegment saying(std::string_view words, std::uint32_t sequence, std::uint32_t acknowledges) {
  auto made = Wire::segment(ack, sequence, acknowledges, std::uint32_t(words.size()));
  made.text.assign(words.begin(), words.end());
  return made;
}

constexpr std::string_view request = "GET / HTTP/1.1\r\n\r\n";
constexpr auto asked = static_cast<std::uint32_t>(request.size());

/// The server answers one request, idles and says with a FIN that it is done.
Wire idle_close() {
  return around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, saying(request, 1001, 5001));
    middle.back(1120ms, Wire::segment(ack, 5001, 1001 + asked, 200));
    middle.back(3s, Wire::segment(fin | ack, 5201, 1001 + asked));
    middle.there(3050ms, Wire::segment(ack, 1001 + asked, 5202));
  });
}

/// The program answers after `thinks`; the client gives up after five seconds.
Wire slow(Duration thinks) {
  Wire wire;
  wire.flow.destination.port = 80;
  wire.ping(0s);
  handshake(wire);
  wire.there(1100ms, saying(request, 1001, 5001));
  wire.back(1120ms, Wire::segment(ack, 5001, 1001 + asked));
  wire.there(6s, Wire::segment(fin | ack, 1001 + asked, 5001));
  wire.back(1s + thinks, Wire::segment(ack, 5001, 1002 + asked, 20));
  wire.ping(20s);
  return wire;
}

}  // namespace

TEST_CASE("Compare: a client that asks once more after the server's FIN is reset") {
  auto wire = idle_close();
  SECTION("with a question") {
    wire.there(5s, saying(request, 1001 + asked, 5202));
    wire.back(5010ms, Wire::segment(rst, 5202, 0));
    CHECK(only(wire.compare()).finding == Finding::closed_by_server);
    CHECK(only(wire.compare()).client_packets.size() == 2);
    CHECK(holds(only(wire.compare()).text, "sooner than its client expects"));
    CHECK(wire.verdict().verdict.outcome == Outcome::closed_early);
  }
  SECTION("that says goodbye was served") {
    wire.there(5s, saying("QUIT\r\n", 1001 + asked, 5202));
    wire.back(5010ms, Wire::segment(rst, 5202, 0));
    CHECK(only(wire.compare()).finding == Finding::answered);
    CHECK(wire.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("Compare: what the server says when the client has gone is no answer") {
  auto wire = slow(9s);
  SECTION("its kernel resets it") {
    wire.there(10020ms, Wire::segment(rst, 1002 + asked, 0));
    CHECK(only(wire.compare()).finding == Finding::server_silent);
    CHECK(holds(only(wire.compare()).text, "given up"));
    CHECK(wire.verdict().verdict.outcome == Outcome::silent_service);
  }
  SECTION("after a FIN alone it may still read") {
    wire.there(10020ms, Wire::segment(ack, 1002 + asked, 5021));
    CHECK(only(wire.compare()).finding == Finding::answered);
  }
}

TEST_CASE("Compare: the application sees what became of the attempt that is told of") {
  Analysis alone;  // of another attempt
  alone.verdict.outcome = Outcome::silent_service;
  alone.app_sees = {0, false};
  alone.service.spoke = true;
  const auto sees = [&](const std::function<void(Wire&)>& middle) {
    const auto analysis = around(middle).verdict(alone);
    return std::pair(analysis.verdict.outcome, analysis.app_sees.error);
  };
  CHECK(sees([](Wire& middle) {
          middle.there(1s, Wire::segment(syn, 1000, 0));
          middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
        }) == std::pair(Outcome::refused, std::optional(ECONNREFUSED)));
  CHECK(sees([](Wire& middle) { ask_in_vain(middle); }) ==
        std::pair(Outcome::dropped, std::optional(ETIMEDOUT)));
  CHECK(sees([](Wire& middle) {
          middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
          const auto error = Wire::rejected(middle.flow, 13, 1000, 0);
          Wire::put(middle.here,
                    middle.packet({Transport::icmp, {server, 0}, {client, 0}}, 61, error),
                    1s + 5ms);
        }) == std::pair(Outcome::rejected, std::optional(EHOSTUNREACH)));
  CHECK(sees([](Wire& middle) { handshake(middle); }) ==
        std::pair(Outcome::open, std::optional(0)));
}

TEST_CASE(
    "Compare: the server's only words were cut in pieces on their way, and then it was done") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.back(1100ms, Wire::segment(ack, 5001, 1001, 2800), Seen::at_sender);
    middle.back(1100ms, Wire::segment(ack, 5001, 1001, 1400), Seen::at_receiver);
    middle.back(1100ms, Wire::segment(ack, 6401, 1001, 1400), Seen::at_receiver);
    middle.there(1120ms, Wire::segment(ack, 1001, 7801));
    middle.back(2s, Wire::segment(fin | ack, 7801, 1001));
    middle.there(2020ms, Wire::segment(fin | ack, 1001, 7802));
  });
  CHECK(only(wire.compare()).finding == Finding::answered);
  CHECK(only(wire.compare()).outcome == Outcome::open);
  CHECK(wire.verdict().verdict.culprit.confidence == Confidence::certain);
}
