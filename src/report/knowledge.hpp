#pragma once
// What an outcome, a mechanism or a caveat means and what to do about it: one table, used by every
// report and by `explain`. Texts are ours, printable ASCII, and may hold the placeholders of
// placeholders.hpp.

#include <cstdint>
#include <span>
#include <string_view>

#include "analysis/model/words.hpp"

namespace hopblame {

/// Who can take a step.
enum class Reader : std::uint8_t { service, host, network, cloud, user };

/// When a step makes sense: a bit for each circumstance, all bits of a step must hold.
namespace only {
using Bits = std::uint64_t;
inline constexpr Bits always = 0;
inline constexpr Bits at_host = 1u << 0;       ///< the blame may fall on the destination itself
inline constexpr Bits before_host = 1u << 1;   ///< it cannot
inline constexpr Bits on_path = 1u << 2;       ///< it may fall on a device before the destination
inline constexpr Bits ssh = 1u << 3;           ///< port 22
inline constexpr Bits not_ssh = 1u << 4;       ///< any other port
inline constexpr Bits no_nat = 1u << 5;        ///< the host sees the address we sent from
inline constexpr Bits steady = 1u << 6;        ///< every connection fares like this
inline constexpr Bits now_and_then = 1u << 7;  ///< some do
inline constexpr Bits elsewhere = 1u << 8;     ///< the target is another machine
inline constexpr Bits named = 1u << 9;         ///< the user gave a name
inline constexpr Bits unnamed = 1u << 10;      ///< or an address
inline constexpr Bits on_link = 1u << 11;      ///< no router lies before the destination
inline constexpr Bits routed = 1u << 12;       ///< one does, or may
inline constexpr Bits forwarded = 1u << 13;    ///< the address may pass the port on
inline constexpr Bits unforwarded = 1u << 14;  ///< nothing speaks for that
inline constexpr Bits large = 1u << 15;        ///< small data got through: large may be lost
inline constexpr Bits unwatched = 1u << 16;    ///< no capture of the server is at hand
inline constexpr Bits unproven = 1u << 17;     ///< none shows that the packets came to the host
inline constexpr Bits works = 1u << 18;        ///< the port is open
inline constexpr Bits fails = 1u << 19;        ///< or something is wrong with it
inline constexpr Bits cut = 1u << 20;          ///< small data is lost too, or it lay idle before
inline constexpr Bits by_form = 1u << 21;      ///< ordinary SYNs fare otherwise than probes
inline constexpr Bits cut_short = 1u << 22;    ///< the run was interrupted
inline constexpr Bits whole_run = 1u << 23;    ///< it was not
inline constexpr Bits in_words = 1u << 24;     ///< the service said why it refuses
inline constexpr Bits other_protocol = 1u << 25;  ///< what it said is not of the port's service
inline constexpr Bits alike = 1u << 26;           ///< ordinary SYNs fare as probes do
inline constexpr Bits here = 1u << 27;       ///< a rule of this machine turns the port elsewhere
inline constexpr Bits not_here = 1u << 28;   ///< none does
inline constexpr Bits few_hops = 1u << 29;   ///< packets leave this machine with too few hops
inline constexpr Bits sent_back = 1u << 30;  ///< the next router sends them back to this machine
inline constexpr Bits circling = 1u << 31;   ///< or they circle somewhere else
inline constexpr Bits came_wrong = Bits{1} << 32;  ///< the answers come here, for another machine
inline constexpr Bits came_not = Bits{1} << 33;    ///< or do not come
inline constexpr Bits below = Bits{1} << 34;       ///< links below the captured one may stop it
inline constexpr Bits far_enough = Bits{1} << 35;  ///< as many hops as were asked for
inline constexpr Bits unheard = Bits{1} << 36;     ///< of nobody, the gateway included
inline constexpr Bits oversize = Bits{1} << 37;  ///< packets stay too big although a router says so
inline constexpr Bits of_any_size = Bits{1} << 38;   ///< nothing of the kind was said
inline constexpr Bits wordless = Bits{1} << 39;      ///< it did not say why it refuses
inline constexpr Bits next_router = Bits{1} << 40;   ///< who is missing stands before the host
inline constexpr Bits last_machine = Bits{1} << 41;  ///< or nothing shows that
inline constexpr Bits first_link = Bits{1} << 42;    ///< or between this machine and hop 1
inline constexpr Bits spent = Bits{1} << 43;         ///< a router may have told why before the run
inline constexpr Bits ipv6 = Bits{1} << 44;          ///< the target's family
inline constexpr Bits ungreeted = Bits{1} << 45;     ///< it ended before the service had greeted
inline constexpr Bits by_loopback = Bits{1} << 46;   ///< packets for others stay on this machine
inline constexpr Bits uncut = Bits{1} << 47;         ///< nothing shows that it worked and then died
inline constexpr Bits anew = Bits{1} << 48;          ///< who reset it knows of no connection
inline constexpr Bits behind_proxy = Bits{1} << 49;  ///< a proxy says that it did not connect on
inline constexpr Bits cut_packets = Bits{1} << 50;   ///< too little was kept of each (snap length)
inline constexpr Bits large_there = Bits{1} << 51;   ///< large ones may be lost on the way there
inline constexpr Bits large_back = Bits{1} << 52;    ///< or on the way back
inline constexpr Bits repeated = Bits{1} << 53;     ///< routers of a circle stand in the path table
inline constexpr Bits unrepeated = Bits{1} << 54;   ///< they do not
inline constexpr Bits answer_left = Bits{1} << 55;  ///< the answer is in a capture on its way back
inline constexpr Bits answer_unknown = Bits{1} << 56;  ///< none shows whether there was one
inline constexpr Bits by_other_link = Bits{1} << 57;   ///< answers may come in by another interface
inline constexpr Bits nameless = Bits{1} << 58;        ///< nobody asked the hops that are blamed
inline constexpr Bits inside = Bits{1} << 59;      ///< a program answers for everybody beyond it
inline constexpr Bits two_owners = Bits{1} << 60;  ///< of the next machine's address on our link
inline constexpr Bits by_tunnel = Bits{1} << 61;   ///< packets leave by a tunnel, PPP or modem link
inline constexpr Bits by_wire = Bits{1} << 62;     ///< or by another link
}  // namespace only

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which a table is read
struct Advice {
  Reader who;
  std::string_view text;
  std::string_view commands = {};  ///< one per line; empty: none
  only::Bits when = only::always;
  bool change = false;  ///< it alters something; all others only look
};

struct Article {
  std::string_view title;  ///< a few words
  std::string_view what;   ///< what it is, whole sentences
  std::string_view wire;   ///< how it looks in a capture
  std::string_view fixed_by;
  std::string_view check;
  std::span<const Advice> steps = {};
};

[[nodiscard]] const Article& article(Outcome outcome);
[[nodiscard]] const Article& article(Mechanism mechanism);
[[nodiscard]] const Article& article(CaveatId caveat);

/// A word that is neither of these: of the path table, of how sure a verdict is, of packets.
struct OtherWord {
  std::string_view word, kind;
  Article article;
};
[[nodiscard]] std::span<const OtherWord> other_words();

[[nodiscard]] std::string_view to_string(Reader reader);  ///< the JSON word: "service", "host", ...
[[nodiscard]] std::string_view title(Reader reader);      ///< "Service owner", ...

}  // namespace hopblame
