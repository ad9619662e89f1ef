// A wrong "certain" is the worst result there is. Each test here holds evidence that contradicts
// itself, or that another cause elsewhere explains as well: none may be called certain.
// Chain: client, r1, r2, r3, host at hop 4, unless a test says otherwise.

#include "tests/analysis/says.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

Family each_family() { return GENERATE(Family::ipv4, Family::ipv6); }

const std::string reset_at_three = "0 syn target < rst-ack ttl=63\n" + passes("target", 1, 2) +
                                   "0.2 syn target @3 < rst-ack ttl=63\n";

const std::string rejected_by_r2 = "0 syn target < icmp=admin from=r2 ttl=63 q=62\n" +
                                   passes("target", 1, 2) +
                                   "0.2 syn target @3 < icmp=admin from=r2 ttl=63 q=1\n"
                                   "0.4 bad-syn target x2\n";

}  // namespace

// ---- who made the RST --------------------------------------------------------------------------

TEST_CASE("Not certain: the ping comes from farther away than every RST") {
  // r2 redirects all TCP to itself (REDIRECT): its own stack resets with the mark; ICMP passes.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63 marked\n" + passes("target", 1, 1) +
                     "0.2 syn target @2 < rst-ack ttl=63 marked\n" + closed_control(2) +
                     "0.3 echo < echo-reply ttl=61\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: a target behind a gateway that answers at hop 1") {
  // User-space NAT, a captive portal, or the gateway's own second address: all look like this.
  const auto family = each_family();
  const auto lines =
      "0 syn target < rst-ack ttl=64 marked\n0.2 syn target @1 < rst-ack ttl=64 marked\n" +
      closed_control(1) + "fact gateway=r1\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: the next hop was never heard, so its way back is only assumed") {
  // r3 rejects before its hop-limit check and returns by a shorter way; it never sent a message.
  const auto family = each_family();
  const auto lines = reset_at_three + "0.05 syn control < rst-ack ttl=61 marked\n" +
                     passes("control", 1, 2) +
                     "0.2 syn control @3 x2\n0.2 syn control @4 < rst-ack ttl=61 marked\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: a middlebox whose RST bears the mark of the host's stack") {
  // The way back of this flow is one router shorter (it divides there); the stack itself answered.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=62 marked\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=62 marked\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
  CHECK_THAT(verdict_of(lines, family), mentions("closed-port"));
}

TEST_CASE("Not certain: the step before the end was lost on both flows") {
  // The host is at hop 4: both probes that reach it with hop limit 4 were lost, asked once each.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61 marked\n" + passes("target", 1, 3) +
                     "0.2 syn target @4\n0.6 syn target @5 < rst-ack ttl=61 marked\n"
                     "0.05 syn control < rst-ack ttl=61 marked\n" +
                     passes("control", 1, 3) +
                     "0.2 syn control @4\n0.6 syn control @5 < rst-ack ttl=61 marked\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: the port's way back is one router shorter than the control port's") {
  // Paths back are chosen by ports: a rule on the host then looks like one on r3, header for
  // header.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=62\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=62\n"
                     "0.2 syn target @5 < rst-ack ttl=62\n" +
                     closed_control(4) +
                     "0.5 ack target x2 < rst ttl=62 marked\n"
                     "0.5 fin control x2 < rst-ack ttl=61 marked\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: two routers with the same way back fit the RST") {
  const auto family = each_family();
  const auto lines = reset_at_three + "0.05 syn control < rst-ack ttl=61 marked\n" +
                     passes("control", 1, 2) +
                     "0.2 syn control @3 < te from=r3 ttl=63\n"
                     "0.2 syn control @4 < rst-ack ttl=61 marked\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: one probe of the walk unanswered between the pass and the RST") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + passes("target", 1, 2) +
                     "0.2 syn target @3\n0.2 syn target @4 < rst-ack ttl=63\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: only the full-length probe met the RST") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + passes("target", 1, 2) + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: RSTs with an odd hop limit that no hop's way back explains") {
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=47\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < rst-ack ttl=47\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: pf writes any hop limit into its RST, here that of r3") {
  // pf.conf: block return-rst (ttl 65). ToS 0x10 says pf, the host may run it.
  const auto lines = "0 syn target < rst-ack ttl=62 tos=0x10\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=62 tos=0x10\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines), is_not_certain());
}

TEST_CASE("Not certain: IPv6, a flow label but not our class, where the control port has both") {
  // A Linux stack copies the class into every RST; whoever labels without it is somebody else.
  const auto lines = "0 syn target < rst-ack ttl=61 label=0x777\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61 label=0x777\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, Family::ipv6), is_not_certain());
}

TEST_CASE("Not certain: a probe was reset and the application connected") {
  // Two hosts behind one address, or a rule that counts: some are served.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=61 marked\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61 marked\n" + closed_control(4) +
                     "0.01 connect returns=0 says=SSH-2.0-x < syn-ack ttl=61\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
  CHECK_THAT(verdict_of(lines, family), begins_with("intermittent:"));
}

TEST_CASE("Not certain: the same SYN is sometimes reset, sometimes accepted") {
  const auto family = each_family();
  const auto lines = "0 syn target x2 < rst-ack ttl=61 marked only=1 < syn-ack ttl=61 only=2\n" +
                     passes("target", 1, 3) + "0.2 syn target @4 < rst-ack ttl=61 marked\n" +
                     closed_control(4);
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: other SYNs like it got no answer, so a rule may count") {
  // reject with limit: one RST, then silence. "closed-port certain" would be wrong; the host's own
  // stack answers every SYN.
  const auto family = each_family();
  const auto lines = "0 syn target x6 < rst-ack ttl=61 marked only=1\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < rst-ack ttl=61 marked\n" + closed_control(4);
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

// ---- who made the ICMP message -----------------------------------------------------------------

TEST_CASE("Not certain: the rejection's own way back is not that of the hop it names") {
  // A transparent box behind r2 speaks in r2's name.
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=admin from=r2 ttl=60 q=62\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < icmp=admin from=r2 ttl=60 q=1\n"
                     "0.4 bad-syn target x2\n" +
                     closed_control(4);
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: the quote travelled farther than the hop that claims to send it") {
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=admin from=r2 ttl=63 q=55\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < icmp=admin from=r2 ttl=63 q=1\n"
                     "0.4 bad-syn target x2\n" +
                     closed_control(4);
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: a rejection in the host's name with the marks of device ingress") {
  // IP-ID 0, DF, ToS 0: made at device ingress, and a bridge before the host looks the same.
  const auto lines = "0 syn target < icmp=admin ttl=61 q=61 forged\n" + passes("target", 1, 3) +
                     "0.2 syn target @4 < icmp=admin ttl=61 q=1 forged\n0.4 bad-syn target x2\n" +
                     closed_control(4);
  CHECK_THAT(verdict_of(lines, each_family()), is_not_certain());
}

TEST_CASE("Not certain: two devices reject, one the full-length SYN, one the shorter") {
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=admin from=r2 ttl=63 q=62\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < icmp=admin from=r2b ttl=63 q=1\n"
                     "0.4 bad-syn target x2\n" +
                     closed_control(4);
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: a dead next router looks like a dead host") {
  // r2 asks ARP for r3, its next hop, in vain: 3/1 after three seconds, whatever the target.
  const auto family = each_family();
  const auto lines = "0 syn target < icmp=host from=r2 ttl=63 q=62 after=3.05\n" +
                     passes("target", 1, 2) +
                     "0.3 syn target @3 < icmp=host from=r2 ttl=63 q=1 after=2.75\n"
                     "0.3 bad-syn target < icmp=host from=r2 ttl=63 q=62 after=2.75\n"
                     "0.05 syn control < icmp=host from=r2 ttl=63 q=62 after=3.0\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: one rejection, and then connect() succeeds") {
  // A route that came back: the SYN of connect() was accepted, but no raw probe was.
  const auto family = each_family();
  const auto lines =
      rejected_by_r2 + closed_control(4) + "1 connect returns=0 says=SSH-2.0-x hidden\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: the address that rejects is met at two distances") {
  const auto family = each_family();
  const auto lines = rejected_by_r2 + passes("control", 1, 2) +
                     "0.2 syn control @3 < te from=r2 ttl=63\n"
                     "0.2 syn control @4 < rst-ack ttl=61 marked\n"
                     "0.05 syn control < rst-ack ttl=61 marked\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: a rejection without a walk") {
  const auto family = each_family();
  CHECK_THAT(verdict_of("0 syn target < icmp=admin from=r2 ttl=63 q=62\n", family),
             is_not_certain());
}

TEST_CASE("Not certain: what one path of two does") {
  // Two equal paths: the port's flow meets r2, the control flow r2b; only r2 was ever asked twice.
  const auto family = each_family();
  const auto lines = "0 syn target < rst-ack ttl=63\n" + passes("target", 1, 2) +
                     "0.2 syn target @3 < rst-ack ttl=63\n"
                     "0.05 syn control < rst-ack ttl=61 marked\n"
                     "0.2 syn control @1 < te from=r1 ttl=64\n"
                     "0.2 syn control @2 < te from=r2b ttl=63\n"
                     "0.2 syn control @3 < te from=r3b ttl=62\n"
                     "0.2 syn control @4 < rst-ack ttl=61 marked\n";
  // r3 on the port's own path was never heard; that r3b's way back is longer says nothing about it.
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

// ---- open, and this machine --------------------------------------------------------------------

TEST_CASE("Not certain: a SYN proxy completed the handshake, nothing shows the host behind it") {
  const auto family = each_family();
  const auto lines = "fact port=80\n0 syn target < syn-ack ttl=63 win=0\n" +
                     passes("target", 1, 2) + "0.2 syn target @3 < syn-ack ttl=63 win=0\n" +
                     "0.05 syn control x3\n0.4 echo x3\n" +
                     "0.01 connect returns=0 < syn-ack ttl=63 win=0\nfact ends=7\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}

TEST_CASE("Not certain: EACCES for raw probes where connect() names a route") {
  // A broadcast address: the raw socket refuses with EACCES, connect() with ENETUNREACH.
  const auto lines = "0 connect hidden returns=ENETUNREACH\n0 syn target x3 error=EACCES\n";
  CHECK_THAT(verdict_of(lines), is_not_certain());
}

TEST_CASE("Not certain: EHOSTUNREACH at once is no neighbour that failed") {
  // Somebody else's broadcast ARP for the gateway is in the capture; its unicast answer is not.
  const auto lines =
      "0 connect hidden returns=EHOSTUNREACH took=0.0001\n"
      "0 syn target x3 unsent\n0.3 arp r1\n";
  CHECK_THAT(verdict_of(lines), is_not_certain());
}

TEST_CASE("Not certain: silence, ever") {
  const auto family = each_family();
  const auto lines =
      "0 syn target x9\n" + passes("target", 1, 3) + "0.3 syn target @4 x9\nfact ends=12\n" +
      closed_control(4) +
      "0.4 echo < echo-reply ttl=61\n0.5 ack target x9\n0.5 fin target x9\n"
      "0.5 ack control < rst ttl=61 marked\n0.5 fin control < rst-ack ttl=61 marked\n";
  CHECK_THAT(verdict_of(lines, family), is_not_certain());
}
