// Connections that a device on the way cuts: it says so, or answers in place of what it swallows.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

const IpAddress near_router = IpAddress::v4(0xc6336402);

/// The second router tells the client something about its segment with that number.
void tell_client(Wire& wire, Duration at, std::uint8_t code, std::uint32_t sequence) {
  const auto error = Wire::rejected(wire.flow, code, sequence, 1300);
  Wire::put(wire.here, wire.packet({Transport::icmp, {near_router, 0}, {client, 0}}, 63, error),
            at);
}

/// A download on which what the client says does not arrive any more from two seconds on.
Wire cut_download(std::optional<std::uint8_t> code) {
  return around([&](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 20));
    middle.back(1120ms, Wire::segment(ack, 5001, 1021, 1000));
    for (const auto at : {2s, 3s, 5s}) {
      middle.back(at, Wire::segment(ack, 6001, 1021, 1000));
      middle.there(at + 20ms, Wire::segment(ack, 1021, 7001), Seen::at_sender);
      if (code) tell_client(middle, at + 21ms, *code, 1021);
    }
    middle.there(6s, Wire::segment(fin | ack, 1021, 7001), Seen::at_sender);
  });
}

Analysis alone_open() {
  Analysis alone;
  alone.verdict.outcome = Outcome::open;
  alone.verdict.explanations.push_back({Mechanism::listening, 1, {}, {}, {}, {}});
  return alone;
}

/// A large segment that does not arrive, again and again.
Wire upload_of_large(bool to_the_end) {
  return around([&](Wire& middle) {
    handshake(middle);
    for (const auto at : {1100ms, 1300ms, 1700ms, 2500ms}) {
      middle.there(at, Wire::segment(ack, 1001, 5001, 1448), Seen::at_sender);
      if (at < 1200ms || to_the_end) tell_client(middle, at + 1ms, 4, 1001);
    }
  });
}

}  // namespace

TEST_CASE("Compare: a router that rejects acknowledgments only is named, with its hop") {
  auto wire = cut_download(13);
  const auto finding = only(wire.compare());
  CHECK(finding.finding == Finding::data_lost);
  CHECK(finding.way == Way::there);
  CHECK(finding.stranger_address == near_router);
  CHECK(holds(finding.text, "4 packets left the client"));
  const auto verdict = wire.verdict(alone_open()).verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.explanations.front().mechanism == Mechanism::icmp_reject_router);
  CHECK(verdict.culprit.where ==
        Where{CulpritKind::router, std::uint8_t{2}, std::uint8_t{2}, near_router});
}

TEST_CASE("Compare: a message after which packets arrive again rejected but a few") {
  auto wire = cut_download(13);
  wire.there(7s, Wire::segment(ack, 1022, 7001));
  CHECK(only(wire.compare()).stranger_address == std::nullopt);
}

TEST_CASE("Compare: the picture says whose message it is") {
  const auto comparison = cut_download(13).compare();
  CHECK(std::ranges::count(comparison.crossings, std::optional(near_router), &Crossing::made_by) ==
        3);
}

TEST_CASE("Compare: a client that does not heed that its packets are too big") {
  SECTION("may not get the messages") {
    auto wire = upload_of_large(true);
    const auto verdict = wire.verdict().verdict;
    CHECK(verdict.culprit.confidence == Confidence::strong);
    REQUIRE(verdict.explanations.size() == 2);
    CHECK(verdict.explanations[0].mechanism == Mechanism::local_input_filter);
    CHECK(verdict.explanations[1].where.address == near_router);
  }
  SECTION("once is no proof") { CHECK_FALSE(only(upload_of_large(false).compare()).too_big); }
}

TEST_CASE("Compare: a RST in place of an acknowledgment, after which nothing arrives") {
  const auto reset_after = [](Seen later) {
    return around([&](Wire& middle) {
      handshake(middle);
      middle.back(1100ms, Wire::segment(ack, 5001, 1001, 1000));
      middle.there(1120ms, Wire::segment(ack, 1001, 6001), Seen::at_sender);
      middle.back(1115ms, Wire::segment(rst, 6001, 0), Seen::at_receiver, 63);
      middle.back(1200ms, Wire::segment(ack, 6001, 1001, 1000));
      middle.there(1220ms, Wire::segment(rst, 1001, 0), later);
    });
  };
  auto cut = reset_after(Seen::at_sender);
  CHECK(only(cut.compare()).finding == Finding::reset_instead);
  CHECK(cut.verdict().verdict.explanations.front().mechanism == Mechanism::middlebox_reset);
  CHECK(cut.verdict().verdict.culprit.where.last_hop == std::uint8_t{2});
  CHECK(only(reset_after(Seen::both).compare()).finding == Finding::reset_injected);
}

TEST_CASE("Compare: a RST to the server in place of what it said") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {1100ms, 1300ms})
      middle.back(at, Wire::segment(ack, 5001, 1001, 1000), Seen::at_sender);
    auto reset = middle.packet(middle.flow, 63, Wire::segment(rst, 1001, 0));
    Wire::put(middle.far, reset, 1301ms);
  });
  CHECK(only(wire.compare()).finding == Finding::reset_instead);
  CHECK(only(wire.compare()).way == Way::there);
  CHECK(wire.verdict().verdict.culprit.where.first_hop == std::uint8_t{2});
}

TEST_CASE("Compare: a client whose kernel answers with RSTs does not drop what comes") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(1050ms, Wire::segment(fin | ack, 1001, 5001), Seen::at_sender);
    for (const auto at : {1100ms, 1300ms, 1700ms, 2500ms}) {
      auto data = Wire::segment(ack, 5001, 1001, 100);
      data.window = 1000;
      middle.back(at, data);
      middle.there(at + 20ms, Wire::segment(rst, 1001, 0), Seen::at_sender);
    }
  });
  CHECK(only(wire.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: what small data waited for before it got lost") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {6000ms, 6200ms, 7000ms})
      middle.there(at, Wire::segment(ack, 1001, 5001, 20), Seen::at_sender);
  });
  CHECK(holds(only(wire.compare()).text, "nothing had been said for 5.0 s"));
}
