#include "src/live_session.hpp"

#include <cerrno>

#include "src/dry_run.hpp"
#include "src/ours.hpp"
#include "tests/src/session_bench.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

TEST_CASE("a session over a dead wire ends, with every probe recorded and seen leaving") {
  Bench bench;
  const auto recorded = LiveSession(bench.goal, bench.parts()).run();
  const auto& run = recorded.run;
  REQUIRE(run.sends.size() == bench.wire.sent.size());
  CHECK(run.sends.size() > 10);
  CHECK(run.observations.size() == run.sends.size());
  CHECK(recorded.frames.size() == run.observations.size());
  CHECK(run.started == TimePoint(1000s));
  CHECK(run.ended > run.started);
  CHECK(run.facts.vantage.interface == "eth0");
  CHECK_FALSE(run.facts.interrupted);
  CHECK_FALSE(run.connect);
  std::uint64_t number = 0;
  for (const auto& seen : run.observations) CHECK(seen.frame.value == ++number);
}

TEST_CASE("courtesy: a session never sends faster than it may") {
  Bench bench;
  const auto run = LiveSession(bench.goal, bench.parts()).run().run;
  for (std::size_t i = 0; i < run.sends.size(); ++i) {
    const auto window_end = run.sends[i].at + 1s;
    const auto in_window =
        std::count_if(run.sends.begin() + static_cast<std::ptrdiff_t>(i), run.sends.end(),
                      [&](const SendRecord& record) { return record.at < window_end; });
    CHECK(in_window <= 40 + 50);
  }
}

TEST_CASE("the real connect() is called once, behind the first two probes", "[peer-09]") {
  Bench bench;
  FakeApplication application(bench.wire);
  auto parts = bench.parts();
  parts.application = &application;
  const auto run = LiveSession(bench.goal, parts).run().run;
  CHECK(application.calls == 1);
  CHECK(application.sent_before == 2);
  REQUIRE(run.connect);
  CHECK(run.connect->flow.source.port == 39999);
}

TEST_CASE("over a dead wire the real connect() is hung up before the last tries") {
  Bench bench;
  bench.wire.gateway = *IpAddress::parse("192.0.2.1");
  FakeApplication application(bench.wire);
  auto parts = bench.parts();
  parts.application = &application;
  const auto run = LiveSession(bench.goal, parts).run().run;
  REQUIRE(run.connect->hung_up);
  CHECK(run.sends.back().at - *run.connect->hung_up > 2s);
  CHECK(run.ended - run.started < 5s);
}

TEST_CASE("when probes cannot be sent the application still gets its try") {
  Bench bench;
  bench.wire.refuse_with = EPERM;
  FakeApplication application(bench.wire);
  auto parts = bench.parts();
  parts.application = &application;
  const auto run = LiveSession(bench.goal, parts).run().run;
  CHECK(application.calls == 1);
  CHECK(run.observations.empty());
  for (const auto& record : run.sends) CHECK(record.error == EPERM);
}

TEST_CASE("the user can stop it at any time") {
  Bench bench;
  auto parts = bench.parts();
  parts.stop = [&] { return bench.wire.sent.size() >= 3; };
  const auto run = LiveSession(bench.goal, parts).run().run;
  CHECK(run.sends.size() == 3);
  CHECK(run.facts.interrupted);
}

TEST_CASE("a source that ends ends the session") {
  Bench bench;
  bench.wire.ends_after = 4;
  const auto run = LiveSession(bench.goal, bench.parts()).run().run;
  CHECK(run.sends.size() == 4);
  CHECK_FALSE(run.facts.interrupted);
}

TEST_CASE("an ICMP error about somebody else's conversation is not ours") {
  const auto target = *IpAddress::parse("203.0.113.10"), other = *IpAddress::parse("198.51.100.9");
  Exchange exchange;
  exchange.spec.flow = {Transport::tcp, {*IpAddress::parse("192.0.2.7"), 40001}, {target, 22}};
  const std::vector<Exchange> exchanges{exchange};
  const auto quoting = [](const Flow& flow) {
    Observation seen;
    Quote quote;
    quote.flow = flow;
    seen.message = IcmpError{3, 3, quote, {}};
    return seen;
  };
  auto flow = exchange.spec.flow;
  CHECK(is_ours(quoting(flow), target, exchanges));
  flow.destination.address = other;  // rewritten by a NAT, ports kept
  CHECK(is_ours(quoting(flow), target, exchanges));
  flow.source.port = 5555;
  CHECK_FALSE(is_ours(quoting(flow), target, exchanges));
  Observation unreadable;
  unreadable.message = IcmpError{3, 3, {}, {}};
  CHECK(is_ours(unreadable, target, exchanges));
}

TEST_CASE("a segment from another address is ours where it acknowledges a SYN of ours") {
  const auto target = *IpAddress::parse("203.0.113.10"), other = *IpAddress::parse("198.51.100.9");
  Exchange exchange;
  exchange.spec.flow = {Transport::tcp, {*IpAddress::parse("192.0.2.7"), 40001}, {target, 22}};
  exchange.spec.sequence = 77;
  exchange.left = {{1}};
  const std::vector<Exchange> exchanges{exchange};
  Observation seen;
  seen.flow = {Transport::tcp, {other, 22}, exchange.spec.flow.source};
  TcpSegment segment;
  segment.flags = tcp_flag::syn | tcp_flag::ack;
  segment.acknowledgment = 78;
  seen.message = segment;
  CHECK(is_ours(seen, target, exchanges));
  segment.acknowledgment = 79;
  seen.message = segment;
  CHECK_FALSE(is_ours(seen, target, exchanges));
}

TEST_CASE("who asks for fewer packets a second gets fewer at once") {
  Bench bench;
  Vantage vantage;
  vantage.local = *IpAddress::parse("192.0.2.7");
  const auto most_at_once = [&](unsigned rate) {
    bench.goal.rate = rate;
    const auto packets = planned_packets(bench.goal, vantage);
    std::ptrdiff_t most = 0;
    for (const auto& first : packets)
      most = std::max(most, std::ranges::count_if(packets, [&](const auto& one) {
                        const auto after = one.after_seconds - first.after_seconds;
                        return after >= 0 && after < 0.01;
                      }));
    return most;
  };
  CHECK(most_at_once(1) == 1);
  CHECK(most_at_once(5) <= 4);
  CHECK(most_at_once(25) <= 20);
  CHECK(most_at_once(50) == most_at_once(1000));
  CHECK(most_at_once(50) > 4);
}

TEST_CASE("a dry run lists packets as tcpdump would, one a line") {
  Bench bench;
  Vantage vantage;
  vantage.local = *IpAddress::parse("192.0.2.7");
  const auto text = dry_run(bench.goal, vantage);
  CHECK(text.find("0.000 IP 192.0.2.7.49152 > 203.0.113.10.22: Flags [S], seq ") == 0);
  CHECK(text.find("ttl 1, tos 0x48") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') > 10);
}
