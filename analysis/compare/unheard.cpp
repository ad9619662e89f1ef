#include "analysis/compare/unheard.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/select.hpp"

namespace hopblame::compare {
namespace {

constexpr std::size_t often = 3;  ///< copies: one more than a probe for a lost tail sends
constexpr std::size_t seen_again = 2;
/// What one burst lost is sent again at once.
constexpr Duration for_long = std::chrono::seconds(1);

/// Who sends on this way and who receives, each as its own capture shows both directions.
struct Ends {
  const Packets &sent, &heard;   ///< at the sender
  const Packets &got, &replied;  ///< at the receiver
  std::uint32_t offset;          ///< added to the sender's numbers on the way
};

Ends ends_of(const CallPair& pair, Way way) {
  const auto &client = *pair.client, &server = *pair.server;
  if (way == Way::there) return {client.there, client.back, server.there, server.back, pair.there};
  return {server.back, server.there, client.back, client.there, pair.back};
}

bool holds(const Observation& packet, std::uint32_t byte) {
  const auto* segment = segment_of(packet);
  return segment && byte - segment->sequence < segment->payload;
}

bool any_acknowledges(const Packets& packets, std::uint32_t byte) {
  return std::ranges::any_of(packets,
                             [&](const auto* packet) { return acknowledges(*packet, byte); });
}

std::ptrdiff_t count_with(const Packets& packets, std::uint32_t byte) {
  return std::ranges::count_if(packets, [&](const auto* packet) { return holds(*packet, byte); });
}

/// Of a long connection not all is kept: what is not there may have been said.
bool is_complete(const Ends& ends) {
  return ends.heard.size() < most_packets && ends.replied.size() < most_packets;
}

/// The last copy of what its sender never heard acknowledged.
const Observation* repeated(const Packets& sent, const Packets& heard) {
  for (const auto& [sequence, group] : copies_of(sent))
    if (group.size() >= often && group.back()->at - group.front()->at >= for_long &&
        !any_acknowledges(heard, sequence))
      return group.back();
  return nullptr;
}

class Unheard {
 public:
  Unheard(const Attempt& attempt, const Telling& tell, Way way)
      : attempt_(attempt), tell_(tell), way_(way), ends_(ends_of(attempt.pair, way)) {}

  std::optional<AttemptFinding> find() const {
    const auto* last = is_complete(ends_) ? repeated(ends_.sent, ends_.heard) : nullptr;
    if (!last) return {};
    const auto& segment = *segment_of(*last);
    const auto first_byte = segment.sequence + ends_.offset;
    if (count_with(ends_.got, first_byte) < static_cast<std::ptrdiff_t>(seen_again)) return {};
    if (any_acknowledges(ends_.replied, first_byte)) return acknowledgment_lost(first_byte);
    const auto about = copies(segment.sequence);
    if (about.empty() || is_reset_by_receiver(first_byte)) return {};
    if (arrive_spoiled(segment, first_byte)) return spoiled(segment, about);
    const bool whole = count_with(ends_.got, first_byte + segment.payload - 1) > 0;
    const bool shown = whole || torn(false).shows_others || !arrives_torn(first_byte);
    if (is_torn(*last, torn(true)) || !shown) return hidden(about);
    return whole ? ignored(about) : arrived_in_part(about, first_byte);
  }

 private:
  /// Its kernel heard them, and answered that nobody is there to read them (RFC 9293 section
  /// 3.10.7.1).
  [[nodiscard]] bool is_reset_by_receiver(std::uint32_t byte) const {
    const auto first =
        std::ranges::find_if(ends_.got, [&](const auto* got) { return holds(*got, byte); });
    return first != ends_.got.end() && std::ranges::any_of(ends_.replied, [&](const auto* reply) {
             const auto* segment = segment_of(*reply);
             return segment && segment->is_reset() && reply->at >= (*first)->at;
           });
  }

  /// As they were sent: of what a card joined no checksum is right.
  [[nodiscard]] bool arrive_spoiled(const TcpSegment& sent, std::uint32_t byte) const {
    return std::ranges::none_of(ends_.got, [&](const auto* got) {
      const auto* segment = segment_of(*got);
      return holds(*got, byte) && !(segment->bad_checksum && segment->payload == sent.payload);
    });
  }

  [[nodiscard]] AttemptFinding spoiled(const TcpSegment& sent,
                                       const std::vector<Journey>& about) const {
    auto finding = tell_.spoiled(Finding::data_lost, Outcome::silent_service, way_, about);
    finding.sent_spoiled = sent.bad_checksum;
    return finding;
  }

  [[nodiscard]] const Torn& torn(bool at_sender) const {
    return at_sender == (way_ == Way::there) ? attempt_.at_client : attempt_.at_server;
  }

  [[nodiscard]] static bool is_torn(const Observation& packet, const Torn& torn) {
    return std::ranges::binary_search(torn.heads, packet.frame);
  }

  [[nodiscard]] bool arrives_torn(std::uint32_t byte) const {
    return std::ranges::any_of(ends_.got, [&](const auto* got) {
      return holds(*got, byte) && is_torn(*got, torn(false));
    });
  }

  [[nodiscard]] AttemptFinding hidden(const std::vector<Journey>& about) const {
    auto finding = tell_.finding(Finding::not_shown, Outcome::silent_service, std::nullopt, about);
    finding.text = fmt::format(
        "After the handshake the same bytes left the {} {} times, in IP fragments, of which a "
        "capture shows the first only: the others got lost on the way, or a filter on the port "
        "hides them (they have none). Captures with a filter on the address tell which.",
        way_ == Way::there ? "client" : "server", about.size());
    return finding;
  }

  [[nodiscard]] std::vector<Journey> copies(std::uint32_t sequence) const {
    std::vector<Journey> found;
    for (const auto& journey : attempt_.journeys)
      if (const auto* sent = at_sender(journey, way_); journey.way == way_ && sent)
        if (segment_of(*sent) && holds(*sent, sequence)) found.push_back(journey);
    if (!found.empty()) return found;
    // Offload joined or split every copy: what the sender's capture shows has to do.
    for (const auto* sent : ends_.sent)
      if (holds(*sent, sequence))
        found.push_back(way_ == Way::there ? Journey{way_, Fate::unknown, sent, nullptr}
                                           : Journey{way_, Fate::unknown, nullptr, sent});
    return found;
  }

  [[nodiscard]] std::optional<AttemptFinding> acknowledgment_lost(std::uint32_t byte) const {
    std::vector<Journey> lost;
    for (const auto& journey : attempt_.journeys)
      if (journey.way != way_ && journey.fate == Fate::lost && acknowledges(journey.seen(), byte))
        lost.push_back(journey);
    if (lost.size() < seen_again) return {};
    return tell_.finding(Finding::data_lost, Outcome::silent_service, lost.front().way, lost);
  }

  [[nodiscard]] AttemptFinding ignored(const std::vector<Journey>& about) const {
    const auto outcome = way_ == Way::there ? Outcome::silent_service : Outcome::local;
    return tell_.finding(Finding::data_ignored, outcome, way_, about);
  }

  [[nodiscard]] AttemptFinding arrived_in_part(const std::vector<Journey>& about,
                                               std::uint32_t byte) const {
    auto finding = tell_.finding(Finding::data_lost, Outcome::silent_service, way_, about);
    finding.lost = static_cast<unsigned>(about.size());
    finding.text = fmt::format(
        "After the handshake the same bytes left the {} {} times, and only a part of them "
        "arrived{}.",
        way_ == Way::there ? "client" : "server", about.size(),
        arrives_torn(byte) ? ": later fragments are missing" : "");
    return finding;
  }

  const Attempt& attempt_;
  const Telling& tell_;
  Way way_;
  Ends ends_;
};

/// Its last words to the client are, again and again, that its program does not read.
std::optional<AttemptFinding> window_shut(const Attempt& attempt, const Telling& tell) {
  std::vector<Journey> shut;
  for (const auto& journey : attempt.journeys) {
    const auto* segment = segment_of(journey.seen());
    if (journey.way != Way::back || journey.fate != Fate::arrived || !segment) continue;
    if (segment->window != 0 || segment->flags != tcp_flag::ack)
      shut.clear();
    else
      shut.push_back(journey);
  }
  if (shut.size() < often || shut.back().client->at - shut.front().client->at < for_long) return {};
  auto finding = tell.finding(Finding::data_ignored, Outcome::silent_service, Way::there, shut);
  finding.text = fmt::format(
      "The server itself announced a window of 0, {} times in a row: its program does not read "
      "what the client says.",
      shut.size());
  finding.shut = true;
  return finding;
}

}  // namespace

bool is_left_alone(const Call& client) {
  const bool complete = client.there.size() < most_packets && client.back.size() < most_packets;
  return complete && !client.back.empty() && repeated(client.there, client.back);
}

std::optional<AttemptFinding> unheard(const Attempt& attempt, const Telling& tell) {
  if (!attempt.pair.server) return {};
  for (const auto way : {Way::there, Way::back})
    if (auto finding = Unheard(attempt, tell, way).find()) return finding;
  return window_shut(attempt, tell);
}

}  // namespace hopblame::compare
