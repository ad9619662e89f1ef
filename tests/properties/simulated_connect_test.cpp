// connect() in the simulator: what a Linux client lives through (signatures sections 5 to 8).

#include <cerrno>

#include "tests/support/catch.hpp"
#include "tests/support/sim/network.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

struct Lived {
  ConnectRecord record;
  std::vector<Observation> seen;

  [[nodiscard]] Duration took() const { return record.ended.value() - record.at; }
  [[nodiscard]] unsigned syns() const {
    unsigned count = 0;
    for (const auto& packet : seen)
      if (const auto* segment = std::get_if<TcpSegment>(&packet.message))
        count += segment->is_syn();
    return count;
  }
};

Lived live(const std::string& text, Family family = Family::ipv4, Duration span = 140s) {
  sim::Network network(sim::parse_scenario(text, family));
  const auto& scenario = network.scenario();
  network.connect({Transport::tcp, {scenario.client.address, 40000}, scenario.target});
  Lived lived;
  const auto limit = network.now() + span;
  while (network.now() < limit)
    if (auto seen = network.next(limit)) lived.seen.push_back(*seen);
  lived.record = *network.connect_record();
  return lived;
}

std::string chain(const std::string& client, const std::string& r1, const std::string& host) {
  return "client 192.0.2.7 " + client + "\nhop r1 192.0.2.1 " + r1 + "\nhost 203.0.113.10 " + host +
         "\n";
}

}  // namespace

TEST_CASE("connect() ends as measured", "[sim]") {
  CHECK(live(chain("", "", "")).record.error == ECONNREFUSED);
  CHECK(live(chain("", "forward reject admin tcp 22", "")).record.error == EHOSTUNREACH);
  CHECK(live(chain("", "forward reject admin tcp 22", ""), Family::ipv6).record.error == EACCES);
  CHECK(live(chain("", "route no-route", "")).record.error == ENETUNREACH);
  CHECK(live(chain("", "", "input reject port")).record.error == ECONNREFUSED);
}

TEST_CASE("silence means eleven SYNs and ETIMEDOUT after 134.5 s", "[sim]") {
  const auto lived = live(chain("", "forward drop tcp 22", "open 22"));
  CHECK(lived.record.error == ETIMEDOUT);
  CHECK(lived.took() == 134500ms);
  CHECK(lived.syns() == 11);
}

TEST_CASE("a service greets, closes, resets or says nothing", "[sim]") {
  const auto greeted = live(chain("", "", "open 22 banner \"SSH-2.0-x\\r\\n\" wait 20ms"));
  CHECK(greeted.record.error == 0);
  CHECK(greeted.record.greeting == "SSH-2.0-x\r\n");
  REQUIRE(greeted.record.spoke);
  CHECK(*greeted.record.spoke - greeted.record.at == 28ms);  // three trips of 2 x 1 ms, and 20 ms
  CHECK_FALSE(greeted.record.closed);
  const auto closed = live(chain("", "", "open 22 then-close"));
  CHECK(closed.record.closed);
  CHECK(closed.record.close_error == 0);
  CHECK(live(chain("", "", "open 22 then-reset")).record.close_error == ECONNRESET);
  const auto silent = live(chain("", "", "open 22"), Family::ipv6, 10s);
  CHECK(silent.record.error == 0);
  CHECK_FALSE(silent.record.spoke);
}

TEST_CASE("a SYN proxy hides what is behind it until the handshake is done", "[sim]") {
  const auto proxied = [](const std::string& host) {
    return live(chain("", "syn-proxy 22", host), Family::ipv4, 10s).record;
  };
  CHECK(proxied("open 22 banner hello").greeting == "hello");
  CHECK(proxied("drop-all").error == 0);
  CHECK_FALSE(proxied("drop-all").spoke);
  CHECK(proxied("").close_error == ECONNRESET);
}

TEST_CASE("causes on the client itself", "[sim]") {
  const auto dropped = live(chain("output drop tcp 22", "", "open 22"));
  CHECK(dropped.record.error == ETIMEDOUT);
  CHECK(dropped.syns() == 0);
  CHECK(live(chain("output reject port tcp 22", "", "")).record.error == ECONNREFUSED);
  CHECK(live(chain("no-route", "", "")).record.error == ENETUNREACH);
  const auto deaf = live(chain("input drop tcp 22", "", "open 22"));
  CHECK(deaf.record.error == ETIMEDOUT);
  CHECK(deaf.seen.size() > 11);  // the SYN/ACKs are in the capture
  const auto dead = live(chain("gateway-dead", "", "open 22"));
  CHECK(dead.record.error == EHOSTUNREACH);
  CHECK(dead.took() == 3070ms);
  CHECK(dead.syns() == 0);
  CHECK(live("client 192.0.2.7\nhost 192.0.2.9 down\n").record.error == EHOSTUNREACH);
}

TEST_CASE("rules with memory count the SYNs", "[sim]") {
  const auto accepted = [](const std::string& rule) {
    sim::Network network(sim::parse_scenario(chain("", "", "open 22 " + rule)));
    ProbeSpec spec;
    const auto& scenario = network.scenario();
    spec.flow = {Transport::tcp, {scenario.client.address, 41000}, scenario.target};
    unsigned answers = 0;
    const auto limit = network.now() + 500ms;
    for (unsigned i = 0; i < 8; ++i) {
      spec.flow.source.port = static_cast<std::uint16_t>(41000 + i);
      (void)network.send(spec);
    }
    while (network.now() < limit)
      if (const auto seen = network.next(limit))
        answers += std::get<TcpSegment>(seen->message).is_syn_ack();
    return answers;
  };
  CHECK(accepted("") == 8);
  CHECK(accepted("input drop tcp 22 syn after 3 ban") == 3);
  CHECK(accepted("input drop tcp 22 syn over 1") == 1);
}

TEST_CASE("the kernel resets the SYN/ACK of a raw SYN", "[sim]") {
  sim::Network network(sim::parse_scenario(chain("", "", "open 22")));
  ProbeSpec spec;
  spec.flow = {
      Transport::tcp, {network.scenario().client.address, 41000}, network.scenario().target};
  spec.sequence = 9;
  (void)network.send(spec);
  std::vector<Observation> seen;
  const auto limit = network.now() + 10s;
  while (network.now() < limit)
    if (auto packet = network.next(limit)) seen.push_back(*packet);
  REQUIRE(seen.size() == 3);  // SYN, SYN/ACK, RST: and no SYN/ACK again
  CHECK(seen[2].frame.value == 3);
  const auto& reset = std::get<TcpSegment>(seen[2].message);
  CHECK(reset.flags == tcp_flag::rst);
  CHECK(reset.sequence == 10);
}

TEST_CASE("the language says what it does not understand", "[sim]") {
  const auto why = [](const std::string& text) {
    try {
      (void)sim::parse_scenario(text);
    } catch (const sim::ScenarioError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(why("hop r1 192.0.2.1 fowrard drop\nhost 192.0.2.9\n") ==
        "line 1: 'fowrard' is not a word for hop");
  CHECK(why("hop r1 192.0.2\n") == "line 1: '192.0.2' is no IPv4 address");
  CHECK(why("hop r1 192.0.2.1 delay 5\n") == "line 1: '5' is not a duration such as 5ms");
  CHECK(why("hop r1 192.0.2.1\n") == "the last device must be a host");
  CHECK(why("hop r1 192.0.2.1\n  loss 10\n") == "line 2: '10' is not a percentage such as 10%");
  CHECK(why("hop r1 192.0.2.1 forward refuse\n") ==
        "line 1: 'refuse' is not an action such as drop");
  CHECK(why("host 192.0.2.9 open 22 banner \"x\n") == "line 1: a quote is not closed");
  CHECK(why("host 192.0.2.9 open\n") == "line 1: a port is missing at the end");
  CHECK(why("host 192.0.2.9 # a comment\ntruth closed-port 1\n") == "accepted");
}
