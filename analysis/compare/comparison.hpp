#pragma once
// Two captures of the same time, one from each end: what became of each packet on its way. Packets
// are known again by what a NAT leaves alone - sequence numbers, flags, lengths - and where those
// are rewritten too, by the constant offset that one connection keeps.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/model/observation.hpp"
#include "analysis/model/words.hpp"

namespace hopblame::compare {

/// One capture. It ran from `started` to `horizon`, by its own clock; more is not known of it.
struct Side {
  std::span<const Observation> packets;
  TimePoint started, horizon;
  std::uint64_t dropped = 0;  ///< packets the capture itself lost
  bool truncated = false;
  bool cut_options = false;         ///< SYNs of which it did not keep all options
  std::span<const FrameId> torn{};  ///< first IP fragments of which others are not there, in order
};

enum class Way : std::uint8_t { there, back };  ///< client to server; server to client

/// The server's clock minus the client's. A packet takes no negative time: the fastest on each way
/// bound the difference from both sides.
struct Clock {
  std::optional<Duration> offset;       ///< absent: no packet was seen at both ends
  std::optional<Duration> uncertainty;  ///< absent: seen on one way only, so bounded on one side
  std::size_t packets = 0;              ///< that were seen at both ends and timed
  bool consistent = true;               ///< false: no steady difference fits, a clock was set
  std::int64_t drift = 0;               ///< the server's gains so many nanoseconds a second
  TimePoint measured{};                 ///< where the clocks drift: when `offset` held
  bool operator==(const Clock&) const = default;

  /// What the client's clock showed when the server's showed this. Unknown offset: they agree.
  [[nodiscard]] TimePoint at_client(TimePoint server) const;
};

/// What something on the way changed in packets of one attempt.
enum class Field : std::uint8_t {
  source_address,
  source_port,
  destination_address,
  destination_port,
  mss,
  hop_limit,  ///< other than by the routers' decrements
  traffic_class,
  sequence,
  acknowledgment,
  options,
  window,
};

struct Rewrite {
  Field field = Field::source_address;
  Way way = Way::there;
  std::string sent, received;  ///< our own formatting
  FrameId client, server;      ///< the first packet in which it was seen
  bool operator==(const Rewrite&) const = default;
};

enum class Finding : std::uint8_t {
  answered,             ///< the handshake went both ways and nothing stands out after it
  request_lost,         ///< the SYN left the client and did not arrive
  unanswered,           ///< it arrived, and the server sent nothing
  answer_lost,          ///< the server's answer did not arrive
  answer_ignored,       ///< it did, and the client went on asking
  refused_by_server,    ///< the server sent the RST
  rejected_by_server,   ///< the server sent the ICMP message
  reset_instead,        ///< a RST the server never sent, for a SYN it never got
  reset_injected,       ///< a RST the other end never sent, while packets pass
  rejected_on_way,      ///< an ICMP message the server never sent
  answer_invented,      ///< a SYN/ACK the server never sent
  closed_by_server,     ///< after the handshake, before it said anything
  server_silent,        ///< after the handshake it had nothing to say
  turned_away,          ///< the server's first words are that it does not let the client in
  answered_late,        ///< its SYN/ACK found a client that had given up connecting
  translated_anew,      ///< on its way the connection got other ports, which the server knows not
  data_lost,            ///< after the handshake segments did not arrive, copies of them neither
  answer_misaddressed,  ///< the SYN/ACK arrived, with another address than was asked
  older_connection,  ///< the server holds one of the same ports; the client's RST does not arrive
  data_ignored,      ///< it arrived again and again, and was never acknowledged or taken
  not_covered,       ///< outside the time in which both captures ran
  not_shown,         ///< the other capture shows no packet of that kind at all
  unclear,
};

/// Which kinds of packets one way a capture shows, whoever talks to the target.
struct OneWay {
  bool any = false;      ///< to, or from, the target's address
  bool service = false;  ///< of its port: TCP
  bool syns = false;     ///< of its port, SYN or SYN/ACK
  bool plain = false;    ///< of its port, neither SYN nor FIN nor RST: what a connection is made of
  bool bare = false;     ///< such a one without data
  bool heard = false;    ///< of its port, by one who was not only repeating himself
  bool ends = false;     ///< of its port: FIN, RST
  bool icmp = false;
  bool cut = false;      ///< ICMP errors without the numbers they quote: a short snap length
  bool cut_tcp = false;  ///< of its port, without its flags: the same
  bool operator==(const OneWay&) const = default;
};

struct Sight {
  std::size_t packets = 0;        ///< of anybody
  OneWay there, back;             ///< to the target; from it
  bool cut = false;               ///< ICMP errors of anybody, too short to tell what they are about
  bool only_syns = false;         ///< of the port, though the other end shows what followed them
  std::vector<FrameId> examples;  ///< the first of each kind: these alone show as much
  bool operator==(const Sight&) const = default;
};

struct AttemptFinding {
  Flow at_client;
  std::optional<Flow> at_server;            ///< absent: nothing of it was seen there
  std::optional<Endpoint> passed_to;        ///< where the second capture shows it go from there
  TimePoint at;                             ///< the SYN, by the client's clock
  TimePoint last{};                         ///< packet of it in the client's capture
  Outcome outcome = Outcome::inconclusive;  ///< as the client lived through it
  Finding finding = Finding::unclear;
  std::optional<Way> way;                               ///< of the packet in question
  std::string text;                                     ///< one sentence, with the numbers
  std::vector<FrameId> client_packets, server_packets;  ///< it is about
  unsigned lost = 0;                                    ///< copies that did not arrive
  unsigned syns_lost = 0;                               ///< of its SYNs
  bool spoiled = false;          ///< they did, with a wrong checksum: as good as lost
  bool sent_spoiled = false;     ///< so they were in the capture of their sender already
  bool small_lost = false;       ///< of the data: a segment that every path takes
  bool half_made = false;        ///< of the client's packets its SYNs alone arrived
  bool passed = false;           ///< it came through the router of the second capture, from beyond
  bool rejected_beyond = false;  ///< by a router, whose message both captures show
  bool limited = false;          ///< its SYN had a hop limit that may have ended on the way
  bool held = false;  ///< they came to the router of the second capture, and did not leave it
  std::optional<HopLimit> stranger;           ///< what came instead arrived with this
  std::optional<IpAddress> stranger_address;  ///< and from this address
  std::optional<Mechanism> told;              ///< what its ICMP message stands for
  bool too_big = false;  ///< that says that the packets do not fit a link, and they stay as large
  /// Nothing but the server's capture, which lacks it, tells it from what the server sends.
  bool perhaps_own = false;
  /// It asked once, as who gets the answer does that its capture lacks.
  bool perhaps_heard = false;
  bool hasty = false;       ///< the client ended it before the server had said anything
  bool bare = false;        ///< the RST that ended it acknowledges nothing
  bool shut = false;        ///< the server itself says with its window that nobody reads
  bool asked = false;       ///< what the client asked for arrived and was acknowledged
  bool mute = false;        ///< the server's capture shows no packet that goes back, of any kind
  bool leaves_out = false;  ///< though the client hears some
  bool operator==(const AttemptFinding&) const = default;
};

enum class Fate : std::uint8_t {
  arrived,
  lost,      ///< it left, and the other end ought to have seen it
  stranger,  ///< it arrived, and the other end ought to have seen it leave
  unknown,   ///< the other capture was not watching
  unshown,   ///< the other capture shows no packet of that kind, whoever sent it
};

/// A packet in one of the captures, by the client's clock.
struct Passage {
  FrameId frame;
  TimePoint at;
  bool operator==(const Passage&) const = default;
};

/// One packet between the two captures.
struct Crossing {
  Way way = Way::there;
  Fate fate = Fate::unknown;
  std::string words;                      ///< "SYN", "SYN again"; our own
  std::optional<Passage> client, server;  ///< absent: not seen there
  std::vector<Field> changed;             ///< on the way
  std::optional<IpAddress> made_by;       ///< neither end, but a device that says who it is
  bool missed = false;                    ///< by the capture that lacks it, as other packets tell
  bool operator==(const Crossing&) const = default;
};

/// A packet that was seen at both ends, as each numbers it.
struct Met {
  FrameId client, server;
  bool operator==(const Met&) const = default;
};

/// The client's other connections to the port while SYNs of an attempt got lost.
struct PortUse {
  std::vector<Met> older;  ///< what those made before say in between
  std::vector<Met> newer;  ///< SYNs in between
  std::vector<Met> held;   ///< SYN/ACKs of those made before and not ended by then
  bool operator==(const PortUse&) const = default;
};

/// The client's other packets while those of an attempt got lost.
struct Meanwhile {
  std::vector<Met> arrived;  ///< some that reached the server between the first and the last
  std::vector<Met> around;   ///< the last that did before them, the first after
  PortUse port;
  std::vector<FrameId> lost;  ///< pings that did not
  bool operator==(const Meanwhile&) const = default;
};

/// Packets that the picture has no room for.
struct LeftOut {
  std::size_t all = 0, arrived = 0;
  bool operator==(const LeftOut&) const = default;
};

struct Comparison {
  /// Of the server: unknown where the second capture was taken before it.
  [[nodiscard]] std::optional<std::uint8_t> server_distance() const {
    return midway ? std::nullopt : distance;
  }

  Clock clock;
  std::optional<TimePoint> from, until;  ///< both captures ran, by the client's clock
  std::vector<AttemptFinding> attempts;  ///< to the target, by time
  std::optional<std::size_t> decisive;   ///< the attempt that the verdict is about
  std::vector<Crossing> crossings;       ///< of that attempt, by time
  LeftOut left_out;
  std::vector<Rewrite> rewrites;
  std::size_t paired = 0;  ///< packets of those attempts seen at both ends
  unsigned lost_there = 0, lost_back = 0;
  std::optional<std::uint8_t> distance;  ///< of the second capture, by the hop limits at both ends
  std::optional<HopLimit> server_limit;  ///< with which its own packets reach the client
  std::optional<Met> first_there, first_back;  ///< of all that were seen at both ends
  Sight at_client, at_server;
  /// What the verdict rests on beside the packets of the attempts: of pings and datagrams that were
  /// seen at both ends the first and the last each way, of every kind that a capture shows one, and
  /// the call that may be one of the attempts.
  std::vector<FrameId> client_witnesses, server_witnesses;
  /// What was given as the server's was taken before it: its packets had passed routers there.
  bool midway = false;
  bool client_midway = false;    ///< the client's SYNs had passed routers at the first capture
  bool client_forwards = false;  ///< the first capture shows that: it was taken at a router too
  bool forwards = false;         ///< and shows packets come in and go on: it was taken at a router
  bool swapped = false;          ///< packets reach the client before the server that sent them
  bool elsewhere = false;        ///< nothing shows that this port leads to the captured machine
  bool turned = false;           ///< the captures were given the other way round
  bool one_place = false;        ///< no packet takes any time between the two captures
  Meanwhile meanwhile;           ///< of the decisive attempt
  bool unsure = false;           ///< something at the server may be one of the attempts, rewritten
  bool operator==(const Comparison&) const = default;
};

struct Wanted {
  Endpoint target;                       ///< as the client writes it
  std::vector<std::uint32_t> leave_out;  ///< sequence numbers of SYNs that were meant to be ignored
  bool turned = false;  ///< the client's capture was given as the server's: see direction.hpp
};

class Matched;
[[nodiscard]] Comparison compare_captures(const Matched& captures, const Wanted& wanted);

[[nodiscard]] const char* to_string(Way way);          ///< "there", "back"
[[nodiscard]] const char* to_string(Fate fate);        ///< "arrived", "lost", "never-sent", ...
[[nodiscard]] const char* to_string(Field field);      ///< "source-address", ...
[[nodiscard]] const char* to_string(Finding finding);  ///< "answered", "request-lost", ...

}  // namespace hopblame::compare
