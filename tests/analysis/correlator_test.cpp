// Which packet answers which probe: the real Correlator on traces with right and with wrong
// numbers.

#include "analysis/correlate/correlator.hpp"

#include "analysis/correlate/answers.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

std::vector<ReplyKind> kinds(const Exchange& exchange) {
  std::vector<ReplyKind> found;
  for (const auto& reply : exchange.replies) found.push_back(reply.kind);
  return found;
}

struct Result {
  std::vector<ReplyKind> replies;  ///< to the first probe
  std::uint64_t misfits;
};

Result only(const std::string& line, Family family) {
  const auto correlator = correlate(run_of(line, family));
  return {kinds(correlator.exchanges()[0]), correlator.misfits()};
}

using Kinds = std::vector<ReplyKind>;

}  // namespace

TEST_CASE("Every kind of probe finds its answers") {
  const auto family = each_family();
  const auto answered = [&](const char* line) { return only(line, family).replies; };
  CHECK(answered("0 syn target < syn-ack ttl=61") == Kinds{ReplyKind::syn_ack});
  CHECK(answered("0 syn target < rst-ack ttl=61") == Kinds{ReplyKind::reset_ack});
  CHECK(answered("0 ack target < rst ttl=61") == Kinds{ReplyKind::reset});
  CHECK(answered("0 ack target < rst-ack ttl=61") == Kinds{ReplyKind::reset_ack});
  CHECK(answered("0 fin target < rst-ack ttl=61") == Kinds{ReplyKind::reset_ack});
  CHECK(answered("0 bad-syn target < rst-ack ttl=61") == Kinds{ReplyKind::reset_ack});
  CHECK(answered("0 bad-syn target < icmp=host from=r3 ttl=62") == Kinds{ReplyKind::icmp_error});
  CHECK(answered("0 echo < echo-reply ttl=61") == Kinds{ReplyKind::echo_reply});
  CHECK(answered("0 echo < icmp=admin from=r2 ttl=63") == Kinds{ReplyKind::icmp_error});
  CHECK(answered("0 udp control < udp-reply ttl=61") == Kinds{ReplyKind::udp_reply});
  CHECK(answered("0 udp control < icmp=port ttl=61") == Kinds{ReplyKind::icmp_error});
  for (const char* probe :
       {"syn target", "ack target", "fin target", "bad-syn target", "echo", "udp control"})
    CHECK(answered(("0 " + std::string(probe) + " @2 < te from=r2 ttl=63").c_str()) ==
          Kinds{ReplyKind::time_exceeded});
}

TEST_CASE("What came is kept: address, hop limit, class, identification, time") {
  const auto run = run_of("0 syn target < rst-ack ttl=61 tos=0x10 id=77 after=0.025");
  const auto correlator = correlate(run);
  const auto& exchange = correlator.exchanges()[0];
  const auto& reply = exchange.replies.at(0);
  CHECK(exchange.left == std::vector{FrameId{1}});
  CHECK(reply.frame == FrameId{2});
  CHECK(reply.at - exchange.at == std::chrono::milliseconds(25));
  CHECK(reply.from == run.goal.target.address);
  CHECK(reply.hop_limit.value == 61);
  CHECK(reply.traffic_class == 0x10);
  CHECK(reply.ip_id_or_flow_label == 77);
  CHECK(reply.dont_fragment);
  CHECK(reply.segment->has(tcp_flag::rst));
}

TEST_CASE("Our five-tuple with wrong numbers is a misfit and decides nothing") {
  const auto family = each_family();
  for (const char* line :
       {"0 syn target < rst-ack ttl=61 ack=wrong", "0 syn target < syn-ack ttl=61 ack=wrong",
        "0 fin target < rst-ack ttl=61 ack=wrong", "0 ack target < rst ttl=61 seq=wrong",
        "0 syn target @2 < te from=r2 ttl=63 quoted-seq=wrong"}) {
    CAPTURE(line);
    const auto result = only(line, family);
    CHECK(result.replies.empty());
    CHECK(result.misfits == 1);
  }
}

TEST_CASE("A bare RST to a SYN carries no number of ours") {
  // A client ignores a RST without ACK in SYN-SENT (RFC 9293 section 3.10.7.3, measured).
  const auto result = only("0 syn target < rst ttl=61", each_family());
  CHECK(result.replies.empty());
  CHECK(result.misfits == 1);
}

TEST_CASE("A quote of eight bytes of TCP is enough") {
  const auto run = run_of("0 syn target < icmp=admin from=r2 ttl=63 quote=8");
  const auto correlator = correlate(run);
  REQUIRE(kinds(correlator.exchanges()[0]) == Kinds{ReplyKind::icmp_error});
  CHECK_FALSE(correlator.exchanges()[0].replies[0].icmp->quote->tcp_flags);
}

TEST_CASE("An ICMP message whose quote cannot be read answers nothing") {
  const auto result = only("0 syn target < icmp=admin from=r2 ttl=63 quote=none", each_family());
  CHECK(result.replies.empty());
}

TEST_CASE("A NAT that does not restore its quotes may have changed one end, not both") {
  const auto family = each_family();
  const std::string rejected = "0 syn target < icmp=admin from=r2 ttl=63 q=62 ";
  CHECK(only(rejected + "quoted-source=stranger quoted-source-port=1024", family).replies.size() ==
        1);
  CHECK(only(rejected + "quoted-destination=r7 quoted-destination-port=2222", family)
            .replies.size() == 1);
  const auto both = only(rejected + "quoted-source=stranger quoted-destination=r7", family);
  CHECK(both.replies.empty());
}

TEST_CASE("Somebody else's ICMP is nobody's answer") {
  const auto family = each_family();
  SECTION("another connection to the same port: the sequence number differs") {
    const auto result = only(
        "0 syn target < icmp=admin from=r2 ttl=63 quoted-seq=wrong quoted-source-port=1", family);
    CHECK(result.replies.empty());
  }
  SECTION("a traceroute of another program to the same host") {
    const auto result =
        only("0 syn target < te from=r2 ttl=63 quoted-source-port=33434 quoted-seq=wrong", family);
    CHECK(result.replies.empty());
    CHECK(result.misfits == 0);
  }
}

TEST_CASE("What is said about another program's ping to the same host is nobody's answer") {
  auto run = run_of("0 echo < icmp=host from=r2 ttl=63", each_family());
  for (auto& observation : run.observations)
    if (auto* error = std::get_if<IcmpError>(&observation.message))
      ++*error->quote->echo_identifier;
  const auto correlator = correlate(run);
  CHECK_FALSE(correlator.exchanges()[0].answered());
  CHECK(correlator.misfits() == 0);
}

TEST_CASE("Two answers to one SYN are both kept, in order") {
  const auto lines = "0 syn target < rst-ack ttl=52 < syn-ack ttl=61 after=0.004";
  CHECK(only(lines, each_family()).replies == Kinds{ReplyKind::reset_ack, ReplyKind::syn_ack});
}

TEST_CASE("The kernel's SYN and its repetitions are one exchange") {
  const auto run = run_of("0 connect syns=3 < rst-ack ttl=61 only=3", each_family());
  const auto correlator = correlate(run);
  REQUIRE(correlator.exchanges().size() == 1);
  const auto& exchange = correlator.exchanges()[0];
  CHECK(exchange.origin == Origin::kernel);
  CHECK(exchange.left.size() == 3);
  CHECK(exchange.at == run.observations[0].at);
  CHECK(kinds(exchange) == Kinds{ReplyKind::reset_ack});
}

TEST_CASE("The conversation after connect() belongs to it") {
  const auto correlator = correlate(
      run_of("0 connect returns=0 says=SSH-2.0-test closed=fin < syn-ack ttl=61", each_family()));
  CHECK(kinds(correlator.exchanges()[0]) ==
        Kinds{ReplyKind::syn_ack, ReplyKind::data, ReplyKind::fin});
}

TEST_CASE(
    "What the peer may acknowledge grows with what was said after connect(), not with a lie") {
  const auto family = each_family();
  auto run = run_of("0 connect returns=0 < syn-ack ttl=61", family);
  auto said = run.observations.front(), reset = run.observations[1];
  const auto first = std::get<TcpSegment>(said.message).sequence;
  const auto peers = std::get<TcpSegment>(reset.message).sequence;
  const auto far = GENERATE(0u, 1u << 20);  // the second could not be ours
  TcpSegment words, answer;
  words.sequence = first + 1 + far;
  words.acknowledgment = answer.sequence = peers + 1;
  words.flags = tcp_flag::psh | tcp_flag::ack;
  words.payload = 1400;
  answer.acknowledgment = words.sequence + words.payload;
  answer.flags = tcp_flag::rst | tcp_flag::ack;
  said.message = words;
  reset.message = answer;
  run.observations.insert(run.observations.end(), {said, reset});
  const auto correlator = correlate(run);
  CHECK(correlator.misfits() == (far == 0 ? 0 : 1));
  CHECK(kinds(correlator.exchanges()[0]) ==
        (far == 0 ? Kinds{ReplyKind::syn_ack, ReplyKind::reset_ack} : Kinds{ReplyKind::syn_ack}));
}

TEST_CASE("The stack's own RST to a SYN/ACK shows that it got past the input rules") {
  const auto family = each_family();
  const auto heard = correlate(run_of("0 syn target < syn-ack ttl=61", family));
  CHECK(heard.exchanges()[0].own_reset == FrameId{3});
  const auto silent = correlate(run_of("0 syn target < syn-ack ttl=61 stack-silent", family));
  CHECK_FALSE(silent.exchanges()[0].own_reset);
}

TEST_CASE("An ICMP message about the stack's own RST is neither an answer nor forged") {
  const auto family = each_family();
  auto run = run_of(
      "0 syn target < syn-ack ttl=61\n1 syn target lane=1 < icmp=admin from=r2 ttl=63", family);
  auto& message = std::get<IcmpError>(run.observations.back().message);
  message.quote->flow = run.sends[0].spec.flow;
  message.quote->tcp_sequence = run.sends[0].spec.sequence + 1;
  const auto correlator = correlate(run);
  CHECK(kinds(correlator.exchanges()[0]) == Kinds{ReplyKind::syn_ack});
  CHECK(correlator.exchanges()[1].replies.empty());
  CHECK(correlator.misfits() == 0);
}

TEST_CASE("An ICMP message about what followed the SYN of connect() is not about the SYN") {
  const auto family = each_family();
  auto run = run_of(
      "0 connect returns=0 < syn-ack ttl=61\n1 syn target < icmp=admin from=r2 ttl=63", family);
  auto& error = std::get<IcmpError>(run.observations.back().message);
  auto& quote = *error.quote;
  quote.flow = run.connect->flow;
  const auto isn = std::get<TcpSegment>(run.observations.front().message).sequence;
  quote.tcp_sequence = isn + 1;
  quote.tcp_flags = tcp_flag::ack;
  SECTION("its ACK was rejected") {
    const auto exchange = correlate(run).exchanges().back();
    REQUIRE(kinds(exchange) == Kinds{ReplyKind::syn_ack, ReplyKind::icmp_error});
    CHECK(exchange.replies.back().to_later_segment);
  }
  SECTION("the stack's RST to a SYN/ACK of another address bears the same number") {
    quote.tcp_flags = tcp_flag::rst;
    CHECK(kinds(correlate(run).exchanges().back()) == Kinds{ReplyKind::syn_ack});
  }
  SECTION("so it does where the quote is too short to show what it is") {
    quote.tcp_flags.reset();
    quote.flow.destination.address = run.sends[0].spec.flow.source.address;
    CHECK(kinds(correlate(run).exchanges().back()) == Kinds{ReplyKind::syn_ack});
  }
}

TEST_CASE("UDP probes of one flow are told apart by the checksum in the quote") {
  const auto correlator =
      correlate(run_of("0.0 udp control @1 < te from=r1 ttl=64 after=0.5\n"
                       "0.1 udp control @2 < te from=r2 ttl=63 after=0.1\n",
                       each_family()));
  CHECK(correlator.exchanges()[0].replies.at(0).hop_limit.value == 64);
  CHECK(correlator.exchanges()[1].replies.at(0).hop_limit.value == 63);
  CHECK(correlator.misfits() == 0);
}

TEST_CASE("Answers of one walk go to the probe whose sequence they quote, not to the last one") {
  const auto correlator =
      correlate(run_of("0.0 syn target @2 < te from=r2 ttl=63 after=0.5\n"
                       "0.1 syn target @3 < te from=r3 ttl=62 after=0.1\n",
                       each_family()));
  CHECK(correlator.exchanges()[0].replies.at(0).hop_limit.value == 63);
  CHECK(correlator.exchanges()[1].replies.at(0).hop_limit.value == 62);
}

TEST_CASE("A probe that the capture never saw leave is not sent") {
  const auto correlator = correlate(run_of("0 syn target unsent\n0.1 syn target error=EPERM\n"));
  CHECK_FALSE(correlator.exchanges()[0].sent());
  CHECK_FALSE(correlator.exchanges()[1].sent());
  CHECK(correlator.exchanges()[1].error == 1);
}

TEST_CASE("ARP and Neighbour Discovery messages are set aside") {
  const auto family = each_family();
  const auto correlator = correlate(run_of("0 syn target unsent\n0 arp r1 answered\n", family));
  CHECK(correlator.neighbour_messages().size() == 2);
}

TEST_CASE("Time exceeded in transit is told from reassembly and from every other error") {
  CHECK(kind_of(IcmpError{11, 0, {}, {}}, Family::ipv4) == ReplyKind::time_exceeded);
  CHECK(kind_of(IcmpError{11, 1, {}, {}}, Family::ipv4) == ReplyKind::icmp_error);
  CHECK(kind_of(IcmpError{3, 0, {}, {}}, Family::ipv4) == ReplyKind::icmp_error);
  CHECK(kind_of(IcmpError{3, 0, {}, {}}, Family::ipv6) == ReplyKind::time_exceeded);
  CHECK(kind_of(IcmpError{11, 0, {}, {}}, Family::ipv6) == ReplyKind::icmp_error);
}
