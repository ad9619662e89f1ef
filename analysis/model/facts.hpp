#pragma once
// What the packets cannot say: who we are, what the capture could see, what connect() returned.

#include <optional>
#include <string>
#include <vector>

#include "analysis/model/flow.hpp"
#include "analysis/model/time.hpp"

namespace hopblame {

/// An interface of this machine by which probes do not leave. Answers may come in by it all the
/// same: who sends them chooses their way back.
struct OtherInterface {
  std::uint32_t index = 0;  ///< the kernel's number (if_nametoindex(3))
  std::string name;
  bool operator==(const OtherInterface&) const = default;
};

/// What the routing table says about the target (rtnetlink RTM_GETROUTE).
struct Vantage {
  IpAddress local;                   ///< source address of the probes; unspecified when no route
  std::string interface;             ///< empty when there is no route
  std::optional<IpAddress> gateway;  ///< absent: the target is on link, or there is no route
  int route_error = 0;  ///< errno of the look-up: ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL
  bool target_is_local = false;  ///< the address is this machine's own
  /// No gateway, and yet in none of the interface's own networks: the kernel asks for its link
  /// address all the same, be it by a route without a gateway or for want of one.
  bool off_network = false;
  bool interface_up = true;                  ///< of `interface`; administratively up and carrier
  std::vector<std::string> down_interfaces;  ///< other than loopback, down or without carrier
  std::uint32_t mtu = 0;                     ///< 0 unknown
  std::vector<OtherInterface> elsewhere{};   ///< watched as well, for what comes in
  /// Of `interface`: it stands on other links of this machine (a bridge, bond, VLAN, macvlan),
  /// whose rules see what leaves after the capture did, and what comes in before it.
  bool on_other_links = false;
  /// Of `interface`: a tunnel, PPP or modem. Nobody is asked for a hardware address there, and what
  /// lies under it is another network.
  bool point_to_point = false;
  /// More addresses of `interface` for other machines, of networks other than that of `local`.
  std::vector<IpAddress> other_sources{};
  /// By which a gateway leads to the target too.
  std::vector<OtherInterface> other_exits{};
  bool operator==(const Vantage&) const = default;

  /// Null: not one of `elsewhere`.
  [[nodiscard]] const OtherInterface* other(std::uint32_t index) const {
    for (const auto& one : elsewhere)
      if (one.index == index && index != 0) return &one;
    return nullptr;
  }
};

struct CaptureFacts {
  Vantage vantage;
  TimePoint started, horizon;  ///< the capture saw everything between the two
  std::uint64_t dropped = 0;   ///< frames the kernel could not keep for us
  std::uint64_t misfits = 0;   ///< our five-tuple, but wrong numbers: late strangers or forgeries
  bool truncated = false;      ///< the file ends inside a record, or is damaged
  bool sees_outbound = true, sees_inbound = true;
  bool clock_stepped = false;
  bool interrupted = false;     ///< the user stopped the run before it was done
  bool interface_lost = false;  ///< the interface went down or away during the run
  bool operator==(const CaptureFacts&) const = default;
};

/// What was said on the real connection to an SSH server after its greeting: our identification and
/// KEXINIT out, the peer's KEXINIT in, no more (RFC 4253 sections 4.2 and 7.1).
struct SshRecord {
  std::uint32_t lines = 0;              ///< whole lines before the peer's identification
  std::optional<TimePoint> heard;       ///< when the last byte came
  std::optional<TimePoint> identified;  ///< the peer's "SSH-..." line was whole
  std::optional<TimePoint> said;        ///< when our identification was given to the stack
  std::uint32_t said_bytes = 0;         ///< of ours given to the stack in all
  std::optional<TimePoint> answered;    ///< the peer's first binary packet was whole
  bool operator==(const SshRecord&) const = default;
};

/// One real connect(), what an application lives through.
struct ConnectRecord {
  Flow flow;                       ///< local port bound before connecting, so the capture knows it
  TimePoint at;                    ///< when connect() was called
  std::optional<TimePoint> ended;  ///< when it returned; absent: still pending when the run ended
  std::optional<TimePoint> hung_up{};  ///< when the program gave it up, everything being silent
  int error = 0;                       ///< errno it returned; 0 with `ended`: connected
  std::string greeting;                ///< first text the peer sent, at most 512; outside text
  std::optional<TimePoint> spoke;      ///< when the first byte came
  std::optional<TimePoint> closed;     ///< when the peer ended the connection
  int close_error = 0;             ///< ECONNRESET when it was a RST, 0 when it was an orderly FIN
  std::optional<SshRecord> ssh{};  ///< on the port of ssh, or once the peer began with "SSH-"
  // Of somebody else's capture only.
  bool to_proxy = false;    ///< the client asked a proxy to connect on (CONNECT of HTTP)
  bool small_lost = false;  ///< nothing got through any more, of what fits every path neither
  /// Nobody had said anything for so long before it ended, or hung.
  std::optional<std::chrono::seconds> pause{};
  bool operator==(const ConnectRecord&) const = default;
};

/// An ICMP message as the kernel's error queue tells it to an ordinary socket (ip(7) IP_RECVERR).
struct QueuedIcmp {
  std::uint8_t type = 0, code = 0;
  IpAddress from;
  bool operator==(const QueuedIcmp&) const = default;
};

/// What the kernel tells any program of the SYNs of its connect() (tcp(7) TCP_INFO).
struct SynsTold {
  std::uint32_t repeats = 0;  ///< sent after the first
  /// From the SYN that was answered to its answer, by the time stamp in it (RFC 7323); absent where
  /// the peer puts in none.
  std::optional<Duration> round_trip;
  bool operator==(const SynsTold&) const = default;
};

/// What a run without the raw socket has beside its connect(): no packet was sent or seen.
struct ConnectOnly {
  std::optional<QueuedIcmp> icmp;    ///< that ended the connect() to the target
  bool control_asked = false;        ///< a connect() to the control port was made as well
  std::optional<int> control_error;  ///< of that; 0: connected; absent: no answer in the time given
  std::optional<Duration> control_waited{};  ///< that time
  std::optional<SynsTold> syns{};            ///< of a connect() that was answered
  bool operator==(const ConnectOnly&) const = default;
};

/// Another address of the same name, tried with one connect() because the first was not open.
struct OtherAddress {
  IpAddress address;
  std::optional<int> error;  ///< 0: connected; absent: no answer in the time given
  bool operator==(const OtherAddress&) const = default;
};

}  // namespace hopblame
