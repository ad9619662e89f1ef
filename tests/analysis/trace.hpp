#pragma once
// A run written as lines an engineer reads, in the spirit of packetdrill:
//
//   0.00 syn target          < rst-ack ttl=61 marked      what was sent, and what came back
//   0.01 syn target @2       < te from=r2 ttl=63          with hop limit 2
//   0.01 syn control x3                                   three tries, 1.1 s apart, no answer
//   0.00 connect returns=ECONNREFUSED < rst-ack ttl=61    the application's own connect()
//   fact gateway=r1 dropped=2                             what the packets cannot say
//
// The sequence numbers are right unless a line says otherwise, so that the real Correlator pairs
// probe and answer. "#" starts a comment.
//
// Probes:  syn ack fin bad-syn echo udp; then target or control; @HOPS, xN, every=S, lane=N,
//          left-with=N (hops, when it left), unsent, error=ERRNO.
// Answers: rst-ack rst syn-ack data fin segment echo-reply udp-reply te icmp=WORD.
//          ttl=N, after=S (0.001), only=N (to that try), from=NAME, marked, tos=N, label=N, id=N,
//          win=N, text=TEXT (_ is a space), ack=wrong, seq=wrong,
//          uncounted (the SYN or FIN, in what it acknowledges),
//          bad-checksum, signed (by TCP MD5), for-another (in a frame to another machine),
//          stack-resets (RST of our own, also to the answer to connect()), elsewhere (by the
//          interface of "fact elsewhere=NAME"), stack-silent (no RST of our own to this SYN/ACK);
//          for ICMP also q=N (hop limit in the quote; 1), forged (as device ingress makes it),
//          quote=8 (bytes of TCP), quote=none, quoted-source=NAME, quoted-destination=NAME,
//          quoted-source-port=N, quoted-destination-port=N, quoted-seq=wrong, quote-changed,
//          quoted-tos=N, mtu=N.
// connect: returns=ERRNO (0: connected; absent: pending), took=S, hidden (never on the wire),
// syns=N, hops=N (they leave with), ecn (the first one asks for it, RFC 3168),
//          usual-options (as ours have them),
//          says=TEXT (_ is a space), spoke=S, closed=fin, rst or rst-ack, closes=S.
// arp NAME [answered]: somebody asks for its link address.

#include <string>
#include <string_view>

#include "analysis/model/run.hpp"

namespace hopblame::trace {

/// Throws std::invalid_argument on a line it does not understand.
[[nodiscard]] Run run_of(std::string_view lines, Family family = Family::ipv4);

/// Time exceeded from the routers at first..last, which start it at 64, on the flow to `aim`.
[[nodiscard]] std::string passes(std::string_view aim, int first, int last);

/// The host at this distance (Linux, initial hop limit 64) answers on the control port, and the
/// control flow's walk reaches it through routers that all answer.
[[nodiscard]] std::string closed_control(int distance);

}  // namespace hopblame::trace
