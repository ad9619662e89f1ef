// RSTs and SYN/ACKs that the other end never sent.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

TEST_CASE("Compare: a RST that the server sent is the server's") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  });
  CHECK(only(wire.compare()).finding == Finding::refused_by_server);
  CHECK(wire.verdict().verdict.culprit.where.kind == CulpritKind::destination);
}

TEST_CASE("Compare: a RST that the server never sent is forged, and its hop limit says how near") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 63);
  });
  CHECK(only(wire.compare()).finding == Finding::reset_instead);
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::middlebox_reset);
  // Made by the second router, or by a box without a hop on the link before it.
  CHECK(analysis.verdict.culprit.where ==
        Where{CulpritKind::between, std::uint8_t{1}, std::uint8_t{2}, {}});
  CHECK(analysis.verdict.culprit.confidence == Confidence::strong);
}

TEST_CASE("Compare: a forged RST that passed no router is of the first, or of a box before it") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 64);
  });
  CHECK(wire.verdict().verdict.culprit.where ==
        Where{CulpritKind::between, std::uint8_t{0}, std::uint8_t{1}, {}});
}

TEST_CASE("Compare: an ICMP message with its sender's own address names the router") {
  const auto rejected_by = [](const IpAddress& address) {
    return around([&](Wire& middle) {
      middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
      const Flow told{Transport::icmp, {address, 0}, {client, 0}};
      Wire::put(middle.here, middle.packet(told, 63, Wire::rejected(usual, 13, 1000, 0)), 1010ms);
    });
  };
  const auto own = IpAddress::v4(0xc6336402);
  auto named = rejected_by(own), forged = rejected_by(server);
  CHECK(named.verdict().verdict.culprit.where ==
        Where{CulpritKind::router, std::uint8_t{2}, std::uint8_t{2}, own});
  CHECK(forged.verdict().verdict.culprit.where ==
        Where{CulpritKind::between, std::uint8_t{1}, std::uint8_t{2}, {}});
}

TEST_CASE("Compare: a forged RST with the server's own hop limit only lies between") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver);
  });
  CHECK(wire.verdict().verdict.culprit.where ==
        Where{CulpritKind::between, std::uint8_t{0}, std::uint8_t{4}, {}});
}

TEST_CASE("Compare: a RST that races the server's SYN/ACK is injected") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 62);
    middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001));
  });
  CHECK(only(wire.compare()).finding == Finding::reset_injected);
  CHECK(wire.verdict().verdict.explanations.front().mechanism == Mechanism::injected_reset);
}

TEST_CASE("Compare: a SYN/ACK that the server never sent is somebody else's") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(syn | ack, 5000, 1001), Seen::at_receiver, 63);
  });
  CHECK(only(wire.compare()).finding == Finding::answer_invented);
}

TEST_CASE("Compare: RSTs after the handshake, forged towards either end") {
  auto to_client = around([](Wire& middle) {
    handshake(middle);
    middle.back(2s, Wire::segment(rst, 5001, 0), Seen::at_receiver, 63);
  });
  CHECK(only(to_client.compare()).finding == Finding::reset_injected);
  CHECK(only(to_client.compare()).way == Way::back);
  auto to_server = around([](Wire& middle) {
    handshake(middle);
    middle.there(2s, Wire::segment(rst, 1001, 0), Seen::at_receiver);
    middle.there(3s, Wire::segment(ack, 1001, 5001, 20));  // it knows of none
  });
  CHECK(only(to_server.compare()).finding == Finding::reset_injected);
  CHECK(only(to_server.compare()).way == Way::there);
}

TEST_CASE("Compare: neither a RST nor a SYN/ACK is called forged beside an empty capture") {
  for (const auto flags : {std::uint8_t(rst | ack), std::uint8_t(syn | ack)}) {
    Wire wire;
    wire.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    wire.back(1s, Wire::segment(flags, 0, 1001), Seen::at_receiver, 63);
    CHECK(only(wire.compare()).finding == Finding::not_shown);
  }
}

TEST_CASE("Compare: a RST that the other capture was not there to see leaves the end open") {
  Wire wire;
  wire.flow.destination.port = 22;
  wire.ping(0s);
  handshake(wire);
  wire.back(1500ms, Wire::segment(rst | ack, 5001, 1001), Seen::at_receiver);
  wire.there(9s, Wire::segment(syn, 7, 0), Seen::at_sender);  // the client's capture goes on
  CHECK(wire.compare().attempts.front().finding == Finding::not_covered);
}

TEST_CASE("Compare: a packet that one end shows twice is one packet, and nobody's forgery") {
  const bool at_client = GENERATE(true, false);
  auto wire = around([&](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  });
  auto& twice = at_client ? wire.here : wire.far;
  const auto once = twice;
  for (const auto& packet : once) {  // tcpdump -i any on a bridge
    Wire::put(twice, packet, packet.at.time_since_epoch() + 10us);
  }
  const auto comparison = wire.compare();
  CHECK(only(comparison).finding == Finding::refused_by_server);
  CHECK(comparison.lost_there + comparison.lost_back == 0);
}

TEST_CASE("Compare: a SYN/ACK repeated after the server's capture ended is not somebody else's") {
  Wire wire;
  for (const auto at : {0s, 1s}) wire.ping(at);
  wire.there(1s, Wire::segment(syn, 1000, 0));
  wire.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
  wire.ping(2s);
  wire.back(3s, Wire::segment(syn | ack, 5000, 1001), Seen::at_receiver);
  wire.there(3020ms, Wire::segment(ack, 1001, 5001), Seen::at_sender);
  const auto verdict = wire.verdict().verdict;
  CHECK(only(wire.compare()).finding == Finding::not_covered);
  CHECK(std::ranges::count(verdict.explanations, Mechanism::transparent_proxy,
                           &Explanation::mechanism) == 0);
}

TEST_CASE("Compare: an RST that was made where the second capture was taken is not the server's") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.as_sent = [](Observation& packet) { packet.hop_limit = {64}; };
    middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  });
  for (auto& packet : wire.far)  // captured two routers before the server
    if (std::holds_alternative<IcmpEcho>(packet.message) && packet.flow.source.address == server)
      packet.hop_limit = {62};
  auto alone = alone_dropped();
  alone.verdict.outcome = Outcome::refused;
  const auto verdict = wire.verdict(alone).verdict;
  CHECK(wire.compare().midway);
  CHECK(verdict.outcome == Outcome::refused);
  CHECK(verdict.culprit.where.kind != CulpritKind::destination);
  CHECK(verdict.culprit.confidence < Confidence::certain);
}

TEST_CASE("Compare: a RST to the server alone leaves the client without an answer, and has a hop") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    auto forged = middle.packet(middle.flow, 64, Wire::segment(rst, 1001, 0));  // its neighbour's
    Wire::put(middle.far, forged, 1100ms);
    for (const auto at : {2s, 3s, 5s}) middle.there(at, Wire::segment(ack, 1001, 5001, 100));
  });
  CHECK(only(wire.compare()).finding == Finding::reset_injected);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::silent_service);
  CHECK(verdict.culprit.where == Where{CulpritKind::between, std::uint8_t{3}, std::uint8_t{4}, {}});
  CHECK(verdict.culprit.confidence == Confidence::strong);
  SECTION("until the server, which has forgotten it, resets it") {
    wire.back(5010ms, Wire::segment(rst, 5001, 0));
    CHECK(wire.verdict().verdict.outcome == Outcome::closed_early);
  }
  SECTION("which the client hears of when it has given up") {
    wire.there(6s, Wire::segment(fin | ack, 1101, 5001));
    wire.back(6010ms, Wire::segment(rst, 5001, 0));
    CHECK(wire.verdict().verdict.outcome == Outcome::silent_service);
  }
}

TEST_CASE("Compare: a RST in place of data is of a device that does not pass the data") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.there(2s, Wire::segment(ack, 1001, 5001, 100), Seen::at_sender);
    middle.back(2s, Wire::segment(rst, 5001, 0), Seen::at_receiver, 63);
  });
  CHECK(only(wire.compare()).finding == Finding::reset_instead);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::closed_early);
  CHECK(verdict.explanations.front().mechanism == Mechanism::middlebox_reset);
}

TEST_CASE("Compare: who answers from where the server is may be another machine with its address") {
  const auto refused = [](std::uint8_t arrives_with) {
    return around([&](Wire& middle) {
      others_use_the_port(middle);
      middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
      middle.back(1010ms, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, arrives_with);
    });
  };
  const auto fits = [](const Verdict& verdict, Mechanism mechanism) {
    return std::ranges::count(verdict.explanations, mechanism, &Explanation::mechanism) > 0;
  };
  auto same = refused(64 - routers), nearer = refused(64 - 1);
  for (auto* wire : {&same, &nearer}) {
    const auto verdict = wire->verdict().verdict;
    CHECK(verdict.outcome == Outcome::refused);
    CHECK(fits(verdict, Mechanism::middlebox_reset));
    CHECK(verdict.culprit.confidence == Confidence::strong);
    CHECK(fits(verdict, Mechanism::closed_port) == (wire == &same));
    CHECK(fits(verdict, Mechanism::host_firewall_reset) == (wire == &same));
  }
}

TEST_CASE("Compare: who accepts from where the server is may be another machine with its address") {
  auto wire = around([&](Wire& middle) {
    middle.flow.source = {other_client, 1234};
    middle.there(8s, Wire::segment(syn, 77, 0), Seen::at_receiver);
    middle.back(8s, Wire::segment(syn | ack, 99, 78), Seen::at_sender);
    middle.flow = usual;
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_receiver);
    middle.there(1020ms, Wire::segment(ack, 1001, 5001), Seen::at_sender);
  });
  CHECK(only(wire.compare()).finding == Finding::answer_invented);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.outcome == Outcome::open);
  CHECK(std::ranges::count(verdict.explanations, Mechanism::transparent_proxy,
                           &Explanation::mechanism) == 1);
  CHECK(std::ranges::count(verdict.explanations, Mechanism::listening, &Explanation::mechanism) ==
        1);
  CHECK(verdict.culprit.confidence == Confidence::strong);
}
