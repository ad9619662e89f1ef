// The simulator against the measured truth: one probe in, which packet comes back. Chain: client,
// r1, r2, (bridge), sv; every box starts at 64, so r1 reads 64, r2 63, sv 62 at the client.

#include <fmt/format.h>

#include "analysis/plan/probe_factory.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/network.hpp"

using namespace hopblame;
using namespace std::chrono_literals;

namespace {

std::string box_name(const IpAddress& address) {
  for (const auto& [text, name] : {std::pair{"192.0.2.1", "r1"},
                                   {"198.51.100.1", "r2"},
                                   {"203.0.113.10", "sv"},
                                   {"198.51.100.2", "br"}}) {
    const auto v4 = *IpAddress::parse(text);
    if (address == v4) return name;
    if (address.family == Family::ipv6 &&
        std::equal(v4.bytes.begin(), v4.bytes.begin() + 4, address.bytes.begin() + 12))
      return name;
  }
  return to_string(address);
}

struct InShort {
  const Observation& seen;

  std::string operator()(const TcpSegment& segment) const {
    std::string text = segment.is_reset() ? "R" : "S";
    if (segment.has(tcp_flag::ack)) text += "A";
    text += fmt::format("/{}", seen.hop_limit.value);
    if (segment.is_syn_ack() && segment.window == 0) text += " win0";
    return seen.traffic_class == probe_traffic_class ? text + " echo" : text;
  }
  std::string operator()(const IcmpError& error) const {
    const bool forged = seen.traffic_class == 0 && seen.dont_fragment;
    return fmt::format("{}/{}@{}/{} q{}{}", error.type, error.code,
                       box_name(seen.flow.source.address), seen.hop_limit.value,
                       error.quote->hop_limit.value, forged ? " forged" : "");
  }
  std::string operator()(const IcmpEcho&) const {
    return fmt::format("echo/{}", seen.hop_limit.value);
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "?";
  }
};

std::string scenario_of(const std::string& r2, const std::string& link, const std::string& host) {
  return fmt::format(
      "client 192.0.2.7\nhop r1 192.0.2.1\nhop r2 198.51.100.1 {}\n{}\nhost 203.0.113.10 {}\n", r2,
      link, host);
}

/// What comes back to one probe within five seconds: all of it, in short.
std::string answer_to(const sim::Scenario& scenario, Question question) {
  sim::Network network(scenario);
  Goal goal;
  goal.target = scenario.target;
  goal.control_port = 40001;
  std::uint32_t numbers = 1000;
  ProbeFactory factory(
      goal, scenario.client.address, [] { return std::uint16_t{50000}; },
      [&] { return numbers += 7; });
  REQUIRE(network.send(factory.make(question)).error == 0);
  std::string answers;
  const auto limit = network.now() + 5s;
  while (network.now() < limit) {
    const auto seen = network.next(limit);
    if (!seen || seen->flow.source.address == scenario.client.address) continue;
    answers += (answers.empty() ? "" : ", ") + std::visit(InShort{*seen}, seen->message);
  }
  return answers.empty() ? "-" : answers;
}

struct Row {
  std::string name, r2, link, host;
  std::string syn, ack, fin, bad_checksum;
  unsigned ttl;         ///< of the SYN with a small hop limit
  std::string dies_at;  ///< its answer
};

const std::string open = "open 22";

const std::vector<Row> master_table{
    {"closed", "", "", "", "RA/62 echo", "R/62 echo", "RA/62 echo", "-", 3, "RA/62 echo"},
    {"open", "", "", open, "SA/62", "R/62 echo", "-", "-", 3, "SA/62"},
    {"queue full", "", "", "open 22 queue-full", "-", "R/62 echo", "-", "-", 3, "-"},
    {"md5", "", "", "open 22 md5", "-", "-", "-", "-", 3, "-"},
    {"input drop", "", "", open + " input drop tcp 22", "-", "-", "-", "-", 3, "-"},
    {"syn drop, open", "", "", open + " input drop tcp 22 syn", "-", "R/62 echo", "-", "-", 3, "-"},
    {"syn drop, closed", "", "", "input drop tcp 22 syn", "-", "R/62 echo", "RA/62 echo", "-", 3,
     "-"},
    {"new drop, open", "", "", open + " input drop tcp 22 new", "-", "-", "-", "-", 3, "-"},
    {"new drop, closed", "", "", "input drop tcp 22 new", "-", "-", "RA/62 echo", "-", 3, "-"},
    {"invalid and new drop", "", "", open + " input drop tcp invalid input drop tcp 22 new", "-",
     "-", "-", "-", 3, "-"},
    {"invalid drop, closed", "", "", "input drop tcp invalid", "RA/62 echo", "R/62 echo", "-", "-",
     3, "RA/62 echo"},
    {"host reset", "", "", open + " input reset tcp 22", "RA/62", "R/62", "RA/62", "-", 3, "RA/62"},
    {"host syn reset", "", "", open + " input reset tcp 22 syn", "RA/62", "R/62 echo", "-", "-", 3,
     "RA/62"},
    {"host reject", "", "", open + " input reject port tcp 22", "3/3@sv/62 q62", "3/3@sv/62 q62",
     "3/3@sv/62 q62", "-", 3, "3/3@sv/62 q1"},
    {"host prohibited", "", "", open + " input reject host-prohibited", "3/10@sv/62 q62",
     "3/10@sv/62 q62", "3/10@sv/62 q62", "-", 3, "3/10@sv/62 q1"},
    {"forward reset", "forward reset tcp 22", "", open, "RA/63", "R/63", "RA/63", "-", 2,
     "11/0@r2/63 q1"},
    {"forward syn reset, open", "forward reset tcp 22 syn", "", open, "RA/63", "R/62 echo", "-",
     "-", 2, "11/0@r2/63 q1"},
    {"forward syn reset, closed", "forward reset tcp 22 syn", "", "", "RA/63", "R/62 echo",
     "RA/62 echo", "-", 2, "11/0@r2/63 q1"},
    {"forward reject", "forward reject admin tcp 22", "", open, "3/13@r2/63 q62", "3/13@r2/63 q62",
     "3/13@r2/63 q62", "-", 2, "11/0@r2/63 q1"},
    {"prerouting reset", "prerouting reset tcp 22", "", open, "RA/63", "R/63", "RA/63", "-", 2,
     "RA/63"},
    {"prerouting reject", "prerouting reject admin tcp 22", "", open, "3/13@r2/63 q63",
     "3/13@r2/63 q63", "3/13@r2/63 q63", "-", 2, "3/13@r2/63 q1"},
    {"ingress reset", "ingress reset tcp 22", "", open, "RA/63", "R/63", "RA/63", "-", 2, "RA/63"},
    {"ingress reject", "ingress reject admin tcp 22", "", open, "3/13@sv/63 q63 forged",
     "3/13@sv/63 q63 forged", "3/13@sv/63 q63 forged", "-", 2, "3/13@sv/63 q1 forged"},
    {"bridge ingress reset", "", "bridge b ingress reset tcp 22", open, "RA/62", "R/62", "RA/62",
     "-", 3, "RA/62"},
    {"bridge ingress reject", "", "bridge b ingress reject admin tcp 22", open,
     "3/13@sv/62 q62 forged", "3/13@sv/62 q62 forged", "3/13@sv/62 q62 forged", "-", 3,
     "3/13@sv/62 q1 forged"},
    {"br_netfilter reject", "", "bridge b forward reject port tcp 22", open, "-", "-", "-", "-", 3,
     "-"},
    {"br_netfilter with address, reset", "", "bridge b address 198.51.100.2 forward reset tcp 22",
     open, "RA/62", "R/62", "RA/62", "-", 3, "RA/62"},
    {"br_netfilter with address, reject", "",
     "bridge b address 198.51.100.2 forward reject port tcp 22", open, "3/3@br/62 q62",
     "3/3@br/62 q62", "3/3@br/62 q62", "-", 3, "3/3@br/62 q1"},
    {"forward drop", "forward drop tcp 22", "", open, "-", "-", "-", "-", 2, "11/0@r2/63 q1"},
    {"prerouting drop", "prerouting drop tcp 22", "", open, "-", "-", "-", "-", 2, "-"},
    {"ingress drop", "ingress drop tcp 22", "", open, "-", "-", "-", "-", 2, "-"},
    {"postrouting drop", "postrouting drop tcp 22", "", open, "-", "-", "-", "-", 2,
     "11/0@r2/63 q1"},
    {"syn/ack lost at the host", "", "", open + " output drop tcp 22 synack", "-", "R/62 echo", "-",
     "-", 3, "-"},
    {"syn/ack lost at r2", "forward back drop tcp 22 synack", "", open, "-", "R/62 echo", "-", "-",
     3, "-"},
    {"every answer lost", "", "", open + " output drop tcp 22", "-", "-", "-", "-", 3, "-"},
    {"established acl, reject", "forward reject admin tcp unestablished", "", open,
     "3/13@r2/63 q62", "R/62 echo", "3/13@r2/63 q62", "-", 2, "11/0@r2/63 q1"},
    {"established acl, drop", "forward drop tcp unestablished", "", open, "-", "R/62 echo", "-",
     "-", 2, "11/0@r2/63 q1"},
    {"route unreachable", "route unreachable", "", open, "3/1@r2/63 q63", "3/1@r2/63 q63",
     "3/1@r2/63 q63", "3/1@r2/63 q63", 2, "3/1@r2/63 q1"},
    {"route prohibit", "route prohibit", "", open, "3/13@r2/63 q63", "3/13@r2/63 q63",
     "3/13@r2/63 q63", "3/13@r2/63 q63", 2, "3/13@r2/63 q1"},
    {"no route", "route no-route", "", open, "3/0@r2/63 q63", "3/0@r2/63 q63", "3/0@r2/63 q63",
     "3/0@r2/63 q63", 2, "3/0@r2/63 q1"},
    {"blackhole", "blackhole", "", open, "-", "-", "-", "-", 2, "-"},
    {"dead host", "", "", "down", "3/1@r2/63 q62", "3/1@r2/63 q62", "3/1@r2/63 q62",
     "3/1@r2/63 q62", 2, "11/0@r2/63 q1"},
    {"no way back", "", "", "no-way-back", "-", "-", "-", "-", 2, "11/0@r2/63 q1"},
    {"loop", "loop", "", open, "11/0@r2/63 q1", "11/0@r2/63 q1", "11/0@r2/63 q1", "11/0@r2/63 q1",
     3, "11/0@r1/64 q1"},
    {"kube-proxy without endpoints", "forward reject port tcp 22 new", "", open, "3/3@r2/63 q62",
     "3/3@r2/63 q62", "-", "-", 2, "11/0@r2/63 q1"},
    {"syn proxy, dead host", "syn-proxy 22", "", "drop-all", "SA/63 win0", "-", "-", "-", 2,
     "11/0@r2/63 q1"},
    {"redirect to itself", "redirect 22 open 22", "", "", "SA/63", "R/63 echo", "RA/62 echo", "-",
     2, "SA/63"},
    {"ttl 255", "ttl 255 forward reset tcp 22", "", open, "RA/254", "R/254", "RA/254", "-", 2,
     "11/0@r2/254 q1"},
    {"pf return", "forward pf-reset tcp 22", "", open, "RA/63", "RA/63", "RA/63", "-", 2,
     "11/0@r2/63 q1"},
    {"stealth host", "", "", "stealth", "-", "-", "-", "-", 3, "-"},
    {"bleaching router", "bleach", "", "", "RA/62", "R/62", "RA/62", "-", 2, "11/0@r2/63 q1"},
    {"silent router", "silent", "", "", "RA/62 echo", "R/62 echo", "RA/62 echo", "-", 2, "-"},
    {"injector with its own ttl", "", "injector gfw ttl 77 count 2", "", "RA/75, RA/76, RA/62 echo",
     "R/62 echo", "RA/62 echo", "RA/75, RA/76", 2, "11/0@r2/63 q1"},
    {"injector that copies the ttl", "", "injector box copy-ttl instead", open, "RA/60",
     "R/62 echo", "-", "RA/60", 5, "RA/1"},
};

Question asking(ProbeKind kind, unsigned ttl = 64) {
  return {kind, Aim::target, 0, {static_cast<std::uint8_t>(ttl)}};
}

}  // namespace

TEST_CASE("each mechanism answers each probe as measured", "[sim]") {
  for (const auto& row : master_table) {
    const auto text = scenario_of(row.r2, row.link, row.host);
    const auto scenario = sim::parse_scenario(text);
    INFO(row.name << "\n" << text);
    CHECK(answer_to(scenario, asking(ProbeKind::syn)) == row.syn);
    CHECK(answer_to(scenario, asking(ProbeKind::ack)) == row.ack);
    CHECK(answer_to(scenario, asking(ProbeKind::fin)) == row.fin);
    CHECK(answer_to(scenario, asking(ProbeKind::syn_bad_checksum)) == row.bad_checksum);
    CHECK(answer_to(scenario, asking(ProbeKind::syn, row.ttl)) == row.dies_at);
  }
}

TEST_CASE("IPv6 differs in the numbers only", "[sim]") {
  const std::vector<std::array<std::string, 3>> rows{
      {"", "", "RA/62 echo"},
      {"", "input reset tcp 22", "RA/62"},
      {"", "input reject port tcp 22", "1/4@sv/62 q62"},
      {"forward reject admin tcp 22", "", "1/1@r2/63 q62"},
      {"route no-route", "", "1/0@r2/63 q63"},
      {"route unreachable", "", "1/0@r2/63 q63"},
      {"route prohibit", "", "1/1@r2/63 q63"},
      {"", "down", "1/3@r2/63 q62"},
      {"ingress reject admin tcp 22", "", "1/1@sv/63 q63"},
  };
  for (const auto& [r2, host, expected] : rows) {
    const auto scenario = sim::parse_scenario(scenario_of(r2, "", host), Family::ipv6);
    INFO(scenario.text);
    CHECK(answer_to(scenario, asking(ProbeKind::syn)) == expected);
    CHECK(answer_to(scenario, asking(ProbeKind::syn, 1)) == "3/0@r1/64 q1");
  }
}

TEST_CASE("flow labels tell a stack from netfilter on IPv6", "[sim]") {
  const auto label_of = [](const std::string& host) {
    sim::Network network(sim::parse_scenario(scenario_of("", "", host), Family::ipv6));
    Goal goal;
    goal.target = network.scenario().target;
    ProbeFactory factory(
        goal, network.scenario().client.address, [] { return std::uint16_t{50000}; },
        [] { return 5u; });
    (void)network.send(factory.make(asking(ProbeKind::syn)));
    (void)network.next(network.now() + 1s);
    return network.next(network.now() + 1s)->ip_id_or_flow_label;
  };
  CHECK(label_of("") != 0);
  CHECK(label_of("input reset tcp 22") == 0);
}

TEST_CASE("a strict NAT at hop 1 eats what starts no connection", "[sim]") {
  const auto scenario = sim::parse_scenario(
      "client 192.0.2.7\nhop r1 192.0.2.1 nat-strict\nhop r2 198.51.100.1\nhost 203.0.113.10\n");
  CHECK(answer_to(scenario, asking(ProbeKind::ack, 1)) == "11/0@r1/64 q1");
  CHECK(answer_to(scenario, asking(ProbeKind::ack, 2)) == "-");
  CHECK(answer_to(scenario, asking(ProbeKind::syn, 2)) == "11/0@r2/63 q1");
}

TEST_CASE("a port forward answers with two voices", "[sim]") {
  const auto with = [](const std::string& router, const std::string& host) {
    return sim::parse_scenario("client 192.0.2.7\nhop r1 192.0.2.1\nhop r2 198.51.100.1 " + router +
                               " port-forward 22\nhost 203.0.113.10 " + host + "\n");
  };
  CHECK(answer_to(with("", ""), asking(ProbeKind::syn)) == "RA/62 echo");
  CHECK(answer_to(with("", ""), asking(ProbeKind::ack)) == "R/62 echo");
  CHECK(answer_to(with("", ""), asking(ProbeKind::fin)) == "RA/63 echo");
  CHECK(answer_to(with("", ""), asking(ProbeKind::syn, 2)) == "11/0@r2/63 q1");
  CHECK(answer_to(with("", "open 22"), asking(ProbeKind::syn)) == "SA/62");
  CHECK(answer_to(with("", "down"), asking(ProbeKind::syn)) == "3/1@r2/63 q62");
  CHECK(answer_to(with("", "input reject port tcp 22"), asking(ProbeKind::syn)) == "3/3@r2/62 q62");
  CHECK(answer_to(with("route no-route", ""), asking(ProbeKind::fin)) == "RA/63 echo");
}

TEST_CASE("ICMP errors share one small bucket, RSTs have none", "[sim]") {
  const auto answered = [](const std::string& r2, Family family, unsigned probes) {
    sim::Network network(sim::parse_scenario(scenario_of(r2, "", ""), family));
    Goal goal;
    goal.target = network.scenario().target;
    std::uint32_t numbers = 0;
    ProbeFactory factory(
        goal, network.scenario().client.address, [] { return std::uint16_t{50000}; },
        [&] { return ++numbers; });
    for (unsigned i = 0; i < probes; ++i)
      (void)network.send(factory.make(asking(ProbeKind::syn, i % 2 == 0 ? 64 : 2)));
    unsigned count = 0;
    const auto limit = network.now() + 50ms;
    while (network.now() < limit)
      if (const auto seen = network.next(limit))
        count += seen->flow.destination.address == network.scenario().client.address;
    return count;
  };
  CHECK(answered("forward reject admin tcp 22", Family::ipv4, 20) == 6);
  CHECK(answered("forward reject admin tcp 22", Family::ipv6, 20) == 11);
  CHECK(answered("prerouting reset tcp 22", Family::ipv4, 60) == 60);
  CHECK(answered("ingress reject admin tcp 22", Family::ipv4, 60) == 60);
  CHECK(answered("route no-route", Family::ipv4, 20) == 2);
}

TEST_CASE("a short quote carries the sequence and no flags", "[sim]") {
  sim::Network network(sim::parse_scenario(scenario_of("quote 8", "", "")));
  Goal goal;
  goal.target = network.scenario().target;
  ProbeFactory factory(
      goal, network.scenario().client.address, [] { return std::uint16_t{50000}; },
      [] { return 77u; });
  (void)network.send(factory.make(asking(ProbeKind::syn, 2)));
  (void)network.next(network.now() + 1s);
  const auto seen = network.next(network.now() + 1s);
  REQUIRE(seen);
  const auto& error = std::get<IcmpError>(seen->message);
  CHECK(error.quote->bytes == 28);
  CHECK(error.quote->tcp_sequence == 77u);
  CHECK_FALSE(error.quote->tcp_flags);
}
