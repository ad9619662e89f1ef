// Services that take the connection and say in words that they do not let the client in.
#include <string_view>

#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

TcpSegment says(std::string_view words) {
  auto made = Wire::segment(ack, 5001, 1001, static_cast<std::uint32_t>(words.size()));
  made.text.assign(words.begin(), words.end());
  return made;
}

Wire service(std::uint16_t port, std::string_view words) {
  Wire wire;
  wire.flow.destination.port = port;
  wire.ping(0s);
  handshake(wire);
  wire.back(1100ms, says(words));
  wire.back(1200ms, Wire::segment(fin | ack, 5001 + std::uint32_t(words.size()), 1001));
  wire.ping(9s);
  return wire;
}

}  // namespace

TEST_CASE("Compare: a service that turns its client away in words is not open") {
  for (const auto port : {22, 25, 6379}) {
    const auto words = port == 22     ? "Not allowed at this time\r\n"
                       : port == 6379 ? "-ERR max number of clients reached\r\n"
                                      : "421 4.7.0 Try again later\r\n";
    auto wire = service(static_cast<std::uint16_t>(port), words);
    CHECK(only(wire.compare()).finding == Finding::turned_away);
    const auto verdict = wire.verdict().verdict;
    CHECK(verdict.outcome == Outcome::closed_early);
    REQUIRE(verdict.explanations.size() == 1);
    CHECK(verdict.explanations.front().mechanism == Mechanism::connection_limit);
    CHECK(verdict.culprit.where.kind == CulpritKind::destination);
  }
}

TEST_CASE("Compare: words of another reason than a limit say that it closes, a greeting nothing") {
  auto unwanted = service(25, "554 5.7.1 blocked using a list\r\n");
  CHECK(unwanted.verdict().verdict.explanations.front().mechanism == Mechanism::accept_then_close);
  auto greeting = service(25, "220 mail.example ESMTP\r\n");
  CHECK(only(greeting.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: an answer to what the client asked is no refusal, but where it says so") {
  Wire wire;
  wire.flow.destination.port = 80;
  wire.ping(0s);
  handshake(wire);
  wire.there(1050ms, Wire::segment(ack, 1001, 5001, 20));
  auto answer = says("HTTP/1.1 429 Too many connections");
  answer.acknowledgment = 1021;
  wire.back(1100ms, answer);
  wire.ping(9s);
  CHECK(only(wire.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: words that the server never said are not the server's refusal") {
  Wire wire;
  wire.flow.destination.port = 25;
  wire.ping(0s);
  handshake(wire);
  wire.back(1100ms, says("421 Too many connections"), Seen::at_receiver);
  wire.ping(9s);
  CHECK(only(wire.compare()).finding != Finding::turned_away);
  CHECK(wire.compare().attempts.front().outcome == Outcome::closed_early);
}
