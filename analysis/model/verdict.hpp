#pragma once
// The answer, as values. Texts inside are plain sentences without markup; text from outside (a
// banner, a name) never gets into them but what a RST says, in printable characters.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/address.hpp"
#include "analysis/model/ids.hpp"
#include "analysis/model/path.hpp"
#include "analysis/model/text.hpp"
#include "analysis/model/time.hpp"
#include "analysis/model/words.hpp"

namespace hopblame {

/// A place: hop 0 is this host, hop 1 the first router, the destination has its own distance.
/// `last_hop` absent: nothing bounds it.
struct Where {
  CulpritKind kind = CulpritKind::unknown;
  std::optional<std::uint8_t> first_hop, last_hop;
  std::optional<IpAddress> address;
  bool operator==(const Where&) const = default;
};
inline const Where this_host{CulpritKind::this_host, 0, 0, {}};

struct Evidence {
  Text text;
  std::vector<FrameId> packets;
  bool operator==(const Evidence&) const = default;
};

struct Explanation {
  Mechanism mechanism = Mechanism::closed_port;
  unsigned rank = 1;  ///< 1: as good as any; 2: fits as well but needs a rarer cause
  Where where;
  std::vector<Evidence> because, against;
  Text settled_by;
  bool beside = false;  ///< no rival: a second fault, met by what the first one lets through
  bool or_link_before = false;  ///< what has no hop, on the link before this one, looks the same
  bool operator==(const Explanation&) const = default;
};

[[nodiscard]] inline bool lists(const std::vector<Explanation>& explanations, Mechanism mechanism) {
  return std::ranges::count(explanations, mechanism, &Explanation::mechanism) > 0;
}

struct Culprit {
  Where where;
  Confidence confidence = Confidence::weak;
  bool operator==(const Culprit&) const = default;
};

struct Caveat {
  CaveatId id = CaveatId::no_icmp;
  Text text;
  bool operator==(const Caveat&) const = default;
};

struct Verdict {
  Outcome outcome = Outcome::inconclusive;
  Culprit culprit;
  std::vector<Explanation> explanations;  ///< best first
  std::vector<Caveat> caveats;
  /// By their mark, options or hop limit: the path shows the probes, the verdict is what programs
  /// meet.
  bool probes_fare_otherwise = false;
  bool operator==(const Verdict&) const = default;
};

/// What an application on this machine lives through: from connect() where it was called, else by
/// the kernel's table of ICMP codes (signatures: ICMP to errno).
struct AppSees {
  std::optional<int> error;  ///< errno; 0: connected; absent: not known
  bool inferred = false;     ///< from the packets, connect() had not returned
  bool operator==(const AppSees&) const = default;
};

/// The ICMP message that decided, when one did.
struct DecidingIcmp {
  std::uint8_t type = 0, code = 0;
  IpAddress from;
  std::optional<HopLimit> quoted_hop_limit;
  FrameId frame;  ///< 0: told by the kernel, in no packet of ours
  bool operator==(const DecidingIcmp&) const = default;
};

struct Service {
  std::optional<bool> spoke;          ///< absent: no handshake completed
  std::optional<std::string> banner;  ///< first line; outside text
  std::optional<std::string> name;    ///< what is expected on this port, our own word
  bool operator==(const Service&) const = default;
};

struct PacketCounts {
  std::uint64_t sent = 0, seen_leaving = 0, received = 0, rejected_as_forged = 0, capture_drops = 0;
  bool operator==(const PacketCounts&) const = default;
};

struct Attempts {
  unsigned total = 0, open = 0, refused = 0, rejected = 0, dropped = 0, other = 0;
  std::optional<TimePoint> first{},
      last{};                        ///< of somebody else's attempts; absent for a run of ours
  std::optional<TimePoint> since{};  ///< when they began to end as the last did; absent: always
  bool operator==(const Attempts&) const = default;
};

/// One more attempt that ended like this.
void count(Attempts& attempts, Outcome outcome);

struct Analysis {
  Verdict verdict;
  Path path;
  AppSees app_sees;
  std::optional<DecidingIcmp> icmp;
  Service service;
  PacketCounts packets;
  Attempts attempts;
  bool operator==(const Analysis&) const = default;
};

}  // namespace hopblame
