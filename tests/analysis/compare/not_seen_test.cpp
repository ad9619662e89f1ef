// What a capture was not there to see is neither lost nor forged.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

TEST_CASE("Compare: a capture that saw a packet sent earlier would have seen the next") {
  // The first copy leaves within what the clocks leave open after the captures began.
  Wire wire;
  handshake(wire, 0s);
  for (const auto at : {21ms, 230ms, 640ms, 1460ms})
    wire.there(at, Wire::segment(ack, 1001, 5001, 1448), Seen::at_sender);
  others_use_the_port(wire);
  CHECK(only(wire.compare()).finding == Finding::data_lost);
  CHECK(only(wire.compare()).lost == 4);
}

TEST_CASE("Compare: a capture that starts late or ends early loses nothing") {
  auto late = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver);
  });
  std::erase_if(late.far, [](const auto& packet) { return packet.at < TimePoint(5s); });
  CHECK(only(late.compare()).finding == Finding::not_covered);
  const auto analysis = late.verdict();
  CHECK(analysis.verdict.outcome == Outcome::inconclusive);
  CHECK(analysis.verdict.explanations.empty());
  CHECK(std::ranges::count(analysis.verdict.caveats, CaveatId::not_covered, &Caveat::id) == 1);

  auto early = around([](Wire& middle) {
    for (const auto at : {5s, 6s, 8s})
      middle.there(at, Wire::segment(syn, 1000, 0), Seen::at_sender);
  });
  std::erase_if(early.far, [](const auto& packet) { return packet.at > TimePoint(3s); });
  CHECK(only(early.compare()).finding == Finding::not_covered);

  auto client_ends = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    middle.back(8s, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
  });
  std::erase_if(client_ends.here, [](const auto& packet) { return packet.at > TimePoint(3s); });
  CHECK(only(client_ends.compare()).finding == Finding::not_covered);
}

TEST_CASE("Compare: an empty capture at the server proves nothing, the client's alone has to do") {
  Wire wire;
  ask_in_vain(wire);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(wire.compare().lost_there == 0);
  const auto analysis = wire.verdict(alone_dropped());
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.explanations.size() == 2);
  CHECK(analysis.verdict.culprit.confidence == Confidence::weak);
  CHECK(holds(caveat(analysis, CaveatId::not_covered), "capture is empty"));
}

TEST_CASE("Compare: a capture of the server that shows others only may be of another interface") {
  Wire wire;
  ask_in_vain(wire);
  wire.flow = {Transport::tcp, {other_client, 1}, {IpAddress::v4(0x0a000009), 443}};
  for (const auto at : {0s, 30s}) wire.there(at, Wire::segment(ack, 77, 0), Seen::at_receiver);
  wire.flow = usual;
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(wire.verdict(alone_dropped()), CaveatId::not_covered),
              "None of the 2 packets in the server's capture goes to or comes from 203.0.113.10"));
}

TEST_CASE(
    "Compare: a server that others reach on the port lost this client's SYN, clocks unknown") {
  Wire wire;
  wire.flow = {Transport::tcp, {other_client, 1}, {server, 443}};
  for (const auto at : {0s, 30s}) wire.there(at, Wire::segment(ack, 77, 0), Seen::at_receiver);
  wire.flow = usual;
  ask_in_vain(wire);
  wire.there(29s, Wire::segment(syn, 1000, 0), Seen::at_sender);
  CHECK(only(wire.compare()).finding == Finding::request_lost);
  const auto verdict = wire.verdict(alone_dropped()).verdict;
  CHECK(verdict.culprit.confidence == Confidence::weak);
  REQUIRE(verdict.explanations.back().mechanism == Mechanism::host_silent);
  CHECK(verdict.explanations.back().rank == 2);
}

TEST_CASE("Compare: a filter that leaves the port out looks like loss, and is said to") {
  auto wire = around(ask_in_vain);
  CHECK(holds(caveat(wire.verdict(), CaveatId::not_covered), "no TCP to port 443 at all"));
  auto forged = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver);
  });
  CHECK(forged.verdict().verdict.culprit.confidence < Confidence::certain);
}

TEST_CASE("Compare: a capture of one direction at either end") {
  const auto no_back = [](std::vector<Observation>& capture) {
    std::erase_if(capture, [](const auto& packet) { return packet.flow.source.address == server; });
  };
  auto at_client = around([](Wire& wire) { handshake(wire); });
  no_back(at_client.here);
  CHECK(only(at_client.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(at_client.verdict(), CaveatId::not_covered), "client's capture shows no"));

  auto at_server = around([](Wire& wire) {
    wire.there(1s, Wire::segment(syn, 1000, 0));
    wire.back(1010ms, Wire::segment(rst | ack, 0, 1001));
  });
  no_back(at_server.far);
  CHECK(only(at_server.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(at_server.verdict(), CaveatId::not_covered), "203.0.113.10 sends"));
}

TEST_CASE("Compare: a SYN that arrives where nothing that goes back is shown came so far") {
  const auto ask = [](Wire& wire) {
    for (const auto at : {1s, 2s, 4s}) wire.there(at, Wire::segment(syn, 1000, 0));
  };
  Wire mute;
  ask(mute);
  mute.there(9s, Wire::segment(rst, 1001, 0));
  CHECK(only(mute.compare()).finding == Finding::unanswered);
  const auto verdict = mute.verdict(alone_dropped()).verdict;
  CHECK(verdict.outcome == Outcome::dropped);
  CHECK(verdict.culprit.where == Where{CulpritKind::unknown, std::uint8_t{routers + 1}, {}, {}});
  CHECK(verdict.culprit.confidence == Confidence::strong);
  const auto ranked = [&](Mechanism mechanism) {
    const auto found = std::ranges::find(verdict.explanations, mechanism, &Explanation::mechanism);
    return found == verdict.explanations.end() ? 0 : found->rank;
  };
  CHECK(ranked(Mechanism::filter_drop) == 1);
  CHECK(ranked(Mechanism::answer_lost) == 2);
  CHECK(ranked(Mechanism::blackhole) == 0);

  // The pings of the client are answered, and the capture does not show that.
  auto one_direction = around(ask);
  std::erase_if(one_direction.far,
                [](const auto& packet) { return packet.flow.source.address == server; });
  CHECK(only(one_direction.compare()).finding == Finding::unanswered);
  const auto doubtful = one_direction.verdict(alone_dropped());
  CHECK(doubtful.verdict.culprit.confidence == Confidence::weak);
  CHECK(holds(caveat(doubtful, CaveatId::not_covered), "though the client hears"));
}

TEST_CASE("Compare: a filter on TCP at the server hides the ICMP message that it sends") {
  Wire wire;
  wire.there(1s, Wire::segment(syn, 1000, 0));
  IcmpError error;
  error.type = 3;
  error.code = 3;
  error.quote = Quote{};
  error.quote->flow = usual;
  error.quote->tcp_sequence = 1000;
  auto rejected = wire.packet({Transport::icmp, {server, 0}, {client, 0}}, 61, error);
  Wire::put(wire.here, rejected, 1020ms);
  others_use_the_port(wire);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  CHECK(holds(caveat(wire.verdict(), CaveatId::not_covered), "no ICMP message"));
}

TEST_CASE("Compare: an ICMP message that is too short to be matched proves nothing") {
  const auto cut = [](std::vector<Observation>& capture) {
    for (auto& packet : capture)
      if (auto* error = std::get_if<IcmpError>(&packet.message)) {
        error->quote->tcp_sequence.reset();
        error->quote->flow.source.port = error->quote->flow.destination.port = 0;
      }
  };
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0));
    IcmpError error{3, 3, Quote{}, {}};
    error.quote->flow = middle.flow;
    error.quote->tcp_sequence = 1000;
    auto made = middle.packet({Transport::icmp, {server, 0}, {client, 0}}, 64, error);
    Wire::put(middle.far, made, 1010ms);
    made.hop_limit.value -= routers;
    Wire::put(middle.here, made, 1020ms);
  });
  CHECK(only(wire.compare()).finding == Finding::rejected_by_server);
  cut(wire.far);
  CHECK(only(wire.compare()).finding == Finding::not_shown);
  cut(wire.here);
  CHECK(only(wire.compare()).finding == Finding::unclear);
  CHECK(wire.verdict().verdict.outcome == Outcome::inconclusive);
}

TEST_CASE("Compare: a filter on ICMP shows the message, and not what it is about") {
  auto wire = around([](Wire& middle) {
    middle.there(1s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    IcmpError error{3, 3, Quote{}, {}};
    error.quote->flow = middle.flow;
    error.quote->tcp_sequence = 1000;
    auto made = middle.packet({Transport::icmp, {server, 0}, {client, 0}}, 64, error);
    Wire::put(middle.far, made, 1010ms);
    made.hop_limit.value -= routers;
    Wire::put(middle.here, made, 1020ms);
  });
  CHECK(only(wire.compare()).finding == Finding::rejected_by_server);
  CHECK(wire.verdict().verdict.culprit.where.kind == CulpritKind::destination);
}

TEST_CASE("Compare: captures that were taken for each other") {
  auto wire = around([](Wire& middle) { handshake(middle); });
  std::swap(wire.here, wire.far);
  const auto analysis = wire.verdict();
  CHECK(analysis.verdict.outcome == Outcome::inconclusive);
  CHECK(holds(caveat(analysis, CaveatId::captures_swapped), "other way round"));
  CHECK(caveat(analysis, CaveatId::captured_midway).empty());
  CHECK(rewrite(wire.compare(), Field::hop_limit, Way::there) == nullptr);
}

TEST_CASE(
    "Compare: two captures of one link, taken for each other, are told by the time of the way") {
  const auto offset = GENERATE(Duration(0s), Duration(-40s), Duration(3s));
  Wire wire;
  wire.offset = offset;
  wire.ping(0s);
  for (const auto at : {1s, 2s, 4s}) {
    wire.there(at, Wire::segment(syn, 1000, 0));
    wire.back(at + 11ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
  }
  wire.ping(9s);
  for (auto* capture : {&wire.here, &wire.far})
    for (auto& packet : *capture) packet.hop_limit = {64};
  CHECK(only(wire.compare()).finding == Finding::answer_lost);
  CHECK_FALSE(wire.compare().swapped);
  std::swap(wire.here, wire.far);
  CHECK(wire.compare().swapped);
}

TEST_CASE("Compare: one file given twice shows nothing of the way") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s})
      middle.there(at, Wire::segment(syn, 1000, 0), Seen::at_sender);
  });
  for (auto& packet : wire.here) packet.at += 1us;
  wire.far = wire.here;
  for (auto& packet : wire.far) packet.at += 7s;  // and moved in time
  Analysis alone;
  alone.verdict.outcome = Outcome::dropped;
  alone.verdict.culprit.where.kind = CulpritKind::unknown;
  const auto analysis = wire.verdict(alone);
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.culprit.where.kind == CulpritKind::unknown);
  CHECK(holds(caveat(analysis, CaveatId::captures_of_one_place), "at one place"));
  const auto comparison = wire.compare();
  auto coarse = wire;
  for (auto* capture : {&coarse.here, &coarse.far})
    for (auto& packet : *capture)
      packet.at = std::chrono::floor<std::chrono::milliseconds>(packet.at);
  CHECK_FALSE(coarse.compare().one_place);
  CHECK(only(comparison).finding == Finding::not_shown);
  CHECK(comparison.crossings.empty());
  CHECK_FALSE(comparison.distance);
}

TEST_CASE("Compare: an answer may leave the server where nobody captured") {
  Wire wire;
  for (const auto at : {1s, 2s, 4s}) wire.there(at, Wire::segment(syn, 1000, 0));
  others_use_the_port(wire);
  const auto verdict = wire.verdict().verdict;
  CHECK(verdict.culprit.confidence < Confidence::certain);
  CHECK(verdict.explanations.back().mechanism == Mechanism::answer_lost);
}

TEST_CASE("Compare: a failure that nobody watched is not hidden behind an attempt that went well") {
  Wire wire;
  handshake(wire);
  wire.flow.source.port = 40001;
  for (const auto at : {5s, 6s, 8s}) wire.there(at, Wire::segment(syn, 8000, 0), Seen::at_sender);
  const auto alone = alone_dropped();
  const auto analysis = wire.verdict(alone);
  CHECK(analysis.verdict.outcome == Outcome::dropped);
  CHECK(analysis.verdict.explanations.size() == alone.verdict.explanations.size());
  CHECK_FALSE(caveat(analysis, CaveatId::not_covered).empty());
}

TEST_CASE("Compare: who asks for a link address shows nothing of what it sends to the client") {
  auto wire = around(ask_in_vain);
  for (const auto at : {1s, 2s, 4s}) {
    auto arrived = wire.packet(usual, 64 - routers, Wire::segment(syn, 1000, 0));
    Wire::put(wire.far, arrived, at + 10ms);
  }
  std::erase_if(wire.far, [](const Observation& packet) {
    return packet.flow.source.address == server;  // inbound packets only
  });
  Observation asks;
  asks.flow.source.address = server;
  asks.message = NeighbourMessage{};
  Wire::put(wire.far, asks, 3s);
  CHECK(only(wire.compare()).leaves_out);
  CHECK(wire.verdict(alone_dropped()).verdict.culprit.confidence == Confidence::weak);
}

TEST_CASE("Compare: a SYN/ACK that the client acknowledges came, whichever capture misses it") {
  const auto made = [](bool at_server) {
    return around([&](Wire& middle) {
      middle.there(1s, Wire::segment(syn, 1000, 0));
      if (at_server) middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
      middle.there(1020ms, Wire::segment(ack, 1001, 5001));
      middle.there(1030ms, Wire::segment(ack, 1001, 5001, 100));
      middle.back(1040ms, Wire::segment(ack, 5001, 1101, 200));
    });
  };
  auto by_one = made(true), by_both = made(false);
  CHECK(only(by_one.compare()).finding == Finding::answered);
  CHECK(only(by_one.compare()).outcome == Outcome::open);
  CHECK(only(by_both.compare()).finding == Finding::unclear);
  CHECK(only(by_both.compare()).outcome == Outcome::open);
}
