#include "analysis/compare/missed.hpp"

#include <algorithm>

#include "analysis/compare/select.hpp"
#include "analysis/path/distance.hpp"

namespace hopblame::compare {
namespace {

/// The numbers that it takes (RFC 9293 section 3.4).
std::uint32_t length_of(const TcpSegment& segment) {
  return segment.payload + (segment.has(tcp_flag::syn) ? 1 : 0) +
         (segment.has(tcp_flag::fin) ? 1 : 0);
}

/// One end, as its own capture shows it.
class Receiver {
 public:
  Receiver(const CallPair& pair, Way way)
      : client_(*pair.client),
        got_(way == Way::there ? pair.server->there : pair.client->back),
        said_(way == Way::there ? pair.server->back : pair.client->there),
        offset_(way == Way::there ? pair.there : pair.back) {
    for (const auto* packet : said_)
      if (const auto* segment = segment_of(*packet); segment && segment->has(tcp_flag::ack))
        count(segment->acknowledgment);
    if (way == Way::back) count_arrived(*pair.server);
  }

  /// No copy of it came as far as this capture tells, and yet it was acknowledged.
  [[nodiscard]] bool took(const TcpSegment& sent) const {
    const auto first = sent.sequence + offset_, length = length_of(sent);
    if (length == 0 || !highest_) return false;
    if (sent.is_syn()) return !has(first) && answers_syn(first, sent.payload);
    if (sent.is_syn_ack()) return !accepts() && (acknowledges(first) || resets_answer());
    return acknowledges(first + length - 1) && !has(first + length - 1);
  }

 private:
  void count(std::uint32_t acknowledgment) {
    if (!highest_ || is_above(acknowledgment, *highest_)) highest_ = acknowledgment;
  }

  /// What came to the server over as many routers as the SYN is the client's, whose capture may
  /// lack that too.
  void count_arrived(const Call& server) {
    const auto* syn = server.syn();
    for (const auto* packet : server.there) {
      const auto* segment = segment_of(*packet);
      if (syn && segment && segment->has(tcp_flag::ack) && !segment->is_reset() &&
          packet->hop_limit == syn->hop_limit)
        count(segment->acknowledgment + offset_);
    }
  }

  static bool is_above(std::uint32_t one, std::uint32_t other) {
    return static_cast<std::int32_t>(one - other) > 0;
  }

  [[nodiscard]] bool has(std::uint32_t number) const {
    return std::ranges::any_of(got_, [&](const auto* packet) {
      const auto* segment = segment_of(*packet);
      return segment && number - segment->sequence < length_of(*segment);
    });
  }

  [[nodiscard]] bool accepts() const {
    return std::ranges::any_of(got_, [](const auto* packet) { return is_syn_ack(*packet); });
  }

  [[nodiscard]] bool acknowledges(std::uint32_t number) const {
    return is_above(*highest_, number);
  }

  /// Another ACK may be of an older connection.
  [[nodiscard]] bool answers_syn(std::uint32_t first, std::uint32_t said) const {
    return std::ranges::any_of(said_, [&](const auto* packet) {
      const auto* segment = segment_of(*packet);
      const bool refuses =
          segment && segment->is_reset() && segment->sequence == 0 && segment->has(tcp_flag::ack);
      return segment && (segment->is_syn_ack() || refuses) &&
             segment->acknowledgment - first - 1 <= said;
    });
  }

  /// Who gets one that it does not want takes the number of its RST from it.
  [[nodiscard]] bool resets_answer() const {
    return std::ranges::any_of(
        said_, [&](const auto* packet) { return resets_syn_ack(client_, *packet); });
  }

  const Call& client_;
  const Packets &got_, &said_;
  std::uint32_t offset_;
  std::optional<std::uint32_t> highest_;  ///< number that it acknowledges
};

/// The server's later packets count on from it.
bool is_counted(const CallPair& pair, const TcpSegment& got) {
  constexpr std::uint32_t far = 1u << 30;  // no window is larger (RFC 7323 section 2.3)
  const auto next = got.sequence + length_of(got) - pair.back;
  return std::ranges::any_of(pair.server->back, [&](const auto* packet) {
    const auto* segment = segment_of(*packet);
    return segment && !is_bare_reset(*segment) && segment->sequence - next < far;
  });
}

/// As many routers took from its hop limit as from those of the client's other packets, whatever it
/// began with: a RST of the kernel begins with another than some programs ask for.
bool passed_as_many(const std::vector<Journey>& journeys, const Observation& stray) {
  bool known = false;
  for (const auto& journey : journeys) {
    if (journey.way != Way::there || journey.fate != Fate::arrived) continue;
    const auto sent = journey.client->hop_limit.value, got = journey.server->hop_limit.value;
    if (stray.hop_limit.value == got) return true;
    if (sent >= got && could_come_over(stray.hop_limit, static_cast<std::uint8_t>(sent - got)))
      return true;
    known = true;
  }
  return !known;
}

/// Who has reset a connection says nothing more in it, but to reset what still comes.
bool goes_on_after(const std::vector<Journey>& journeys, const Journey& reset) {
  return std::ranges::any_of(journeys, [&](const Journey& journey) {
    if (journey.way != Way::there || !journey.client || !segment_of(*journey.client)) return false;
    const bool later =
        journey.server ? journey.server->at > reset.server->at : journey.at > reset.at;
    return later && !is_reset(journey);
  });
}

bool is_stray(const Journey& journey) {
  return journey.way == Way::there && !journey.client && segment_of(*journey.server);
}

}  // namespace

bool resets_syn_ack(const Call& client, const Observation& packet) {
  const auto* segment = segment_of(packet);
  return segment && client.isn && segment->is_reset() &&
         segment->sequence - *client.isn - 1 <= client.said_in_syn();
}

void note_missed(const CallPair& pair, std::vector<Journey>& journeys) {
  if (!pair.server) return;
  for (const auto way : {Way::there, Way::back}) {
    const Receiver receiver(pair, way);
    for (auto& journey : journeys) {
      if (journey.way != way || journey.fate != Fate::lost || !segment_of(journey.seen())) continue;
      if (!receiver.took(*segment_of(journey.seen()))) continue;
      journey.fate = Fate::unknown;
      journey.taken = true;
    }
  }
  for (auto& journey : journeys) {
    const auto* got = journey.server ? nullptr : segment_of(*journey.client);
    if (journey.way != Way::back || journey.fate != Fate::stranger || !got) continue;
    if (got->payload == 0 || !is_counted(pair, *got)) continue;
    journey.fate = Fate::unknown;
    journey.taken = true;
  }
  const auto strays = std::ranges::count_if(
      journeys, [](const Journey& journey) { return is_stray(journey) && is_reset(journey); });
  for (auto& journey : journeys) {
    if (!is_stray(journey) || !passed_as_many(journeys, *journey.server)) continue;
    journey.of_client = !is_reset(journey) || (strays == 1 && !goes_on_after(journeys, journey));
  }
}

}  // namespace hopblame::compare
