#include <algorithm>
#include <cerrno>
#include <sstream>

#include "tests/src/report/cases.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string text_of(const cases::Case& made, unsigned width = 100, bool colour = false) {
  return render_text(made.input(), {colour, width});
}

/// The first line after the path table: the table ends with the first empty line after its header.
std::string answer_of(const cases::Case& made) {
  const auto lines = lines_of(text_of(made));
  auto line = std::find_if(lines.begin(), lines.end(), [](const auto& text) {
    return text.find("hop  address") != std::string::npos;
  });
  REQUIRE(line != lines.end());
  line = std::find(line, lines.end(), "");
  REQUIRE(line != lines.end());
  return *std::next(line);
}

/// Words in a row, however the lines were broken.
std::string unwrapped(const std::string& text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\n')
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  return out;
}

/// It stays whole: a command that can be pasted is worth more than a margin.
bool one_word_of_a_command(const std::string& line) {
  return line.starts_with("         ") && line.find(' ', line.find_first_not_of(' ')) == line.npos;
}

bool says(const cases::Case& made, const std::string& words) {
  return unwrapped(text_of(made)).find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("text: the first line after the path table is the answer") {
  CHECK(answer_of(cases::open()) ==
        "open: 203.0.113.10 port 22 answers (hop 4). How sure: certain.");
  CHECK(answer_of(cases::closed()) ==
        "refused by the destination 203.0.113.10 (hop 4). How sure: certain.");
  CHECK(answer_of(cases::middlebox_reset()) ==
        "refused by the router 198.51.100.77 (hop 2). How sure: strong.");
  CHECK(answer_of(cases::middlebox_reset_v6()) ==
        "refused by the router 2001:db8:2::2 (hop 2). How sure: strong.");
  CHECK(answer_of(cases::host_drop()) == "dropped between hop 3 and hop 4. How sure: strong.");
  CHECK(answer_of(cases::icmp_reject_router()) ==
        "rejected by the router 198.51.100.77 (hop 2). How sure: certain.");
  CHECK(
      answer_of(cases::host_down()) ==
      "unreachable: nobody at hop 4, the destination 203.0.113.10 or a router before it. How sure: "
      "strong.");
  CHECK(answer_of(cases::local_output_filter()) ==
        "local: the cause is on this machine. How sure: certain.");
  CHECK(answer_of(cases::inconclusive()) ==
        "inconclusive: the packets do not tell who. How sure: weak.");
  CHECK(answer_of(cases::closed_early()) ==
        "closed-early by the destination 203.0.113.10 (hop 4). How sure: strong.");
}

TEST_CASE("text: what may be a tarpit is not said to be lost on the way") {
  auto made = cases::open();
  auto& verdict = made.analysis.verdict;
  verdict.culprit.confidence = Confidence::weak;
  verdict.explanations.push_back(verdict.explanations.front());
  verdict.explanations.back().mechanism = Mechanism::tarpit;
  verdict.explanations.back().rank = 2;
  CHECK(says(made, "only holds connections"));
  CHECK_FALSE(says(made, "Packets get lost on the path"));
}

TEST_CASE("text: a port that is open by the probes alone is not said to have spoken") {
  auto made = cases::open();
  CHECK(says(made, "where the service speaks first, it spoke"));
  made.analysis.verdict.culprit.confidence = Confidence::weak;
  CHECK_FALSE(says(made, "it spoke"));
  CHECK(says(made, "whether the service speaks is not known"));
}

TEST_CASE("text: every answer starts with its outcome word") {
  for (const auto& made : cases::all())
    CHECK(answer_of(made).starts_with(to_string(made.analysis.verdict.outcome)));
}

TEST_CASE("text: no line is wider than the terminal or 100 columns") {
  for (const auto& made : cases::all())
    for (const unsigned width : {80u, 100u, 200u})
      for (const auto& line : lines_of(text_of(made, width))) {
        CAPTURE(made.name, width, line);
        CHECK((line.size() <= std::min(width, 100u) || one_word_of_a_command(line)));
        CHECK(line.size() <= 100);
      }
}

TEST_CASE("text: nothing but printable ASCII and newlines, whatever came from outside") {
  for (const auto& made : cases::all()) {
    const std::string text = text_of(made);
    CHECK(std::all_of(text.begin(), text.end(),
                      [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
  }
}

TEST_CASE("text: colour adds sequences and changes no word") {
  for (const auto& made : cases::all()) {
    std::string plain;
    bool inside = false;
    for (const char c : text_of(made, 100, true)) {
      if (c == '\x1b') inside = true;
      if (!inside) plain += c;
      if (c == 'm') inside = false;
    }
    CHECK(plain == text_of(made));
  }
}

TEST_CASE("text: the culprit's row is marked, others are not") {
  const auto lines = lines_of(text_of(cases::host_drop()));
  const auto marked = [&](const std::string& address) {
    for (const auto& line : lines)
      if (line.find("  " + address + " ") != std::string::npos) return line.front() == '>';
    return false;
  };
  CHECK_FALSE(marked("198.51.100.77"));
  CHECK(marked("198.51.100.133"));
  CHECK(marked("203.0.113.10"));
}

TEST_CASE("text: one name at two hops is told once") {
  auto made = cases::host_drop();
  auto& hops = made.analysis.path.hops;
  hops[3].responders = hops[2].responders;
  CHECK(says(made, "one of hop 3 and hop 4 (both "));
}

TEST_CASE("text: an open port is said to answer from where its own flow met the host") {
  auto made = cases::open();
  made.analysis.path.distance.target_flow = 3;
  CHECK(says(made, "answers (hop 4)"));
  made.analysis.path.hops[2].responders.push_back(made.run.goal.target.address);
  CHECK(says(made, "answers (hop 3)"));
}

TEST_CASE("text: the path table says what both flows met") {
  const std::string text = text_of(cases::icmp_reject_router());
  CHECK(text.find("  hop  address         name                rtt  port 25     other port\n") !=
        std::string::npos);
  CHECK(text.find("    1  192.0.2.1       gw.example.net  0.41 ms  passes      passes\n") !=
        std::string::npos);
  CHECK(text.find(">   2  198.51.100.77                   0.82 ms  blocked     passes\n") !=
        std::string::npos);
}

TEST_CASE("text: silent hops are folded, long IPv6 addresses and names keep the columns") {
  const std::string wide = text_of(cases::long_path_v6());
  CHECK(wide.find("  4-7  *") != std::string::npos);
  CHECK(wide.find("       2001:db8:ffff:eeee:dddd:cccc:bbbb:9999\n") != std::string::npos);
  CHECK(wide.find("ae-1.core.a-provid..") != std::string::npos);
  const std::string narrow = text_of(cases::long_path_v6(), 80);
  CHECK(narrow.find("         ae-1.core.a-provider-with-a-long-name.example.net\n") !=
        std::string::npos);
}

TEST_CASE("text: packets are cited") {
  CHECK(says(cases::middlebox_reset(), "with TTL 61. (packets 12, 31)"));
  CHECK(says(cases::closed(), "as a network stack does. (packet 7)"));
}

TEST_CASE("text: what the application sees, in ssh's words on port 22 only") {
  CHECK(says(cases::closed(), "fails with ECONNREFUSED: Connection refused."));
  CHECK(says(cases::closed(), "ssh: connect to host db.example.com port 22: Connection refused"));
  CHECK(says(cases::host_drop(), "will fail with ETIMEDOUT: Connection timed out."));
  CHECK(says(cases::icmp_reject_router(), "fails with EHOSTUNREACH: No route to host."));
  CHECK(says(cases::closed_early(), "kex_exchange_identification: read: Connection reset by peer"));
}

TEST_CASE("text: sshd is not mentioned when the port is not 22") {
  for (auto made : cases::all()) {
    made.run.goal.target.port = 25;
    made.run.goal.host = "db.example.com";
    made.analysis.service.banner.reset();
    const std::string text = text_of(made);
    CAPTURE(made.name);
    CHECK(text.find("sshd") == std::string::npos);
    CHECK(text.find("ssh prints") == std::string::npos);
    CHECK(text.find("SSH server") == std::string::npos);
  }
}

TEST_CASE("text: commands can be pasted, with address, port and source filled in") {
  CHECK(says(cases::closed(), "sudo ss -ltnp 'sport = :22'"));
  CHECK(says(cases::host_drop(), "sudo tcpdump -ni any 'host 192.0.2.7 and tcp port 22'"));
  CHECK(says(cases::middlebox_reset_v6(), "sudo ip6tables -vnL FORWARD"));
  for (const auto& made : cases::all())
    for (const char* left : {"{port}", "{from}", "{device}", "{iptables}", "{culprit}"})
      if (made.name != "closed-early") CHECK_FALSE(says(made, left));
}

TEST_CASE("text: looking comes before changing, and changes are marked") {
  const std::string text = unwrapped(text_of(cases::host_drop()));
  const auto change = text.find("(this changes something): To let this client in with ufw");
  REQUIRE(change != std::string::npos);
  CHECK(text.find("Get-NetFirewallRule") < change);
}

TEST_CASE("text: behind a NAT the host does not see our address, so no command filters by it") {
  auto made = cases::host_drop();
  made.run.facts.vantage.local = IpAddress::parse("192.168.1.5").value();
  made.run.goal.target.address = IpAddress::parse("198.51.100.200").value();
  CHECK(says(made, "sudo tcpdump -ni any 'tcp port 22'"));
  CHECK_FALSE(says(made, "ufw allow from 192.168.1.5"));
}

TEST_CASE("text: an interval before the destination asks nobody to look at the host's rules") {
  auto made = cases::host_drop();
  made.analysis.verdict.culprit.where.first_hop = std::uint8_t{1};
  made.analysis.verdict.culprit.where.last_hop = std::uint8_t{2};
  CHECK_FALSE(says(made, "list the rules that apply to TCP port 22"));
  CHECK(says(made, "On hop 1 (192.0.2.1) and hop 2 (198.51.100.77): find the rule that drops"));
  CHECK(says(made, "On 203.0.113.10: confirm that the packet never arrives."));
  CHECK_FALSE(says(made, "Cloud account owner"));
}

TEST_CASE("text: a SYN proxy before a port that works keeps nobody busy") {
  auto made = cases::open();
  made.analysis.verdict.explanations.front().mechanism = Mechanism::syn_proxy;
  CHECK(says(made, "Nothing needs to be done."));
  CHECK_FALSE(says(made, "cannot complete"));
  made.analysis.verdict.outcome = Outcome::silent_service;
  CHECK_FALSE(says(made, "Nothing needs to be done."));
  CHECK(says(made, "see why its SYN proxy cannot complete the connection"));
}

TEST_CASE("text: other explanations name what settles them") {
  CHECK(says(cases::host_drop(),
             "answer-lost, between hop 1 and hop 4: the request arrives, the answer is lost on the "
             "way back (a rarer cause). To settle it: a capture on the server"));
  CHECK(says(cases::blackhole(), "3 causes fit these packets equally well"));
}

TEST_CASE("text: several attempts and other addresses of the name are told") {
  auto made = cases::closed();
  made.analysis.attempts = {12, 5, 0, 0, 7, 0};
  made.run.others = {{IpAddress::parse("2001:db8::9").value(), 0},
                     {IpAddress::parse("203.0.113.9").value(), std::nullopt}};
  CHECK(says(made, "12 attempts, 5 open, 7 dropped."));
  CHECK(says(made, "2001:db8::9: connects"));
  CHECK(says(made, "203.0.113.9: no answer in time"));
}

TEST_CASE("text: a greeting that came is not told as nothing, whoever drops what follows") {
  auto made = cases::local_output_filter();
  made.analysis.app_sees = {0, false};
  made.analysis.service = {true, "SSH-2.0-x", "ssh"};
  made.run.connect.emplace();
  made.run.connect->ended = made.run.connect->spoke = made.run.started;
  made.run.connect->ssh.emplace();
  made.run.connect->ssh->identified = made.run.started;
  CHECK(says(made, "The application is connected, then hangs in the key exchange."));
  CHECK_FALSE(says(made, "ssh prints"));
}

TEST_CASE("text: how the others fail is told as it was seen") {
  auto made = cases::closed();
  made.analysis.verdict.outcome = Outcome::intermittent;
  made.analysis.verdict.explanations.front().mechanism = Mechanism::rate_limit;
  made.analysis.app_sees = {0, false};
  CHECK(says(made, "at other times it gets no answer in time."));
  Observation reset;
  reset.flow = {Transport::tcp, made.run.goal.target, {made.run.facts.vantage.local, 40000}};
  TcpSegment segment;
  segment.flags = tcp_flag::rst | tcp_flag::ack;
  reset.message = segment;
  made.run.observations.push_back(reset);
  CHECK(says(made, "at other times it is refused or gets no answer in time."));
}

TEST_CASE("text: what is rejected after the handshake was no SYN, which the server had") {
  auto made = cases::icmp_reject_router();
  made.analysis.verdict.outcome = Outcome::silent_service;
  made.run.connect.emplace();
  made.run.connect->ended = made.run.started;
  CHECK(says(made, "The connection was made. A router or firewall on the way then refuses"));
  CHECK_FALSE(says(made, "never saw the packet"));
}

TEST_CASE("text: a host behind an address that passes the port on is not that address") {
  auto made = cases::host_down();
  const auto& target = made.run.goal.target.address;
  auto& verdict = made.analysis.verdict;
  verdict.culprit.where.kind = CulpritKind::destination;
  verdict.culprit.where.address = target;
  verdict.explanations.push_back(verdict.explanations.front());
  verdict.explanations.back().mechanism = Mechanism::port_forward;
  made.analysis.icmp = DecidingIcmp{3, 1, target, {}, FrameId{40}};
  CHECK(answer_of(made).find("at a host behind " + to_string(target)) != std::string::npos);
  CHECK_FALSE(says(made, "instance runs"));
}

TEST_CASE("text: large pings go the way on which large packets are lost") {
  auto made = cases::closed();
  auto& run = made.run;
  made.analysis.verdict.outcome = Outcome::silent_service;
  made.analysis.verdict.explanations.front().mechanism = Mechanism::data_blocked;
  auto& connect = run.connect.emplace();
  connect.flow = {Transport::tcp, {run.facts.vantage.local, 40000}, run.goal.target};
  connect.ended = connect.spoke = run.started;
  connect.ssh.emplace().said = run.started;
  connect.ssh->said_bytes = 1470;
  const auto see = [&](const Flow& flow, std::uint8_t flags, std::uint32_t sequence,
                       std::uint32_t acknowledges) {
    TcpSegment segment;
    segment.flags = flags;
    segment.sequence = sequence;
    segment.acknowledgment = acknowledges;
    run.observations.emplace_back().flow = flow;
    run.observations.back().message = segment;
  };
  const auto large_ping = [&](const Endpoint& to) {
    return says(made, "ping -c 3 -M do -s 1472 " + to_string(to.address));
  };
  see(connect.flow, tcp_flag::syn, 9, 0);
  see(connect.flow.reversed(), tcp_flag::ack, 1, 32);
  CHECK(large_ping(connect.flow.destination));
  CHECK_FALSE(large_ping(connect.flow.source));
  see(connect.flow.reversed(), tcp_flag::ack, 1, 1480);
  CHECK_FALSE(large_ping(connect.flow.destination));
  CHECK(large_ping(connect.flow.source));
}

TEST_CASE("text: packet numbers come in order, each once, and not too many") {
  auto made = cases::closed();
  auto& packets = made.analysis.verdict.explanations[0].because[0].packets;
  packets = {FrameId{9}, FrameId{2}, FrameId{9}};
  CHECK(says(made, "(packets 2, 9)"));
  for (std::uint64_t i = 1; i <= 20; ++i) packets.push_back(FrameId{i});
  CHECK(says(made, "(packets 1, 2, 3, 4, 5, 6, 7, 8 and 12 more)"));
}

TEST_CASE("text: a culprit that never answered has a row, in brackets") {
  auto made = cases::local_output_filter();
  made.analysis.verdict.culprit.where = {CulpritKind::router, std::uint8_t{1}, std::uint8_t{1},
                                         IpAddress::parse("192.0.2.1")};
  CHECK(text_of(made).find("\n>   1  (192.0.2.1)\n") != std::string::npos);
  CHECK(answer_of(made) ==
        "local: the cause is at the router 192.0.2.1 (hop 1). How sure: certain.");
}

TEST_CASE("text: the ICMP message that decided is told once") {
  CHECK_FALSE(says(cases::icmp_reject_router(), "The message that decided"));
  auto made = cases::icmp_reject_router();
  made.analysis.verdict.explanations[0].because[0].packets.clear();
  CHECK(says(made,
             "The message that decided: ICMP type 3 code 13, communication administratively "
             "prohibited, from 198.51.100.77 (packet 14)"));
}

TEST_CASE("text: a loop is both routers, not one of them") {
  auto made = cases::host_drop();
  made.analysis.verdict.outcome = Outcome::unreachable;
  made.analysis.verdict.explanations.resize(1);
  made.analysis.verdict.explanations[0].mechanism = Mechanism::routing_loop;
  CHECK(says(made, "They are hop 3 (198.51.100.133) and hop 4 (203.0.113.10)."));
}

TEST_CASE("exit codes") {
  CHECK(exit_code(cases::open().analysis) == 0);
  CHECK(exit_code(cases::closed().analysis) == 1);
  CHECK(exit_code(cases::local_output_filter().analysis) == 1);
  CHECK(exit_code(cases::inconclusive().analysis) == 3);
  auto damaged = cases::closed();
  damaged.analysis.verdict.caveats.push_back({CaveatId::capture_truncated, ""});
  CHECK(exit_code(damaged.analysis) == 3);
}

TEST_CASE("text: of routers that share a hop the one that is blamed comes first") {
  auto made = cases::middlebox_reset();
  const auto& where = made.analysis.verdict.culprit.where;
  REQUIRE(where.address);
  auto& responders = made.analysis.path.hops[*where.first_hop - 1u].responders;
  const auto beside = *IpAddress::parse("198.51.100.250");
  responders.insert(responders.begin(), beside);
  const auto text = text_of(made);
  CHECK(text.find("  " + to_string(*where.address)) < text.find(to_string(beside)));
}

TEST_CASE("text: without a handshake nobody was connected and no service spoke") {
  auto made = cases::open();
  made.run.goal.handshake = false;
  made.run.connect.reset();
  made.analysis.app_sees = {0, true};
  CHECK(says(made, "None was completed, as asked for, so whether the service then speaks is not"));
  CHECK(says(made, "connect() will succeed; what happens then was not tried."));
  CHECK_FALSE(says(made, "it spoke"));
  CHECK_FALSE(says(made, "is connected"));
  CHECK(render_json(made.input()).find("will be connected; what happens then was not tried") !=
        std::string::npos);
}

TEST_CASE("text: of a scan nobody knows whether the service speaks") {
  auto made = cases::open();
  made.run.goal.host.clear();
  made.run.connect.reset();
  made.analysis.app_sees = {0, true};
  made.analysis.verdict.caveats = {{CaveatId::no_handshake, ""}};
  CHECK(says(made, "Nobody completed a connection, so whether the service works is not known."));
  CHECK(says(made, "connect() will succeed; what happens then was not tried."));
  CHECK_FALSE(says(made, "it spoke"));
}

TEST_CASE("text: that some connections get through is said where some do") {
  auto made = cases::host_drop();
  made.analysis.verdict.outcome = Outcome::intermittent;
  made.analysis.attempts = {5, 0, 2, 0, 3, 0};
  CHECK(says(made, "No connection gets through, though not all fail in the same way."));
  made.analysis.attempts = {5, 2, 0, 0, 3, 0};
  CHECK(says(made, "Some connections get through; the others are stopped like this."));
}

TEST_CASE("text: nobody is said to be connected where no SYN was ever let in") {
  auto made = cases::closed();
  made.analysis.verdict.outcome = Outcome::intermittent;
  CHECK(says(made, "No connection works: connect() fails with ECONNREFUSED"));
  CHECK_FALSE(says(made, "Now and then the application is connected"));
  CHECK_FALSE(says(made, "Some connections get through"));
}

TEST_CASE("text: one device that is at one of two hops is not said to be between them") {
  auto made = cases::middlebox_reset();
  made.analysis.verdict.culprit.where.first_hop = 1;
  CHECK(says(made, "refused by the router 198.51.100.77 (hop 1 or hop 2)."));
}

TEST_CASE("text: a host behind the address that passes the port on is called so") {
  auto made = cases::host_down();
  auto& verdict = made.analysis.verdict;
  verdict.explanations.push_back(verdict.explanations.front());
  verdict.explanations.back().mechanism = Mechanism::port_forward;
  verdict.caveats = {{CaveatId::behind_forward, ""}};
  CHECK(says(made, "the cause is at a host behind 203.0.113.10 (hop 4)"));
}

TEST_CASE("text: devices that nobody asked have a row, and a step that finds out who they are") {
  auto made = cases::host_drop();
  made.run.goal.host.clear();
  made.analysis.path.hops.clear();
  made.analysis.verdict.culprit.where = {CulpritKind::between, 1, 4, {}};
  CHECK(says(made, "> 1-3 (address not known)"));
  CHECK(says(made, "> 4 (203.0.113.10)"));
  CHECK(says(made, "1. User: Find out which devices these hops are: run hopblame on "));
}

TEST_CASE("text: logs are read for the time of the attempts, whenever the report is") {
  auto made = cases::closed_early();
  made.run.started = made.run.ended = TimePoint(std::chrono::hours(1));
  CHECK(says(made, "--since @3000 --until @3720"));
}

TEST_CASE("text: of connections that die, what is told is what those live through") {
  auto made = cases::open();
  made.run.goal.host.clear();
  auto& connect = made.run.connect.emplace();
  connect.ended = connect.spoke = connect.at;
  auto& verdict = made.analysis.verdict;
  verdict.outcome = Outcome::intermittent;
  made.analysis.attempts = {2, 1, 0, 0, 0, 1};
  SECTION("it falls silent") {
    verdict.explanations.front().mechanism = Mechanism::data_blocked;
    made.analysis.app_sees = {0, false};
    CHECK(says(made, "at other times nothing comes any more."));
    CHECK(says(made, "The connection worked at first"));
    CHECK_FALSE(says(made, "This time"));
  }
  SECTION("it is reset") {
    verdict.explanations.front().mechanism = Mechanism::accept_then_close;
    connect.closed = connect.at;
    connect.close_error = ECONNRESET;
    made.analysis.app_sees = {ECONNRESET, false};
    CHECK(says(made, "at other times reading fails with ECONNRESET"));
  }
  SECTION("it is closed") {
    verdict.explanations.front().mechanism = Mechanism::accept_then_close;
    connect.closed = connect.at;
    made.analysis.app_sees = {0, false};
    CHECK(says(made, "at other times the peer closes the connection."));
  }
}

TEST_CASE("text: a program that hangs is no question of the path") {
  auto made = cases::open();
  made.run.goal.host.clear();
  auto& connect = made.run.connect.emplace();
  connect.ended = connect.spoke = connect.at;
  auto& verdict = made.analysis.verdict;
  verdict.outcome = Outcome::silent_service;
  verdict.culprit.where.kind = CulpritKind::destination;
  verdict.explanations.front().mechanism = Mechanism::data_blocked;
  CHECK(says(made, "The program there does not read it"));
  CHECK_FALSE(says(made, "large packets"));
  CHECK_FALSE(says(made, "inspection"));
}

TEST_CASE("text: an interval without an end is said as one, and that --max-hops cut the walk") {
  auto made = cases::closed();
  made.analysis.verdict.culprit = {{CulpritKind::unknown, 1, {}, {}}, Confidence::weak};
  made.analysis.verdict.explanations = {
      {Mechanism::middlebox_reset, 1, made.analysis.verdict.culprit.where, {}, {}, ""}};
  made.analysis.path.hops.resize(1);
  CHECK(says(made, "or a device beyond it."));
  CHECK(says(made, "On each device from hop 1 ("));
  CHECK_FALSE(says(made, "--max-hops"));
  made.run.goal.max_hops = 1;
  CHECK(says(made, "Hops beyond 1 were not asked: so --max-hops says."));
  made.analysis.path.hops.clear();
  CHECK(says(made, "It may be any device on the way, the destination included."));
  CHECK(says(made, "On each device from hop 1 on: find"));
}

TEST_CASE("text: what leaves by the loopback interface for another machine is called that") {
  auto made = cases::closed();
  made.analysis.verdict.culprit = {{CulpritKind::this_host, 0, 0, {}}, Confidence::strong};
  made.analysis.verdict.explanations = {
      {Mechanism::local_route, 1, made.analysis.verdict.culprit.where, {}, {}, ""}};
  made.run.facts.vantage.interface = "lo";
  CHECK(says(made, "leave by the loopback interface"));
  made.run.facts.vantage.interface = "eth0";
  CHECK_FALSE(says(made, "leave by the loopback interface"));
}
