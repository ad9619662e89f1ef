#include "analysis/compare/unsure_end.hpp"

#include <algorithm>

#include "analysis/compare/ends.hpp"
#include "analysis/compare/select.hpp"

namespace hopblame::compare {
namespace {

class UnsureEnd {
 public:
  UnsureEnd(const Attempt& attempt, const Telling& tell, const Journey& syn_ack)
      : journeys_(attempt.journeys), attempt_(attempt), tell_(tell), syn_ack_(syn_ack) {}

  std::optional<AttemptFinding> find() const {
    if (const auto* reset = reset_at_server())
      return unsure(
          *reset,
          "A RST came to the server that the client's capture lacks. Nothing tells it from "
          "the client's own, which said nothing more after it: its capture missed that, "
          "or it is forged.");
    if (const auto* reset = reset_without_reason())
      return unsure(*reset,
                    "The client's stack answers what the server says as if it knew no connection, "
                    "and neither capture shows what ended that: a RST to the client may be missing "
                    "in its capture.");
    if (const auto* end = end_not_seen())
      return unsure(*end,
                    "The server ended the connection, and whether that came to the client, which "
                    "said nothing more, its capture does not show.");
    if (const auto* words = words_not_taken())
      return unsure(
          *words,
          "What the server says arrived at the client, which a second later had still not "
          "acknowledged it: something keeps it from its stack.");
    if (is_never_answered())
      return unsure(syn_ack_,
                    "The server's SYN/ACK arrived, and the client neither took nor refused it: "
                    "something ended its attempt that the captures do not show.");
    return {};
  }

 private:
  [[nodiscard]] AttemptFinding unsure(const Journey& about, const char* why) const {
    return tell_.unclear(Outcome::inconclusive, about, why);
  }

  /// It would end what the client had not ended before.
  [[nodiscard]] const Journey* reset_at_server() const {
    const auto end = std::ranges::find_if(journeys_, [](const Journey& journey) {
      return is_sent(journey) && is_end(journey.seen());
    });
    const bool doubtful = end != journeys_.end() && !end->client && end->fate == Fate::stranger;
    return doubtful && is_reset(*end) ? &*end : nullptr;
  }

  /// To data, though it had ended nothing: its own abort would acknowledge (see bare_reset.hpp).
  [[nodiscard]] const Journey* reset_without_reason() const {
    const auto end = std::ranges::find_if(journeys_, [](const Journey& journey) {
      return is_sent(journey) && is_end(journey.seen());
    });
    if (end == journeys_.end() || !end->client || !is_bare_reset(*end)) return nullptr;
    const bool connected = std::any_of(journeys_.begin(), end, [](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      return is_sent(journey) && segment && segment->has(tcp_flag::ack);
    });
    return connected && answers_server(*end) ? &*end : nullptr;
  }

  [[nodiscard]] bool answers_server(const Journey& reset) const {
    auto said = TimePoint::min(), heard = TimePoint::min();
    for (const auto& journey : journeys_) {
      if (!segment_of(journey.seen()) || &journey == &reset || journey.at > reset.at) continue;
      auto& last = journey.way == Way::there ? said : heard;
      last = std::max(last, journey.at);
    }
    return heard > said;
  }

  /// Lost for sure where the client goes on.
  [[nodiscard]] const Journey* end_not_seen() const {
    const auto gone = given_up(journeys_).value_or(TimePoint::max());
    const auto end = std::ranges::find_if(journeys_, [&](const Journey& journey) {
      const bool missing = journey.fate == Fate::lost ||
                           (is_reset(journey) && journey.fate == Fate::unknown && !journey.taken);
      return journey.way == Way::back && !journey.client && missing && is_end(journey.seen()) &&
             journey.at < gone;
    });
    if (end == journeys_.end()) return nullptr;
    const auto after = segment_of(end->seen())->sequence + attempt_.pair.back;
    const bool goes_on = std::any_of(end, journeys_.end(), [&](const Journey& journey) {
      return is_sent(journey) && !is_reset(journey) &&
             (is_reset(*end) || !acknowledges(journey.seen(), after));
    });
    return goes_on ? nullptr : &*end;
  }

  /// A stack acknowledges within half a second (RFC 1122 section 4.2.3.2), whoever reads or not.
  [[nodiscard]] const Journey* words_not_taken() const {
    constexpr Duration late = std::chrono::seconds(1);
    const auto last =
        std::find_if(journeys_.rbegin(), journeys_.rend(), [](const Journey& journey) {
          const auto* segment = journey.client ? segment_of(*journey.client) : nullptr;
          return journey.way == Way::there && segment && segment->has(tcp_flag::ack) &&
                 !segment->is_reset();
        });
    if (last == journeys_.rend()) return nullptr;
    const auto words = std::ranges::find_if(journeys_, [&](const Journey& journey) {
      return journey.way == Way::back && journey.fate == Fate::arrived && has_payload(journey) &&
             last->client->at - journey.client->at >= late &&
             !acknowledges(*last->client, segment_of(*journey.client)->sequence);
    });
    return words == journeys_.end() ? nullptr : &*words;
  }

  /// A stack does so at once.
  [[nodiscard]] bool is_never_answered() const {
    if (!syn_ack_.client || !(attempt_.shows_client || asks_again())) return false;
    if (attempt_.client_horizon - syn_ack_.client->at <= stamp_error) return false;
    return std::ranges::none_of(journeys_, [](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      return journey.way == Way::there && segment && !segment->is_syn();
    });
  }

  [[nodiscard]] bool asks_again() const {
    return std::ranges::any_of(journeys_, [&](const Journey& journey) {
      return is_sent(journey) && is_syn(journey.seen()) && journey.at > syn_ack_.client->at;
    });
  }

  const Journeys& journeys_;
  const Attempt& attempt_;
  const Telling& tell_;
  const Journey& syn_ack_;
};

}  // namespace

std::optional<AttemptFinding> unsure_end(const Attempt& attempt, const Telling& tell,
                                         const Journey& syn_ack) {
  return UnsureEnd(attempt, tell, syn_ack).find();
}

}  // namespace hopblame::compare
