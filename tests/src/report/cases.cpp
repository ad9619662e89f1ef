#include "tests/src/report/cases.hpp"

#include <cerrno>

namespace hopblame::cases {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }

TimePoint start() { return TimePoint(std::chrono::seconds(1795173600) + Duration(1234567)); }

struct Network {
  const char* local;
  std::vector<const char*> hops;  ///< the last is the destination
};

const Network v4{"192.0.2.7", {"192.0.2.1", "198.51.100.77", "198.51.100.133", "203.0.113.10"}};
const Network v6{"2001:db8:1::7",
                 {"2001:db8:1::1", "2001:db8:2::2", "2001:db8:3::2", "2001:db8:4::10"}};

Where at(CulpritKind kind, unsigned first, unsigned last, const char* address = nullptr) {
  Where where{kind, static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(last), {}};
  if (address) where.address = ip(address);
  return where;
}

Hop hop(unsigned distance, const char* address, FlowState target, FlowState control) {
  Hop made;
  made.distance = static_cast<std::uint8_t>(distance);
  if (address) made.responders.push_back(ip(address));
  if (address) made.round_trip = microseconds(410 * distance);
  made.target_flow = target;
  made.control_flow = control;
  made.asked = 2;
  made.answered = address ? 2 : 0;
  return made;
}

/// Hops before `blocked` pass both flows; the control flow reaches the destination.
Path path_of(const Network& net, unsigned blocked, FlowState at_block) {
  Path path;
  for (unsigned i = 1; i <= net.hops.size(); ++i) {
    const bool last = i == net.hops.size();
    const FlowState target = i < blocked    ? FlowState::passes
                             : i == blocked ? at_block
                                            : FlowState::not_asked;
    path.hops.push_back(
        hop(i, net.hops[i - 1], target, last ? FlowState::answers : FlowState::passes));
  }
  path.distance.destination = static_cast<std::uint8_t>(net.hops.size());
  return path;
}

Case base(const char* name, const Network& net, Outcome outcome, std::uint16_t port = 22) {
  Case made;
  made.name = name;
  made.run.goal.host = "db.example.com";
  made.run.goal.target = {ip(net.hops.back()), port};
  made.run.facts.vantage.local = ip(net.local);
  made.run.facts.vantage.interface = "eth0";
  made.run.facts.vantage.gateway = ip(net.hops.front());
  made.run.started = start();
  made.run.ended = start() + milliseconds(420);
  made.run.names.emplace_back(ip(net.hops.front()), "gw.example.net");
  made.analysis.verdict.outcome = outcome;
  made.analysis.service.name = port == 22 ? "ssh" : "smtp";
  made.analysis.packets = {31, 31, 29, 0, 0};
  made.analysis.attempts.total = 1;
  return made;
}

void blame(Case& made, const Where& where, Confidence confidence) {
  made.analysis.verdict.culprit = {where, confidence};
}

Explanation because(Mechanism mechanism, const Where& where, std::vector<Evidence> evidence,
                    unsigned rank = 1) {
  return {mechanism,           rank, where,
          std::move(evidence), {},   "a capture on the server while you try again"};
}

Case reset_at_hop_2(const char* name, const Network& net) {
  Case made = base(name, net, Outcome::refused);
  const Where where = at(CulpritKind::router, 2, 2, net.hops[1]);
  blame(made, where, Confidence::strong);
  made.analysis.path = path_of(net, 2, FlowState::answers);
  made.analysis.path.distance.target_flow = 2;
  made.analysis.verdict.explanations = {
      because(Mechanism::middlebox_reset, where,
              {{"The RST arrived with TTL 63. The time exceeded messages of hop 2 arrive with TTL "
                "63 too, and the "
                "real host answers on the other port with TTL 61.",
                {FrameId{12}, FrameId{31}}},
               {"A SYN that may travel 2 hops draws time exceeded from hop 2; one that may travel "
                "3 draws the RST.",
                {FrameId{8}}}})};
  made.analysis.verdict.explanations[0].settled_by =
      "the rule counters on " + std::string(net.hops[1]);
  made.analysis.app_sees = {ECONNREFUSED, false};
  made.analysis.attempts.refused = 1;
  return made;
}

}  // namespace

Case open() {
  Case made = base("open", v4, Outcome::open);
  blame(made, {CulpritKind::none, {}, {}, {}}, Confidence::certain);
  made.analysis.path = path_of(v4, 4, FlowState::answers);
  made.analysis.path.distance.target_flow = 4;
  made.analysis.verdict.explanations = {
      because(Mechanism::listening, at(CulpritKind::destination, 4, 4, v4.hops[3]),
              {{"SYN/ACK came and the service spoke.", {FrameId{5}, FrameId{9}}}})};
  made.analysis.app_sees = {0, false};
  made.analysis.service = {true, "SSH-2.0-OpenSSH_9.2p1 Debian-2", "ssh"};
  made.analysis.attempts.open = 1;
  return made;
}

Case closed() {
  Case made = base("closed", v4, Outcome::refused);
  const Where where = at(CulpritKind::destination, 4, 4, v4.hops[3]);
  blame(made, where, Confidence::certain);
  made.analysis.path = path_of(v4, 4, FlowState::answers);
  made.analysis.path.distance.target_flow = 4;
  made.analysis.verdict.explanations = {
      because(Mechanism::closed_port, where,
              {{"The RST repeats the type of service of the probe, as a network stack does.",
                {FrameId{7}}}})};
  made.analysis.app_sees = {ECONNREFUSED, false};
  return made;
}

Case middlebox_reset() { return reset_at_hop_2("middlebox-reset", v4); }
Case middlebox_reset_v6() { return reset_at_hop_2("middlebox-reset-v6", v6); }

Case host_drop() {
  Case made = base("host-drop", v4, Outcome::dropped);
  const Where where = at(CulpritKind::between, 3, 4);
  blame(made, where, Confidence::strong);
  made.analysis.path = path_of(v4, 4, FlowState::silent);
  made.analysis.verdict.explanations = {
      because(Mechanism::filter_drop, where,
              {{"4 SYNs to port 22 got no answer within 1.2 s.",
                {FrameId{1}, FrameId{3}, FrameId{20}, FrameId{25}}},
               {"Port 47123 of the same host answers.", {FrameId{6}}}}),
      because(Mechanism::answer_lost, at(CulpritKind::between, 1, 4),
              {{"4 SYNs to port 22 got no answer within 1.2 s.",
                {FrameId{1}, FrameId{3}, FrameId{20}, FrameId{25}}}},
              2)};
  made.analysis.app_sees = {ETIMEDOUT, true};
  made.analysis.verdict.caveats = {{CaveatId::no_handshake, ""}};
  return made;
}

Case icmp_reject_router() {
  Case made = base("icmp-reject-router", v4, Outcome::rejected, 25);
  const Where where = at(CulpritKind::router, 2, 2, v4.hops[1]);
  blame(made, where, Confidence::certain);
  made.analysis.path = path_of(v4, 2, FlowState::blocked);
  made.analysis.icmp = DecidingIcmp{3, 13, ip(v4.hops[1]), HopLimit{62}, FrameId{14}};
  made.analysis.verdict.explanations = {
      because(Mechanism::icmp_reject_router, where,
              {{"198.51.100.77 sent the ICMP message; it is hop 2 of the path.", {FrameId{14}}}})};
  made.analysis.app_sees = {EHOSTUNREACH, false};
  return made;
}

Case host_down() {
  Case made = base("host-down", v4, Outcome::unreachable);
  const Where where = at(CulpritKind::destination, 4, 4, v4.hops[3]);
  blame(made, where, Confidence::strong);
  made.analysis.path = path_of(v4, 4, FlowState::silent);
  made.analysis.path.hops[3] = hop(4, nullptr, FlowState::silent, FlowState::silent);
  made.analysis.icmp = DecidingIcmp{3, 1, ip(v4.hops[2]), {}, FrameId{40}};
  made.analysis.verdict.explanations = {
      because(Mechanism::host_down, where,
              {{"Hop 3 reported host unreachable 3.06 s after the probe.", {FrameId{40}}}})};
  made.analysis.app_sees = {EHOSTUNREACH, false};
  return made;
}

Case local_output_filter() {
  Case made = base("local-output-filter", v4, Outcome::local);
  const Where where = at(CulpritKind::this_host, 0, 0);
  blame(made, where, Confidence::certain);
  made.analysis.verdict.explanations = {
      because(Mechanism::local_output_filter, where,
              {{"send() failed with EPERM, and no SYN was seen leaving.", {}}})};
  made.analysis.app_sees = {ETIMEDOUT, false};
  return made;
}

Case inconclusive() {
  Case made = base("inconclusive", v4, Outcome::inconclusive);
  blame(made, {}, Confidence::weak);
  made.run.goal.host.clear();
  made.analysis.path.hops = {hop(1, v4.hops[0], FlowState::passes, FlowState::passes)};
  made.analysis.verdict.caveats = {{CaveatId::interrupted, "The run was stopped after 0.4 s."},
                                   {CaveatId::no_icmp, ""}};
  return made;
}

Case closed_early() {
  Case made = base("closed-early", v4, Outcome::closed_early);
  const Where where = at(CulpritKind::destination, 4, 4, v4.hops[3]);
  blame(made, where, Confidence::strong);
  std::string everything;
  for (const auto& nasty : nasty_strings()) everything += nasty;
  made.run.goal.host = everything;
  made.run.facts.vantage.interface = "eth0\x1b[31m|`";
  made.run.names = {{ip(v4.hops[0]), everything}, {ip(v4.hops[3]), "<b>x</b>\n# y|z"}};
  made.analysis.path = path_of(v4, 4, FlowState::answers);
  made.analysis.service = {true, "Exceeded MaxStartups\r" + everything, "ssh"};
  made.run.connect = ConnectRecord{};
  made.run.connect->close_error = ECONNRESET;
  made.analysis.app_sees = {0, false};
  made.analysis.verdict.explanations = {because(
      Mechanism::connection_limit, where, {{"The service said so and closed.", {FrameId{9}}}})};
  return made;
}

Case blackhole() {
  Case made = base("blackhole", v4, Outcome::dropped, 443);
  const Where where = at(CulpritKind::between, 1, 2);
  blame(made, where, Confidence::weak);
  made.analysis.path.hops = {hop(1, v4.hops[0], FlowState::passes, FlowState::passes)};
  for (unsigned i = 2; i <= 8; ++i)
    made.analysis.path.hops.push_back(hop(i, nullptr, FlowState::silent, FlowState::silent));
  const std::vector<Evidence> silence{
      {"Nothing of any kind came from beyond hop 1.", {FrameId{4}, FrameId{5}}}};
  made.analysis.verdict.explanations = {
      because(Mechanism::blackhole, where, silence),
      because(Mechanism::filter_drop, where, silence),
      because(Mechanism::host_silent, {CulpritKind::unknown, std::uint8_t{1}, {}, {}}, silence)};
  made.analysis.app_sees = {ETIMEDOUT, true};
  return made;
}

Case long_path_v6() {
  Case made = base("long-path-v6", v6, Outcome::dropped, 8080);
  const Where where = at(CulpritKind::between, 9, 10);
  blame(made, where, Confidence::strong);
  made.run.goal.host = "a-rather-long-name-of-a-server.in-a-department.of-a-company.example.com";
  made.run.goal.target.address = ip("2001:db8:ffff:eeee:dddd:cccc:bbbb:aaaa");
  made.run.facts.vantage.local = ip("2001:db8:1111:2222:3333:4444:5555:6666");
  for (unsigned i = 1; i <= 9; ++i) {
    const bool silent = i >= 4 && i <= 7;
    const std::string address = "2001:db8:ffff:eeee:dddd:cccc:bbbb:" + std::to_string(1110 + i);
    made.analysis.path.hops.push_back(hop(i, silent ? nullptr : address.c_str(),
                                          silent ? FlowState::silent : FlowState::passes,
                                          silent ? FlowState::silent : FlowState::passes));
    made.run.names.emplace_back(
        ip(address.c_str()),
        "ae-" + std::to_string(i) + ".core.a-provider-with-a-long-name.example.net");
  }
  made.analysis.path.hops[1].responders.push_back(ip("2001:db8:ffff:eeee:dddd:cccc:bbbb:9999"));
  made.analysis.path.hops.push_back(
      hop(10, "2001:db8:ffff:eeee:dddd:cccc:bbbb:aaaa", FlowState::silent, FlowState::answers));
  made.analysis.path.hops.back().round_trip = milliseconds(312);
  made.analysis.path.distance.destination = std::uint8_t{10};
  made.analysis.verdict.explanations = {
      because(Mechanism::filter_drop, where,
              {{"3 SYNs got no answer.", {FrameId{1}, FrameId{2}, FrameId{3}}}})};
  made.analysis.app_sees = {ETIMEDOUT, true};
  return made;
}

std::vector<Case> all() {
  return {open(),
          closed(),
          middlebox_reset(),
          middlebox_reset_v6(),
          host_drop(),
          icmp_reject_router(),
          host_down(),
          local_output_filter(),
          inconclusive(),
          closed_early(),
          blackhole(),
          long_path_v6(),
          twelve_hops()};
}

const std::vector<std::string>& nasty_strings() {
  static const std::vector<std::string> strings{
      "\x1b[2J\x1b[1;31mowned\x1b[0m",
      "\x1b]0;title\x07",
      "\x9b"
      "31m",
      "a\r\nb\nc\td\v",
      std::string("nul\0nul", 7),
      "\x7f\x08\x08",
      "\xe2\x80\xae"
      "gnp.exe",
      "\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf",
      "\xff\xfe\xc0\xaf\xed\xa0\x80",
      "<script>alert(1)</script>",
      "\"><img src=x onerror=alert(1)>",
      "' style='x:expression(1)",
      "<!-- --></style></title></svg>",
      "&lt;&#60;&amp;",
      "[click](http://evil.example)",
      "![x](http://evil.example/x.png)",
      "http://evil.example www.evil.example a@evil.example @mention #1",
      "```\n# heading\n```",
      "~~~ | pipe | `tick` ``two`` ```` four",
      "* item\n- item\n1. item\n> quote\n---",
      "{address} {port} {{}} {0} %s %n",
      "$(reboot) `reboot` ; reboot \\",
  };
  return strings;
}

}  // namespace hopblame::cases
