// "SYN/ACK seen": what came after the handshake, and who completed it. Host at hop 4.

#include <fmt/format.h>

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/trace_words.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string accepted = "0 syn target < syn-ack ttl=61\n" + passes("target", 1, 3) +
                             "0.2 syn target @4 < syn-ack ttl=61\n" + closed_control(4);

std::string connecting(const std::string& words) {
  return "0.01 connect " + words + " < syn-ack ttl=61\n";
}

/// A SYN proxy in FORWARD of r2: SYN/ACKs with window 0 and r2's way back.
const std::string proxied = "0 syn target < syn-ack ttl=63 win=0\n" + passes("target", 1, 2) +
                            "0.2 syn target @3 < syn-ack ttl=63 win=0\n";

}  // namespace

TEST_CASE("The service greets: open") {
  const auto family = each_family();
  const auto analysis =
      analyse(run_of(accepted + connecting("returns=0 says=SSH-2.0-OpenSSH-9.2"), family));
  CHECK(in_one_line(analysis.verdict) == "open: none certain: listening");
  CHECK(analysis.service.spoke == true);
  CHECK(analysis.service.banner == "SSH-2.0-OpenSSH-9.2");
  CHECK(analysis.verdict.caveats.empty());
}

TEST_CASE("Another service greets: open, and a caveat says so") {
  const auto lines = accepted + connecting("returns=0 says=220_mail.example_ESMTP");
  CHECK(verdict_of(lines) == "open: none certain: listening");
  CHECK(caveats_of(lines) == "unexpected-service");
}

TEST_CASE("Where the path divides another connection may take the other way: open is only strong") {
  const auto family = each_family();
  const auto lines = accepted + "0.2 syn control @2 < te from=r2b ttl=63\n" +
                     connecting("returns=0 says=SSH-2.0-OpenSSH-9.2");
  CHECK(verdict_of(lines, family) == "open: none strong: listening");
  CHECK(caveats_of(lines, family) == "several-paths");
}

TEST_CASE(
    "A SYN/ACK that came only when the host had sent it again: answers get lost, open is strong") {
  const auto family = each_family();
  const auto lines = accepted + "0.1 syn target lane=2 < syn-ack ttl=61 after=1.04\n" +
                     connecting("returns=0 says=SSH-2.0-OpenSSH-9.2") + "fact ends=2\n";
  CHECK(verdict_of(lines, family) == "open: none strong: listening");
  CHECK(caveats_of(lines, family) == "path-loss");
}

TEST_CASE("Without a handshake of our own open is only strong") {
  const auto lines = accepted + "fact no-handshake\n";
  CHECK(verdict_of(lines) == "open: none strong: listening");
  CHECK(caveats_of(lines) == "no-handshake");
}

TEST_CASE("Accepted and closed without a word", "[line-31]") {
  const auto family = each_family();
  const auto* manner = GENERATE("fin", "rst-ack");
  const auto lines = accepted + connecting(fmt::format("returns=0 closed={}", manner));
  CHECK(verdict_of(lines, family) == "closed-early: destination 4..4 strong: accept-then-close");
}

TEST_CASE("A RST with ACK that ends a conversation does not refuse its SYN") {
  // Linux ends a connection with unread data by RST and ACK (tcp_send_active_reset).
  const auto family = each_family();
  CHECK(verdict_of(accepted + connecting("returns=0 closed=rst-ack"), family) ==
        "closed-early: destination 4..4 strong: accept-then-close");
  CHECK(verdict_of(accepted + connecting("returns=0 says=Exceeded_MaxStartups closed=rst-ack"),
                   family) == "closed-early: destination 4..4 strong: connection-limit");
}

TEST_CASE("A RST that acknowledges nothing ends the handshake: a rule, no service sends it") {
  const auto family = each_family();
  const std::string expected =
      "closed-early: destination 4..4 strong: host-firewall-reset / accept-then-close "
      "accept-queue-full";
  CHECK(verdict_of(accepted + connecting("returns=0 closed=rst"), family) == expected);
}

TEST_CASE(
    "Our words are answered by a RST that acknowledges nothing: a rule, or somebody on the way") {
  // Found in the lab: r2 rejects the greeting with a RST to the server, and the server's stack,
  // which has no connection any more, resets what we say.
  auto run = run_of(accepted + connecting("returns=0 closed=rst"), each_family());
  run.connect->ssh.emplace();
  run.connect->ssh->said = *run.connect->ended + std::chrono::milliseconds(1);
  CHECK(in_one_line(analyse(run).verdict) ==
        "closed-early: between 1..4 strong: host-firewall-reset 4..4 injected-reset data-blocked / "
        "accept-then-close 4..4");
}

TEST_CASE("A greeting, then the end, is an open port: sshd ends a silent client") {
  const auto lines = accepted + connecting("returns=0 says=SSH-2.0-OpenSSH-9.2 closed=fin");
  CHECK(verdict_of(lines) == "open: none certain: listening");
}

TEST_CASE("The greeting never comes", "[line-32]") {
  const auto family = each_family();
  const auto lines = accepted + connecting("returns=0") + "fact ends=7\n";
  CHECK(verdict_of(lines, family) ==
        "silent-service: destination 4..4 strong: data-blocked tarpit");
}

TEST_CASE("A service that does not speak first is open without a word") {
  const auto lines = "fact port=80\n" + accepted + connecting("returns=0");
  CHECK(verdict_of(lines) == "open: none certain: listening");
}

TEST_CASE("An interrupted run does not call an unfinished wait a silent service") {
  const auto lines = accepted + connecting("returns=0") + "fact interrupted\n";
  CHECK_THAT(verdict_of(lines), begins_with("inconclusive:"));
}

TEST_CASE("A router that finds nobody behind a SYN proxy: it is said beside the proxy") {
  const auto lines = proxied + passes("control", 1, 3) +
                     "0.2 syn control @4\n"
                     "0 syn control < icmp=host from=r3 ttl=62 q=61 after=3\n"
                     "0.01 connect returns=0 < syn-ack ttl=63 win=0\nfact ends=7\n";
  const auto verdict = analyse(run_of(lines, each_family())).verdict;
  CHECK(in_one_line(verdict) == "silent-service: router 2..2 strong: syn-proxy");
  CHECK_THAT(verdict.explanations.front().because.back().text.str(),
             mentions("what stands behind does not answer"));
}

TEST_CASE("SYN/ACK with window 0 from an earlier hop: a SYN proxy", "[line-28]") {
  const auto family = each_family();
  const auto lines =
      proxied + closed_control(4) + "0.01 connect returns=0 < syn-ack ttl=63 win=0\nfact ends=7\n";
  CHECK(verdict_of(lines, family) == "silent-service: router 2..2 strong: syn-proxy");
}

TEST_CASE("A SYN proxy where the client speaks first: the window tells of the host behind") {
  const auto family = each_family();
  const auto lines = "fact port=443\n" + proxied + closed_control(4) +
                     "0.01 connect returns=0 < syn-ack ttl=63 win=0";
  const std::string opened = " < segment ttl=61 win=500";
  CHECK(verdict_of(lines + opened + "\nfact ends=7\n", family) ==
        "open: none strong: syn-proxy 2..2");
  CHECK(verdict_of(lines + "\nfact ends=7\n", family) ==
        "silent-service: router 2..2 strong: syn-proxy");
  CHECK(verdict_of(lines + "\nfact ends=0.3\n", family) ==
        "silent-service: router 2..2 weak: syn-proxy");
}

TEST_CASE("A SYN proxy that has opened the window has done its work: the fault came later") {
  const auto family = each_family();
  const std::string opened = " < syn-ack ttl=63 win=0 < segment ttl=63 win=500 after=0.002";
  const std::string after = proxied + closed_control(4) + "0.01 connect returns=0 ";
  CHECK(verdict_of(after + opened + "\nfact ends=7\n", family) ==
        "silent-service: destination 4..4 strong: data-blocked tarpit / syn-proxy 2..2");
  CHECK(verdict_of(after + "closed=fin" + opened + "\n", family) ==
        "closed-early: destination 4..4 strong: accept-then-close / syn-proxy 2..2");
  CHECK(verdict_of(after + "says=Exceeded_MaxStartups closed=fin" + opened + "\n", family) ==
        "closed-early: destination 4..4 strong: connection-limit / syn-proxy 2..2");
  // The host's own RST, with its own way back.
  CHECK(verdict_of(after + "closed=rst-ack ttl=61" + opened + "\n", family) ==
        "closed-early: destination 4..4 strong: accept-then-close / syn-proxy 2..2");
}

TEST_CASE("The host's own SYN/ACK, passed on behind the SYN proxy's, tells that it has accepted") {
  const auto family = each_family();
  const auto lines = proxied + closed_control(4) +
                     "0.01 connect returns=0 < syn-ack ttl=63 win=0 < syn-ack ttl=61 "
                     "after=0.002\nfact ends=7\n";
  CHECK(verdict_of(lines, family) ==
        "silent-service: destination 4..4 strong: data-blocked tarpit / syn-proxy 2..2");
}

TEST_CASE("SYN/ACKs without a window that come over different ways: before the host") {
  const auto family = each_family();
  const auto lines = proxied + "0.3 syn target lane=2 < syn-ack ttl=62 win=0\n" +
                     closed_control(4) +
                     "0.01 connect returns=0 < syn-ack ttl=63 win=0\nfact ends=7\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("silent-service: between 1..3 "));
}

TEST_CASE("A window of 0 on the host itself, opened a little later: what follows is at fault") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=61 win=0\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < syn-ack ttl=61 win=0\n" + closed_control(4) +
                     "0.01 connect returns=0 < syn-ack ttl=61 win=0 "
                     "< segment ttl=61 win=500 after=0.05\nfact ends=7\n";
  CHECK(verdict_of(lines, family) ==
        "silent-service: destination 4..4 strong: data-blocked tarpit / syn-proxy");
}

TEST_CASE("A SYN proxy before a dead host: nothing else is known of the host", "[line-28]") {
  const auto family = each_family();
  const auto lines = proxied + "0.05 syn control x3\n" + passes("control", 1, 3) +
                     "0.01 connect returns=0 < syn-ack ttl=63 win=0\nfact ends=7\n";
  CHECK(verdict_of(lines, family) == "silent-service: router 2..2 strong: syn-proxy");
}

TEST_CASE("A SYN proxy before a closed port: the handshake is reset behind it", "[line-28]") {
  const auto family = each_family();
  const auto lines =
      proxied + closed_control(4) + "0.01 connect returns=0 closed=rst < syn-ack ttl=63 win=0\n";
  CHECK(verdict_of(lines, family) == "closed-early: router 2..2 strong: syn-proxy");
}

TEST_CASE("A device that terminates the connection itself is named") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=63\n" + passes("target", 1, 1) +
                     "0.2 syn target @2 < syn-ack ttl=63\n" + closed_control(4) +
                     "0.01 connect returns=0 says=SSH-2.0-proxy < syn-ack ttl=63\n";
  CHECK(verdict_of(lines, family) == "open: none strong: transparent-proxy 2..2");
  CHECK(caveats_of(lines, family) == "transparent-proxy");
}

namespace {

/// A SYN/ACK in the host's name by a device between r1 and r2.
const std::string forged_accept = "0 syn target < syn-ack ttl=63\n" + passes("target", 1, 1) +
                                  "0.2 syn target @2 < syn-ack ttl=63\n" + closed_control(4);

}  // namespace

TEST_CASE("A SYN/ACK from the way, and the host's own RST to what follows: nobody terminates it") {
  const auto family = each_family();
  CHECK(verdict_of(forged_accept + "0.01 connect returns=0 ttl=61 closed=rst < syn-ack ttl=63\n",
                   family) == "closed-early: router 2..2 strong: syn-proxy");
}

TEST_CASE("A SYN/ACK from the way, and nothing after it: it terminates, or only answers SYNs") {
  const auto family = each_family();
  CHECK(verdict_of(forged_accept + "0.01 connect returns=0 < syn-ack ttl=63\nfact ends=7\n",
                   family) == "silent-service: router 2..2 strong: transparent-proxy syn-proxy");
}

TEST_CASE("SYN/ACK with window 5, no options, FIN silent: a tarpit", "[line-29]") {
  const auto lines = "0 syn target < syn-ack ttl=61 win=5 bare\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < syn-ack ttl=61 win=5 bare\n" + closed_control(4) +
                     "0.5 fin target x2\n0.01 connect returns=0 < syn-ack ttl=61 win=5 bare\n"
                     "fact ends=7\n";
  CHECK(verdict_of(lines) == "silent-service: destination 4..4 strong: tarpit / data-blocked");
}

namespace {

/// A made-up SYN/ACK, by whom is at hop `end`, to SYNs and to connect().
std::string held(int end, int ttl, const std::string& after) {
  const auto made_up = fmt::format(" < syn-ack ttl={} win=5 bare", ttl);
  return "fact port=443\n0 syn target" + made_up + "\n" + passes("target", 1, end - 1) +
         fmt::format("0.2 syn target @{}", end) + made_up + "\n" + closed_control(4) +
         "0.01 connect returns=0" + made_up + after;
}

const std::string no_window = " < segment ttl=61 win=0";

}  // namespace

TEST_CASE("A tarpit where the client speaks first: a window of 0 after the handshake, for good") {
  const auto family = each_family();
  const auto lines = held(4, 61, no_window);
  CHECK(verdict_of(lines + "\nfact ends=5\n", family) ==
        "silent-service: destination 4..4 strong: tarpit / data-blocked");
  // The window may open yet.
  CHECK(verdict_of(lines + "\nfact ends=0.3\n", family) ==
        "silent-service: destination 4..4 weak: tarpit / data-blocked");
  CHECK(verdict_of(lines + " < segment ttl=61 win=500\nfact ends=5\n", family) ==
        "open: none certain: listening");
}

TEST_CASE("A made-up SYN/ACK where the client speaks first: open as far as was seen, never sure") {
  const auto family = each_family();
  CHECK(verdict_of(held(4, 61, "\n"), family) == "open: none weak: listening / tarpit 4..4");
  // Without a handshake of our own as well.
  CHECK(verdict_of("0 syn target < syn-ack ttl=61 win=5 bare\n" + passes("target", 1, 3) +
                       "0.2 syn target @4 < syn-ack ttl=61 win=5 bare\n" + closed_control(4),
                   family) == "open: none weak: listening / tarpit 4..4");
  // A small stack without options takes a segment at least.
  const auto small = "fact port=443\n0 syn target < syn-ack ttl=61 win=536 bare\n" +
                     passes("target", 1, 3) + "0.2 syn target @4 < syn-ack ttl=61 win=536 bare\n" +
                     closed_control(4) + "0.01 connect returns=0 < syn-ack ttl=61 win=536 bare\n";
  CHECK(verdict_of(small, family) == "open: none certain: listening");
}

TEST_CASE("A tarpit on a router is listed there") {
  const auto family = each_family();
  CHECK(verdict_of(held(2, 63, " < segment ttl=63 win=0\nfact ends=5\n"), family) ==
        "silent-service: router 2..2 strong: tarpit / transparent-proxy syn-proxy");
  CHECK(verdict_of(held(2, 63, "\n"), family) ==
        "open: none weak: transparent-proxy 2..2 tarpit 2..2");
  CHECK(verdict_of("fact port=22\n" + held(2, 63, "\nfact port=22\nfact ends=7\n"), family) ==
        "silent-service: router 2..2 strong: tarpit / transparent-proxy syn-proxy");
}

TEST_CASE("A handshake like any other, then a window of 0 for good: nobody reads, or a tarpit") {
  const auto lines =
      "fact port=80\n" + accepted + "0.01 connect returns=0 < syn-ack ttl=61" + no_window;
  CHECK(verdict_of(lines + "\nfact ends=5\n") ==
        "silent-service: destination 4..4 strong: data-blocked tarpit");
  CHECK(verdict_of(lines + " < segment ttl=61 win=500\nfact ends=5\n") ==
        "open: none certain: listening");
}

TEST_CASE("Where every second answer is lost, so may a greeting or connect()'s SYNs be") {
  const auto family = each_family();
  // An ACK to a SYN of the same flow: its SYN/ACK is one of those that were lost.
  const std::string lossy =
      "0 syn control lane=2\n0 syn control lane=3\n0 syn target lane=4\n"
      "0 syn target lane=5 < segment ttl=61\n";
  const auto unsaid = accepted + lossy + connecting("returns=0") + "fact ends=7\n";
  CHECK(verdict_of(unsaid, family) == "open: none weak: listening / data-blocked 4..4 tarpit 4..4");
  CHECK_THAT(caveats_of(unsaid, family), mentions("path-loss"));
  const auto unanswered = accepted + lossy + "0.01 connect syns=3\nfact ends=6\n";
  CHECK(verdict_of(unanswered, family) ==
        "open: none weak: listening / rate-limit 1..4 probe-ban 1..4 filter-drop 1..4");
  // Seven SYNs are not all lost by chance.
  const auto refused = accepted + lossy + "0.01 connect syns=9\nfact ends=6\n";
  CHECK_THAT(verdict_of(refused, family), begins_with("intermittent: "));
}

TEST_CASE("Raw probes accepted, the application's SYN never: a limit, or what tells them apart") {
  const auto family = each_family();
  const auto lines = accepted + "0.01 connect syns=3\nfact ends=6\n";
  // Whether the answers stopped for good is not known: nothing was asked later.
  CHECK(verdict_of(lines, family) ==
        "intermittent: between 1..4 weak: rate-limit probe-ban filter-drop");
  const auto later = lines + "5 syn target lane=1 < syn-ack ttl=61\n";
  CHECK(verdict_of(later, family) == "intermittent: between 1..4 weak: rate-limit filter-drop");
}

TEST_CASE("Answers stop after some probes: the source was banned on the way") {
  const auto family = each_family();
  const auto lines = "0.0 syn target < syn-ack ttl=61\n0.1 syn target @4 < syn-ack ttl=61\n" +
                     passes("target", 1, 3) + closed_control(4) +
                     "0.5 syn target x4\n0.6 connect syns=3\nfact ends=6\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("intermittent:"));
  CHECK_THAT(verdict_of(lines, family), mentions("probe-ban"));
}

TEST_CASE("One SYN a second is accepted, the rest dropped: a rate limit") {
  const auto family = each_family();
  const auto lines =
      "0 syn target x6 every=0.5 < syn-ack ttl=61 only=1 < syn-ack ttl=61 only=3 "
      "< syn-ack ttl=61 only=5\n" +
      passes("target", 1, 3) + closed_control(4) +
      "0.1 syn control x12 every=0.2 < rst-ack ttl=61 marked\n" +
      "0.05 connect returns=0 took=1.1 syns=2 says=SSH-2.0-x < syn-ack ttl=61 only=2\n";
  CHECK_THAT(verdict_of(lines, family), begins_with("intermittent: between "));
  CHECK_THAT(verdict_of(lines, family), mentions("rate-limit"));
}

TEST_CASE("connlimit: SYN/ACKs, then RSTs") {
  const auto lines = accepted + "1 syn target x3 < rst-ack ttl=61\n" +
                     connecting("returns=0 says=SSH-2.0-OpenSSH-9.2");
  CHECK_THAT(verdict_of(lines), begins_with("intermittent:"));
}

TEST_CASE("Lost SYNs beside answered ones: open, and a caveat") {
  const auto family = each_family();
  const auto lines = "0 syn target x3 < syn-ack ttl=61 only=3\n" + passes("target", 1, 3) +
                     closed_control(4) + connecting("returns=0 says=SSH-2.0-OpenSSH-9.2");
  CHECK(verdict_of(lines, family) == "open: none strong: listening");
  CHECK(caveats_of(lines, family) == "path-loss");
}

TEST_CASE(
    "The host repeats its SYN/ACK: it does not have our acknowledgment, nobody holds it open") {
  const auto family = each_family();
  const auto lines = accepted +
                     "0.01 connect returns=0 < syn-ack ttl=61 < syn-ack ttl=61 after=1 "
                     "< syn-ack ttl=61 after=3\nfact ends=6\n";
  CHECK(verdict_of(lines, family) ==
        "silent-service: between 1..4 strong: data-blocked / accept-queue-full 4..4");
}

TEST_CASE("What carries a tunnel of this machine may lose what is in it") {
  const auto family = each_family();
  const auto lines = accepted +
                     "0.01 connect returns=0 < syn-ack ttl=61 < syn-ack ttl=61 after=1 "
                     "< syn-ack ttl=61 after=3\nfact ends=6 point-to-point\n";
  const auto verdict = analyse(run_of(lines, family)).verdict;
  CHECK(in_one_line(verdict) ==
        "silent-service: between 0..4 strong: data-blocked / accept-queue-full 4..4");
  CHECK_THAT(verdict.explanations.front().because.at(1).text.str(),
             mentions("another network carries"));
}

TEST_CASE("A SYN proxy on the host itself, closed behind it") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=61 win=0\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < syn-ack ttl=61 win=0\n" + closed_control(4) +
                     "0.01 connect returns=0 closed=rst < syn-ack ttl=61 win=0\n";
  CHECK(verdict_of(lines, family) ==
        "closed-early: destination 4..4 strong: syn-proxy / accept-then-close");
}

TEST_CASE(
    "The port falls silent for good while another goes on: a ban, a slow limit, a full queue") {
  const auto family = each_family();
  const auto before = "0.0 syn target < syn-ack ttl=61\n0.1 syn target @4 < syn-ack ttl=61\n" +
                      passes("target", 1, 3) + closed_control(4);
  const auto after =
      "0.5 syn target lane=1 x4\n0.5 syn target lane=2 x4\n"
      "0.6 syn control lane=1 x8 every=0.5 < rst-ack ttl=61 marked\nfact ends=6\n";
  CHECK(verdict_of(before + connecting("returns=0 says=SSH-2.0-x") + after, family) ==
        "intermittent: between 1..4 strong: probe-ban rate-limit / accept-queue-full 4..4");
  CHECK(verdict_of(before + connecting("returns=0") + after, family) ==
        "intermittent: between 1..4 strong: probe-ban rate-limit accept-queue-full 4..4");
}

TEST_CASE("What follows the handshake is rejected with messages: they name who does it") {
  const auto family = each_family();
  auto run = run_of(passes("target", 1, 3) + closed_control(4) +
                        "0.1 syn target < syn-ack ttl=61\n0.2 connect returns=0 < syn-ack ttl=61\n"
                        "fact ends=9\n",
                    family);
  auto seen = run.observations.back();
  const auto isn = std::ranges::find_if(
      run.observations, [&](const Observation& one) { return one.flow == run.connect->flow; });
  REQUIRE(isn != run.observations.end());
  const auto [type, code] = icmp_of("admin", family);
  IcmpError error;
  error.type = type;
  error.code = code;
  error.quote.emplace();
  error.quote->flow = run.connect->flow;
  error.quote->tcp_sequence = std::get<TcpSegment>(isn->message).sequence + 1;
  error.quote->tcp_flags = tcp_flag::ack;
  seen.frame = {run.observations.size() + 1};
  seen.flow.transport = Transport::icmp;
  seen.flow.source = {address_of("r2", family), 0};
  seen.flow.destination = {run.connect->flow.source.address, 0};
  seen.hop_limit = {63};
  seen.message = error;
  run.observations.push_back(seen);
  const auto analysis = analyse(run);
  CHECK(in_one_line(analysis.verdict) == "silent-service: router 2..2 strong: icmp-reject-router");
  REQUIRE(analysis.icmp);
  CHECK(analysis.icmp->frame == seen.frame);
  // The SYN passed the router and was answered by the host.
  CHECK(analysis.path.distance.target_flow == std::uint8_t{4});
  CHECK(analysis.path.hops.at(1).target_flow == FlowState::passes);
}

TEST_CASE(
    "An open port is met on a shorter way: the host stands there, beside the other's router") {
  const auto family = each_family();
  const auto lines = "0 syn target < syn-ack ttl=62\n0.1 syn target @1 < te from=r1 ttl=64\n" +
                     std::string("0.1 syn target @2 < te from=r2b ttl=63\n") +
                     "0.1 syn target @3 < syn-ack ttl=62\n" + closed_control(4);
  const auto analysis = analyse(run_of(lines, family));
  CHECK(in_one_line(analysis.verdict) == "open: none strong: listening / transparent-proxy 3..3");
  REQUIRE(analysis.path.hops.at(2).responders.size() == 2);
  CHECK(analysis.path.hops[2].responders[0] == address_of("server", family));
  CHECK(analysis.path.distance.target_flow == std::uint8_t{3});
}

TEST_CASE(
    "Whoever closes the connection on a shorter way: the host, or whom the port is routed to") {
  const auto family = each_family();
  const auto lines =
      "0 syn target < syn-ack ttl=62\n0 connect returns=0 closed=fin closes=0.1 "
      "< syn-ack ttl=62\n0.1 syn target @1 < te from=r1 ttl=64\n" +
      std::string("0.1 syn target @2 < te from=r2b ttl=63\n") +
      "0.1 syn target @3 < syn-ack ttl=62\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family),
             begins_with("closed-early: ") && mentions("accept-then-close transparent-proxy"));
}
