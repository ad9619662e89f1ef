// Connections that complete and then come to nothing, seen from both ends.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

TEST_CASE("Compare: data whose copies all get lost is blocked; a copy that arrives is enough") {
  auto blocked = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s, 4s})
      middle.there(at, Wire::segment(ack, 1001, 5001, 1400), Seen::at_sender);
  });
  CHECK(only(blocked.compare()).finding == Finding::data_lost);
  CHECK(blocked.verdict().verdict.explanations.front().mechanism == Mechanism::data_blocked);
  auto repeated = around([](Wire& middle) {
    handshake(middle);
    middle.there(2s, Wire::segment(ack, 1001, 5001, 1400), Seen::at_sender);
    middle.there(3s, Wire::segment(ack, 1001, 5001, 1400));
  });
  CHECK(only(repeated.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: a segment that offload splits is not lost") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(2s, Wire::segment(ack, 1001, 5001, 2800), Seen::at_sender);
    middle.there(2s, Wire::segment(ack, 1001, 5001, 1400), Seen::at_receiver);
    middle.there(2s, Wire::segment(ack, 2401, 5001, 1400), Seen::at_receiver);
  });
  CHECK(only(wire.compare()).finding == Finding::answered);
  CHECK(wire.compare().lost_there == 0);
}

TEST_CASE("Compare: a copy that gets lost is counted, though another brings its bytes") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.back(2s, Wire::segment(ack, 5001, 1001, 1400), Seen::at_sender);
    middle.back(2100ms, Wire::segment(ack, 6401, 1001, 1400));
    middle.back(2300ms, Wire::segment(ack, 5001, 1001, 1400));
  });
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::answered);
  CHECK(comparison.lost_back == 1);
}

TEST_CASE("Compare: a copy of what offload joined on its way is not lost") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.back(2s, Wire::segment(ack, 5001, 1001, 1400), Seen::at_sender);
    middle.back(2s, Wire::segment(ack, 6401, 1001, 1400), Seen::at_sender);
    middle.back(2s, Wire::segment(ack, 5001, 1001, 2800), Seen::at_receiver);
    middle.back(2300ms, Wire::segment(ack, 5001, 1001, 1400));
  });
  CHECK(wire.compare().lost_back == 0);
}

TEST_CASE("Compare: the service that closes without a word, and a client deaf to the answer") {
  auto closed = around([](Wire& middle) {
    handshake(middle);
    middle.back(2s, Wire::segment(fin | ack, 5001, 1001));
  });
  CHECK(only(closed.compare()).finding == Finding::closed_by_server);
  auto deaf = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s, 8s}) {
      middle.there(at, Wire::segment(syn, 1000, 0));
      middle.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001));
    }
  });
  CHECK(only(deaf.compare()).finding == Finding::answer_ignored);
  CHECK(deaf.verdict().verdict.culprit.where.kind == CulpritKind::this_host);
}

TEST_CASE("Compare: a service that ought to greet and does not is to blame itself") {
  Wire wire;
  wire.flow.destination.port = 22;
  wire.ping(0s);
  handshake(wire);
  wire.ping(9s);
  CHECK(only(wire.compare()).finding == Finding::server_silent);
  CHECK(wire.verdict().verdict.culprit.where.kind == CulpritKind::destination);
}

namespace {

/// The same bytes again and again, of the client or of the server.
void repeat(Wire& wire, bool client_says, Seen seen = Seen::both) {
  for (const auto at : {1100ms, 1300ms, 1700ms, 2500ms, 4100ms})
    if (client_says)
      wire.there(at, Wire::segment(ack, 1001, 5001, 100), seen);
    else
      wire.back(at, Wire::segment(ack, 5001, 1001, 100), seen);
}

}  // namespace

TEST_CASE("Compare: bytes that arrive and are never acknowledged") {
  SECTION("by the server") {
    auto wire = around([](Wire& middle) {
      handshake(middle);
      repeat(middle, true);
    });
    CHECK(only(wire.compare()).finding == Finding::data_ignored);
    const auto verdict = wire.verdict().verdict;
    CHECK(verdict.outcome == Outcome::silent_service);
    CHECK(verdict.culprit.where.kind == CulpritKind::destination);
    CHECK(verdict.culprit.confidence == Confidence::strong);
  }
  SECTION("by the client") {
    auto wire = around([](Wire& middle) {
      handshake(middle);
      repeat(middle, false);
    });
    CHECK(wire.verdict().verdict.outcome == Outcome::local);
  }
  SECTION("as far as the client hears: the acknowledgments are lost") {
    auto wire = around([](Wire& middle) {
      handshake(middle);
      repeat(middle, true);
      for (const auto at : {1120ms, 1320ms, 1720ms, 2520ms, 4120ms})
        middle.back(at, Wire::segment(ack, 5001, 1101), Seen::at_sender);
    });
    CHECK(only(wire.compare()).finding == Finding::data_lost);
    CHECK(only(wire.compare()).way == Way::back);
  }
  SECTION("in part") {
    Wire wire = around([](Wire& middle) { handshake(middle); });
    repeat(wire, true, Seen::at_sender);
    for (const auto at : {1100ms, 1300ms, 1700ms, 2500ms, 4100ms})
      wire.there(at, Wire::segment(ack, 1001, 5001, 60), Seen::at_receiver);
    CHECK(only(wire.compare()).finding == Finding::data_lost);
    CHECK(holds(only(wire.compare()).text, "only a part of them arrived."));
  }
  SECTION("at first") {
    auto wire = around([](Wire& middle) {
      handshake(middle);
      repeat(middle, true);
      middle.back(5s, Wire::segment(ack, 5001, 1101));
    });
    CHECK(only(wire.compare()).finding == Finding::answered);
  }
}

TEST_CASE("Compare: a server whose program does not read") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
    for (const auto at : {1200ms, 2200ms, 4200ms, 8200ms}) {
      middle.back(at, Wire::segment(ack, 5001, 1101));
      middle.there(at + 500ms, Wire::segment(ack, 1100, 5001));
    }
  });
  for (auto* capture : {&wire.here, &wire.far})
    for (auto& packet : *capture)
      if (packet.flow.source.address == server && packet.at > TimePoint(1150ms))
        if (auto* segment = std::get_if<TcpSegment>(&packet.message)) segment->window = 0;
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  CHECK(holds(only(wire.compare()).text, "window of 0"));
  CHECK_FALSE(holds(wire.verdict().verdict.explanations.front().settled_by.str(), "rules"));
}

TEST_CASE("Compare: keepalives that get lost are lost on the way") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
    middle.back(1120ms, Wire::segment(ack, 5001, 1101));
    for (const auto at : {3s, 4s, 5s, 6s})
      middle.there(at, Wire::segment(ack, 1100, 5001), Seen::at_sender);
  });
  CHECK(only(wire.compare()).finding == Finding::data_lost);
  CHECK(only(wire.compare()).way == Way::there);
}

TEST_CASE("Compare: copies that nobody looked for do not make lost ones arrive") {
  Wire wire;
  handshake(wire, 0s);
  wire.there(30ms, Wire::segment(ack, 1001, 5001, 10));
  wire.back(50ms, Wire::segment(ack, 5001, 1011));
  for (const auto at : {100ms, 300ms, 700ms, 1500ms, 3100ms})
    wire.there(at, Wire::segment(ack, 1011, 5001, 1448), Seen::at_sender);
  std::erase_if(wire.far, [](const auto& packet) { return packet.at > TimePoint(600ms); });
  const auto mine = std::exchange(wire.flow, {Transport::tcp, {other_client, 1234}, {server, 443}});
  wire.there(500ms, Wire::segment(ack, 77, 99), Seen::at_receiver);
  wire.flow = mine;
  CHECK(only(wire.compare()).finding == Finding::data_lost);
  CHECK(only(wire.compare()).lost == 2);
}

TEST_CASE("Compare: a client that waited for the greeting and went away") {
  Wire wire;
  wire.flow.destination.port = 22;
  wire.ping(0s);
  handshake(wire);
  wire.there(6s, Wire::segment(fin | ack, 1001, 5001));
  wire.ping(7s);
  CHECK(only(wire.compare()).finding == Finding::server_silent);
}

TEST_CASE("Compare: a request that arrives and is never answered") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    auto hello = Wire::segment(ack, 1001, 5001, 9);
    hello.text = {0x16, 0x03, 0x01, 0, 4, 1, 0, 0, 0};
    middle.there(1100ms, hello);
    middle.back(1120ms, Wire::segment(ack, 5001, 1010));
    middle.there(7s, Wire::segment(fin | ack, 1010, 5001));
  });
  CHECK(only(wire.compare()).finding == Finding::server_silent);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  // Who holds clients up would not take it.
  CHECK(verdict.explanations.front().mechanism == Mechanism::data_blocked);
  CHECK(verdict.explanations.back().mechanism == Mechanism::tarpit);
  CHECK(verdict.explanations.back().rank == 2);
  CHECK(holds(only(wire.compare()).text, "acknowledged it"));
}

TEST_CASE("Compare: a SYN proxy that never opens its window keeps the client waiting") {
  const auto open_window = GENERATE(false, true);
  auto wire = around([&](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    auto shut = Wire::segment(syn | ack, 7000, 1001);
    shut.window = 0;
    middle.back(1s, shut, Seen::at_receiver, 63);
    middle.there(1020ms, Wire::segment(ack, 1001, 7001), Seen::at_sender);
    // Of the host behind it, whose numbers are not the proxy's.
    middle.back(2s, Wire::segment(ack, open_window ? 7001 : 123'456, 1001), Seen::at_receiver);
  });
  CHECK(only(wire.compare()).finding == Finding::answer_invented);
  CHECK(wire.verdict().verdict.outcome == (open_window ? Outcome::open : Outcome::silent_service));
}

TEST_CASE("Compare: a service that has spoken and then resets ends the connection all the same") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.back(1100ms, Wire::segment(ack, 5001, 1001, 20));
    middle.there(1150ms, Wire::segment(ack, 1001, 5021));
  });
  SECTION("with a RST") {
    wire.back(2s, Wire::segment(rst | ack, 5021, 1001));
    CHECK(only(wire.compare()).finding == Finding::closed_by_server);
    CHECK(wire.verdict().verdict.outcome == Outcome::closed_early);
    CHECK(wire.verdict().verdict.explanations.size() == 1);
  }
  SECTION("a RST that acknowledges nothing may be a rule's") {
    wire.back(2s, Wire::segment(rst, 5021, 0));
    const auto verdict = wire.verdict().verdict;
    CHECK(verdict.outcome == Outcome::closed_early);
    REQUIRE(verdict.explanations.size() == 2);
    CHECK(verdict.explanations.back().mechanism == Mechanism::host_firewall_reset);
    CHECK(verdict.explanations.back().rank == 1);
  }
  SECTION("a FIN is an orderly end") {
    wire.back(2s, Wire::segment(fin | ack, 5021, 1001));
    CHECK(only(wire.compare()).finding == Finding::answered);
  }
  SECTION("after the client's own end it is no news") {
    wire.there(2s, Wire::segment(fin | ack, 1001, 5021));
    wire.back(2010ms, Wire::segment(rst | ack, 5021, 1002));
    CHECK(only(wire.compare()).finding == Finding::answered);
  }
}

TEST_CASE("Compare: keepalives that get lost after some that arrived are lost") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 10));
    middle.back(1150ms, Wire::segment(ack, 5001, 1011, 10));
    middle.there(3s, Wire::segment(ack, 1010, 5011));
    middle.back(3010ms, Wire::segment(ack, 5011, 1011));
    for (const auto at : {4s, 5s, 6s})
      middle.there(at, Wire::segment(ack, 1010, 5011), Seen::at_sender);
  });
  CHECK(only(wire.compare()).finding == Finding::data_lost);
  CHECK(only(wire.compare()).lost == 3);
}

TEST_CASE("Compare: a message that rejects the data names who sent it") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {2s, 3s, 5s}) {
      middle.there(at, Wire::segment(ack, 1001, 5001, 100), Seen::at_sender);
      IcmpError error;
      error.type = 3;
      error.code = 13;
      error.quote.emplace();
      error.quote->flow = usual;
      error.quote->tcp_sequence = 1001;
      auto packet =
          middle.packet({Transport::icmp, {IpAddress::v4(0xc6336402), 0}, {client, 0}}, 63, error);
      Wire::put(middle.here, packet, at + 1ms);
    }
  });
  const auto finding = only(wire.compare());
  CHECK(finding.finding == Finding::data_lost);
  CHECK(finding.stranger_address == IpAddress::v4(0xc6336402));
}

TEST_CASE("Compare: data that is repeated when nobody looked, and then acknowledged, arrived") {
  Wire wire;
  wire.ping(0s);
  handshake(wire);
  SECTION("all of it") {
    wire.ping(2s);
    for (const auto at : {4s, 5s, 7s, 11s})
      wire.there(at, Wire::segment(ack, 1001, 5001, 100), Seen::at_sender);
  }
  SECTION("after two copies that got lost") {
    for (const auto at : {1100ms, 1300ms, 2500ms, 4100ms})
      wire.there(at, Wire::segment(ack, 1001, 5001, 100), Seen::at_sender);
    wire.ping(2s);
  }
  wire.back(12s, Wire::segment(ack, 5001, 1101), Seen::at_receiver);
  CHECK(only(wire.compare()).finding == Finding::answered);
}

TEST_CASE("Compare: data that is repeated when nobody looked is no success") {
  Wire wire;
  wire.ping(0s);
  handshake(wire);
  wire.ping(2s);
  for (const auto at : {4s, 5s, 7s, 11s})
    wire.there(at, Wire::segment(ack, 1001, 5001, 100), Seen::at_sender);
  CHECK(only(wire.compare()).finding == Finding::not_covered);
  auto alone = alone_dropped();
  CHECK(wire.verdict(alone).verdict.outcome == alone.verdict.outcome);
}

TEST_CASE("Compare: a FIN that nobody acknowledges, again and again") {
  const auto leaves = [](Seen first) {
    Wire wire;
    wire.ping(0s);
    handshake(wire);
    wire.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
    wire.back(1200ms, Wire::segment(ack, 5001, 1101, 1400));
    for (const auto at : {14s, 15s, 17s, 21s})
      wire.there(at, Wire::segment(fin | ack, 1101, 6401), at == 14s ? first : Seen::at_sender);
    return wire;
  };
  SECTION("after the server's capture has ended") {
    CHECK(only(leaves(Seen::at_sender).compare()).finding == Finding::not_covered);
  }
  SECTION("and that does not arrive") {
    auto wire = leaves(Seen::at_sender);
    wire.ping(30s);
    CHECK(only(wire.compare()).finding == Finding::data_lost);
    CHECK(only(wire.compare()).lost == 4);
  }
  SECTION("whose acknowledgment may have got lost") {
    auto wire = leaves(Seen::both);
    wire.ping(30s);
    CHECK(only(wire.compare()).finding == Finding::answered);
  }
  SECTION("after all that was due") {
    auto wire = leaves(Seen::at_sender);
    wire.back(2s, Wire::segment(fin | ack, 6401, 1101));
    wire.ping(30s);
    CHECK(only(wire.compare()).finding == Finding::answered);
  }
  SECTION("of a client that closes as soon as it has its answer") {
    auto wire = leaves(Seen::at_sender);
    for (const auto at : {1250ms, 1450ms, 1900ms, 2700ms})
      wire.there(at, Wire::segment(fin | ack, 1101, 6401), Seen::at_sender);
    for (const auto at : {1260ms, 1460ms, 1910ms, 2710ms})
      wire.back(at, Wire::segment(fin | ack, 6401, 1101), Seen::at_sender);
    wire.ping(30s);
    CHECK(only(wire.compare()).finding == Finding::answered);
    CHECK(wire.verdict().verdict.outcome == Outcome::open);
  }
}

TEST_CASE("Compare: small segments that are lost are no matter of the path's packet size") {
  const auto lost = [](std::uint32_t bytes) {
    return around([&](Wire& middle) {
      handshake(middle);
      for (const auto at : {2s, 3s, 5s})
        middle.there(at, Wire::segment(ack, 1001, 5001, bytes), Seen::at_sender);
    });
  };
  CHECK(only(lost(200).compare()).small_lost);
  CHECK_FALSE(only(lost(1400).compare()).small_lost);
  const auto settle = [&](std::uint32_t bytes) {
    return lost(bytes).verdict().verdict.explanations.front().settled_by.str();
  };
  CHECK_FALSE(holds(settle(200), "large"));
  CHECK(holds(settle(1400), "large"));
}

namespace {

/// The server repeats itself although the client's acknowledgments come there; it says why, or not.
Wire deaf_server(bool says_so) {
  return around([&](Wire& middle) {
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 100));
    for (const auto at : {1200ms, 1500ms, 2200ms, 3600ms, 6000ms}) {
      middle.back(at, Wire::segment(ack, 5001, 1101, 1400));
      middle.there(at + 20ms, Wire::segment(ack, 1101, 6401));
      if (!says_so) continue;
      auto error = Wire::rejected(middle.flow, 3, 1101, 0);
      auto made = middle.packet({Transport::icmp, {server, 0}, {client, 0}}, 64, error);
      Wire::put(middle.far, made, at + 31ms);
      made.hop_limit.value -= routers;
      Wire::put(middle.here, made, at + 41ms);
    }
  });
}

}  // namespace

TEST_CASE("Compare: a server that goes on as if nothing arrived, though it does") {
  const bool says_so = GENERATE(false, true);
  auto wire = deaf_server(says_so);
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.culprit.where.kind == CulpritKind::destination);
  CHECK(verdict.explanations.front().mechanism ==
        (says_so ? Mechanism::icmp_reject_host : Mechanism::data_blocked));
  SECTION("acknowledgments that do not arrive are lost on the way") {
    std::erase_if(wire.far, [](const Observation& packet) {
      const auto* segment = std::get_if<TcpSegment>(&packet.message);
      return segment && segment->acknowledgment == 6401;
    });
    CHECK(only(wire.compare()).finding == Finding::data_lost);
  }
}

TEST_CASE("Compare: a client that goes on as if nothing arrived, though it does") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    for (const auto at : {1100ms, 1400ms, 2000ms, 3200ms, 5600ms}) {
      middle.there(at, Wire::segment(ack, 1001, 5001, 100));
      middle.back(at + 20ms, Wire::segment(ack, 5001, 1101));
    }
  });
  CHECK(only(wire.compare()).finding == Finding::data_ignored);
  CHECK(wire.verdict().verdict.outcome == Outcome::local);
  CHECK(wire.verdict().verdict.culprit.where == this_host);
}

TEST_CASE("Compare: a client whose rules answer every SYN/ACK with a RST") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s, 8s}) {
      middle.there(at, Wire::segment(syn, 1000, 0));
      middle.back(at + 10ms, Wire::segment(syn | ack, 5000, 1001));
      middle.there(at + 20ms, Wire::segment(rst, 1001, 0));
    }
  });
  CHECK(only(wire.compare()).finding == Finding::answer_ignored);
  CHECK(wire.verdict().verdict.outcome == Outcome::local);
}

TEST_CASE("Compare: a server's capture that ends too early does not make a silent service open") {
  auto wire = around([](Wire& middle) {
    middle.flow.destination.port = 22;
    handshake(middle);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 20));
    middle.back(1110ms, Wire::segment(ack, 5001, 1021));
    middle.there(8s, Wire::segment(fin | ack, 1021, 5001));
  });
  std::erase_if(wire.far, [](const Observation& packet) { return packet.at > TimePoint(3s); });
  CHECK(only(wire.compare()).outcome == Outcome::silent_service);
  Analysis alone;
  alone.verdict.outcome = Outcome::silent_service;
  CHECK(wire.verdict(alone).verdict.outcome == Outcome::silent_service);
}

TEST_CASE("Compare: a capture that missed the last step of the handshake shows the silence") {
  auto wire = around([](Wire& middle) {
    middle.flow.destination.port = 22;
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001));
    middle.there(1020ms, Wire::segment(ack, 1001, 5001), Seen::at_receiver);
    middle.there(1100ms, Wire::segment(ack, 1001, 5001, 20));
    middle.back(1110ms, Wire::segment(ack, 5001, 1021));
    middle.there(8s, Wire::segment(fin | ack, 1021, 5001));
  });
  CHECK(only(wire.compare()).finding == Finding::server_silent);
}
