// A path that somebody walked with pings or datagrams, beside an attempt that fails.
#include "analysis/offline/inspect.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::offline;
using namespace std::chrono_literals;

namespace {

const IpAddress client = IpAddress::v4(0xc000020a), server = IpAddress::v4(0xcb00710a);
constexpr std::uint8_t hops = 4;

IpAddress router(std::uint8_t hop) { return IpAddress::v4(0xc6336400u + hop); }

struct Walked {
  Book book;
  Surroundings around;
  TimePoint now;
  std::uint64_t frame = 0;
  bool on_router = false;  ///< that passes all on, and shows it coming and going
  Tracker tracker{{}, book.trails(), [this](TrailId id, TimePoint end) { book.add(id, end); }};

  void see(const Flow& flow, std::uint8_t limit, const Message& message) {
    Observation seen;
    seen.frame = {++frame};
    seen.at = now += 1ms;
    seen.flow = flow;
    seen.hop_limit = {limit};
    seen.ip_id_or_flow_label = static_cast<std::uint32_t>(frame);
    seen.message = message;
    tracker.observe(seen);
    if (!on_router || limit < 2) return;
    seen.frame = {++frame};  // it leaves again
    --seen.hop_limit.value;
    tracker.observe(seen);
  }
  /// The whole walk: time exceeded from each router, then what the host says.
  void step(std::uint8_t limit, const Flow& flow, const Message& probe, Quote quote) {
    see(flow, limit, probe);
    quote.flow = flow;
    if (limit < hops)
      return see({Transport::icmp, {router(limit), 0}, {client, 0}},
                 static_cast<std::uint8_t>(65 - limit), IcmpError{11, 0, quote, {}});
    const Flow back{Transport::icmp, {server, 0}, {client, 0}};
    if (auto* echo = std::get_if<IcmpEcho>(&probe))
      return see(back, 65 - hops, IcmpEcho{true, echo->identifier, echo->sequence});
    see(back, 65 - hops, IcmpError{3, 3, quote, {}});
  }
  void ping(std::uint8_t limit) {
    Quote quote;
    quote.echo_identifier = std::uint16_t{9};
    quote.echo_sequence = std::uint16_t{limit};
    step(limit, {Transport::icmp, {client, 0}, {server, 0}}, IcmpEcho{false, 9, limit}, quote);
  }
  void datagram(std::uint8_t limit) {
    const auto port = static_cast<std::uint16_t>(33434 + limit);
    step(limit, {Transport::udp, {client, 50000}, {server, port}}, UdpDatagram{32, 7}, {});
  }
  /// Refused by a RST that comes back over one router.
  void refused() {
    const Flow flow{Transport::tcp, {client, 40000}, {server, 443}};
    TcpSegment segment;
    segment.flags = tcp_flag::syn;
    segment.sequence = 1000;
    see(flow, 64, segment);
    segment.flags = tcp_flag::rst | tcp_flag::ack;
    segment.sequence = 0;
    segment.acknowledgment = 1001;
    see(flow.reversed(), 63, segment);
  }
  Analysis verdict() {
    tracker.finish(now);
    book.settle();
    REQUIRE(book.targets().size() == 1);
    CaptureFacts facts;
    facts.horizon = now;
    return inspect({book, tracker.counts(), facts, around, true}, book.targets().front()).analysis;
  }
};

void check_path(const Analysis& analysis) {
  REQUIRE(analysis.path.hops.size() == hops);
  for (std::uint8_t hop = 1; hop < hops; ++hop) {
    REQUIRE(analysis.path.hops[hop - 1u].responders.size() == 1);
    CHECK(analysis.path.hops[hop - 1u].responders.front() == router(hop));
    CHECK(analysis.path.hops[hop - 1u].control_flow == FlowState::passes);
  }
  CHECK(analysis.path.hops.back().control_flow == FlowState::answers);
  CHECK(analysis.path.distance.destination == hops);
}

}  // namespace

TEST_CASE("Other walks: pings show the path, and that a RST is not the host's") {
  Walked walked;
  walked.refused();
  for (std::uint8_t limit = 1; limit <= hops; ++limit) walked.ping(limit);
  const auto analysis = walked.verdict();
  check_path(analysis);
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::middlebox_reset);
  CHECK(analysis.verdict.culprit.where.address == router(2));
}

TEST_CASE("Other walks: so do datagrams") {
  Walked walked;
  walked.refused();
  for (std::uint8_t limit = 1; limit <= hops; ++limit) walked.datagram(limit);
  const auto analysis = walked.verdict();
  check_path(analysis);
  CHECK(analysis.verdict.explanations.front().mechanism == Mechanism::middlebox_reset);
  CHECK(analysis.verdict.culprit.where.address == router(2));
}

TEST_CASE("Other walks: a packet that is passed on is one probe, not two") {
  Walked walked;
  walked.on_router = true;
  walked.refused();
  const bool pings = GENERATE(true, false);
  for (std::uint8_t limit = 1; limit <= hops; ++limit)
    pings ? walked.ping(limit) : walked.datagram(limit);
  check_path(walked.verdict());
}

TEST_CASE("Other walks: datagrams that are no walk are nobody's, nor are errors that quote them") {
  Walked walked;
  walked.refused();
  Quote quote;
  quote.flow = {Transport::udp, {client, 5353}, {server, 53}};
  walked.see(quote.flow, 64, UdpDatagram{32, 7});
  walked.see({Transport::icmp, {server, 0}, {client, 0}}, 61, IcmpError{3, 3, quote, {}});
  CHECK(walked.verdict().path.hops.empty());
  CHECK(walked.tracker.counts().unverified == 0);
}
