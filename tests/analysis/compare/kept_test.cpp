// The packets that a ticket keeps give the verdict that it tells.
#include <set>

#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

void keep(std::vector<Observation>& capture, const std::vector<Flow>& flows,
          const std::vector<FrameId>& witnesses) {
  std::erase_if(capture, [&](const Observation& packet) {
    const bool of_attempt = std::ranges::any_of(flows, [&](const Flow& flow) {
      return packet.flow == flow || packet.flow == flow.reversed();
    });
    return !of_attempt && std::ranges::find(witnesses, packet.frame) == witnesses.end();
  });
}

/// Compared again from what is kept, with the frames numbered as they were.
void check_kept(Wire wire) {
  const auto whole = wire.compare();
  const auto said = wire.verdict(alone_dropped()).verdict;
  std::vector<Flow> here, far;
  for (const auto& attempt : whole.attempts) {
    here.push_back(attempt.at_client);
    if (attempt.at_server) far.push_back(*attempt.at_server);
  }
  keep(wire.here, here, whole.client_witnesses);
  keep(wire.far, far, whole.server_witnesses);
  const auto again = wire.verdict(alone_dropped()).verdict;
  CHECK(again.outcome == said.outcome);
  CHECK(again.culprit == said.culprit);
  CHECK(again.explanations.size() == said.explanations.size());
  std::set<CaveatId> before, after;
  for (const auto& caveat : said.caveats) before.insert(caveat.id);
  for (const auto& caveat : again.caveats) after.insert(caveat.id);
  CHECK(before == after);
}

void other(Wire& wire, Duration at, bool answered) {
  const auto mine = std::exchange(wire.flow, {Transport::tcp, {other_client, 5555}, {server, 443}});
  wire.there(at, Wire::segment(syn, 990'000, 0), Seen::at_receiver);
  if (answered) {
    wire.back(at + 10ms, Wire::segment(syn | ack, 70'000, 990'001), Seen::at_sender);
    wire.there(at + 20ms, Wire::segment(ack, 990'001, 70'001), Seen::at_receiver);
  }
  wire.flow = mine;
}

}  // namespace

TEST_CASE("Compare: what shows that a port is not filtered out is kept") {
  check_kept(around([](Wire& middle) {
    ask_in_vain(middle);
    other(middle, 1500ms, true);
  }));
}

TEST_CASE("Compare: what may be the attempt, rewritten, is kept") {
  check_kept(around([](Wire& middle) {
    ask_in_vain(middle);
    other(middle, 1500ms, false);
  }));
}

TEST_CASE("Compare: a capture that shows others only stays one") {
  Wire wire;
  ask_in_vain(wire);
  wire.flow = {Transport::tcp, {other_client, 1}, {IpAddress::v4(0x0a000009), 443}};
  for (const auto at : {0s, 30s}) wire.there(at, Wire::segment(ack, 77, 0), Seen::at_receiver);
  wire.flow = usual;
  check_kept(wire);
}

TEST_CASE("Compare: what shows that the second capture was taken at a router is kept") {
  auto wire = around([](Wire& middle) {
    for (const auto at : {1s, 2s, 4s}) middle.there(at, Wire::segment(syn, 1000, 0));
  });
  const auto once = wire.far;
  for (auto packet : once) {
    if (!std::holds_alternative<IcmpEcho>(packet.message)) continue;
    --packet.hop_limit.value;
    Wire::put(wire.far, packet, packet.at.time_since_epoch() + 20us);
  }
  check_kept(wire);
}
