#include "analysis/compare/lost_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/compare/ends.hpp"
#include "analysis/compare/half_made.hpp"
#include "analysis/compare/questions.hpp"
#include "analysis/compare/rejection.hpp"
#include "analysis/compare/select.hpp"

namespace hopblame::compare {
namespace {

/// With its headers a packet of 576 bytes at most, which no path in use cuts or drops (RFC 791).
constexpr std::uint32_t small = 500;
constexpr std::size_t stuck = 2;     ///< copies lost of the same bytes that are no chance
constexpr std::size_t goodbyes = 3;  ///< of a FIN, for which no program waits

/// Who closes sooner after the last words than this had got what it asked for. After a pause even
/// a FIN tells that the connection was cut.
constexpr Duration patience = std::chrono::seconds(3);

/// It takes a number of its own, and is sent again as data is (RFC 9293 section 3.4).
bool has_fin(const Journey& journey) {
  const auto* segment = segment_of(journey.seen());
  return segment && segment->has(tcp_flag::fin);
}

/// How many copies have to be gone.
std::size_t enough(const Journeys& copies) {
  const auto bare = [](const Journey& journey) {
    return has_fin(journey) && !has_payload(journey);
  };
  return std::ranges::any_of(copies, bare) ? goodbyes : stuck;
}

class Repeated {
 public:
  using Maybe = std::optional<AttemptFinding>;

  Repeated(const Attempt& attempt, const Telling& tell) : attempt_(attempt), tell_(tell) {}

  /// What one end says is rejected with messages that the other never sent, and goes on being sent:
  /// they end it for the user.
  Maybe rejected(Way way) const {
    if (!rejection_of(attempt_.journeys, way)) return {};
    auto lost = select(attempt_.journeys, way, [](const Journey& journey) {
      return journey.fate == Fate::lost && has_payload(journey);
    });
    if (lost.size() < stuck) lost = cut_off(way);
    if (lost.size() < stuck) return {};
    const auto* message = rejection_of(attempt_.journeys, way, at_sender(lost.front(), way)->at);
    if (!message) return {};
    auto finding = tell_.finding(Finding::data_lost, Outcome::silent_service, way, lost);
    tell_rejection(finding, *message, way);
    return finding;
  }

  /// The same bytes were sent again and again, and none of the copies is known to have arrived.
  Maybe lost(Way way) const {
    for (const auto& [sequence, group] : copies(way)) {
      const auto lost =
          select(group, way, [](const Journey& journey) { return journey.fate == Fate::lost; });
      if (lost.size() < enough(group)) continue;
      if (std::ranges::count(group, Fate::arrived, &Journey::fate) > 0) continue;
      if (came(group, sequence) || is_farewell(group)) continue;
      auto finding = tell_.finding(Finding::data_lost, Outcome::silent_service, way, lost);
      tell_too_big(finding, attempt_.journeys, lost);
      return finding;
    }
    return {};
  }

  Maybe unwatched(Way way) const {
    for (const auto& [sequence, group] : copies(way)) {
      const auto unseen = select(group, way, [](const Journey& journey) {
        return journey.fate == Fate::unknown || journey.fate == Fate::unshown;
      });
      if (unseen.size() <= stuck || unseen.size() < group.size()) continue;
      if (came(group, sequence)) continue;
      const auto finding =
          unseen.front().fate == Fate::unshown ? Finding::not_shown : Finding::not_covered;
      return tell_.finding(finding, Outcome::silent_service, std::nullopt, unseen);
    }
    return {};
  }

  /// A server that waits for the last step of the handshake repeats its SYN/ACK and says nothing
  /// else (RFC 9293 section 3.10.7.4).
  Maybe lost_handshake() const {
    const auto after = select(attempt_.journeys, Way::there, [](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      return journey.client && segment && !segment->is_syn();
    });
    const bool spoiled = repeats_syn_ack(attempt_.journeys) && !after.empty() &&
                         std::ranges::all_of(after, is_spoiled);
    const bool all_lost = std::ranges::all_of(
        after, [](const Journey& journey) { return journey.fate == Fate::lost; });
    const auto acks = select(after, Way::there, is_handshake);
    if (!(all_lost || spoiled) || acks.size() < stuck || went_on()) return {};
    if (spoiled)
      return tell_.spoiled(Finding::data_lost, Outcome::silent_service, Way::there, after);
    auto finding = tell_.finding(Finding::data_lost, Outcome::silent_service, Way::there, after);
    finding.half_made = true;
    finding.text = fmt::format(
        "The last step of the handshake left the client and never arrived, nor did anything that "
        "followed: {} packets. For the server the connection was never made.",
        after.size());
    return finding;
  }

 private:
  /// What was sent `way` after the last packet that arrived, be it acknowledgments only.
  [[nodiscard]] Journeys cut_off(Way way) const {
    Journeys since;
    for (const auto& journey : attempt_.journeys) {
      if (journey.way != way || !segment_of(journey.seen()) || !at_sender(journey, way)) continue;
      if (journey.fate == Fate::arrived)
        since.clear();
      else
        since.push_back(journey);
    }
    return since;
  }

  /// It took the connection for made: the client heard more from it.
  [[nodiscard]] bool went_on() const {
    return std::ranges::any_of(attempt_.journeys, [](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      return journey.way == Way::back && journey.client && journey.fate != Fate::stranger &&
             segment && !segment->is_syn_ack() && !segment->is_reset();
    });
  }

  /// Their sender was told that the bytes came: by whoever that was, where not all copies were
  /// looked for at the other end; else by the other end itself, whose capture missed them.
  [[nodiscard]] bool came(const Journeys& group, std::uint32_t sequence) const {
    const auto way = group.front().way;
    const auto* first = at_sender(group.front(), way);
    const bool watched = std::ranges::none_of(
        group, [](Fate fate) { return fate == Fate::unknown || fate == Fate::unshown; },
        &Journey::fate);
    return first && std::ranges::any_of(attempt_.journeys, [&](const Journey& journey) {
             const auto* heard = at_sender(journey, way);
             const bool counts = journey.way != way && heard && heard->at > first->at;
             return counts && (!watched || journey.fate != Fate::stranger) &&
                    acknowledges(*heard, sequence);
           });
  }

  /// Bare FINs of a connection that the client was done with: it misses nothing.
  [[nodiscard]] bool is_farewell(const Journeys& group) const {
    const auto bare = [](const Journey& journey) {
      return has_fin(journey) && !has_payload(journey);
    };
    if (!std::ranges::all_of(group, bare)) return false;
    const auto words = words_of_server(attempt_.journeys);
    const auto heard = std::find_if(words.rbegin(), words.rend(), [](const Journey& journey) {
      return journey.client && !is_spoiled(journey);
    });
    const auto gone = given_up(attempt_.journeys);
    return heard != words.rend() && gone && *gone - heard->client->at < patience;
  }

  using Copies = std::map<std::uint32_t, Journeys>;

  /// Of data, of a FIN, and of what asks whether the other end is alive: those that follow the last
  /// copy that arrived, for each question has to be answered anew.
  [[nodiscard]] Copies copies(Way way) const {
    Copies copies;
    const auto end = end_of_data(attempt_.journeys, way);
    const bool asks_for_end = !knows_end(way);
    for (const auto& journey : attempt_.journeys) {
      const auto* here = at_sender(journey, way);
      const bool asks = here && asks_whether_alive(*here, end);
      const bool counts = asks || has_payload(journey) || (asks_for_end && has_fin(journey));
      if (journey.way != way || !counts) continue;
      auto& group = copies[segment_of(journey.seen())->sequence];
      if (asks && journey.fate == Fate::arrived) group.clear();
      if (!asks || journey.fate != Fate::arrived) group.push_back(journey);
    }
    return copies;
  }

  /// Who sends on `way` has heard that the other end is done: nothing that it waits for is missing.
  [[nodiscard]] bool knows_end(Way way) const {
    return std::ranges::any_of(attempt_.journeys, [&](const Journey& journey) {
      return journey.way != way && at_sender(journey, way) &&
             (has_fin(journey) || is_reset(journey));
    });
  }

  const Attempt& attempt_;
  const Telling& tell_;
};

bool loses_small(const Journeys& journeys, Way way) {
  return std::ranges::any_of(journeys, [&](const Journey& journey) {
    const auto* segment = segment_of(journey.seen());
    return journey.way == way && journey.fate == Fate::lost && segment && segment->payload <= small;
  });
}

/// Shorter pauses are no reason for a device to forget a connection.
constexpr Duration long_idle = std::chrono::seconds(1);

/// How long before the packet that got lost its sender had said and heard nothing.
Duration idle_before(const Journeys& journeys, Way way, FrameId lost) {
  std::optional<TimePoint> before;
  for (const auto& journey : journeys) {
    const auto* packet = at_sender(journey, way);
    if (packet && packet->frame == lost && before) return packet->at - *before;
    if (packet) before = packet->at;
  }
  return {};
}

std::optional<AttemptFinding> found(const Repeated& repeated) {
  for (const auto way : {Way::there, Way::back})
    if (auto finding = repeated.rejected(way)) return finding;
  if (auto finding = repeated.lost_handshake()) return finding;
  for (const auto way : {Way::there, Way::back})
    if (auto finding = repeated.lost(way)) return finding;
  return {};
}

}  // namespace

std::optional<AttemptFinding> lost_data(const Attempt& attempt, const Telling& tell) {
  auto finding = found(Repeated(attempt, tell));
  if (!finding || !finding->way) return finding;
  finding->small_lost = loses_small(attempt.journeys, *finding->way);
  const auto& cited =
      *finding->way == Way::there ? finding->client_packets : finding->server_packets;
  if (cited.empty()) return finding;
  const auto idle = idle_before(attempt.journeys, *finding->way, cited.front());
  if (finding->small_lost && idle >= long_idle)
    finding->text += fmt::format(" Before that nothing had been said for {:.1f} s.", seconds(idle));
  return finding;
}

std::optional<AttemptFinding> unwatched_data(const Attempt& attempt, const Telling& tell) {
  const Repeated repeated(attempt, tell);
  for (const auto way : {Way::there, Way::back})
    if (auto finding = repeated.unwatched(way)) return finding;
  return {};
}

}  // namespace hopblame::compare
