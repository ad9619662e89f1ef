#include "analysis/compare/after_handshake.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/lost_data.hpp"
#include "analysis/compare/select.hpp"
#include "analysis/compare/unheard.hpp"
#include "analysis/model/services.hpp"

namespace hopblame::compare {
namespace {

constexpr std::size_t deaf = 3;  ///< SYNs sent again although the answer has come

/// A client that waited so long and gave up did not just look whether the port is open.
constexpr Duration patience = std::chrono::seconds(3);

/// The last step of the handshake.
bool is_acknowledgment(const Journey& journey) {
  return is_handshake(journey) && !segment_of(journey.seen())->is_syn();
}

/// When the client ended the connection itself.
std::optional<TimePoint> given_up(const Journeys& journeys) {
  const auto ends = select(journeys, Way::there, [](const Journey& journey) {
    const auto* segment = segment_of(journey.seen());
    return journey.client && segment && (segment->is_reset() || segment->has(tcp_flag::fin));
  });
  return ends.empty() ? std::nullopt : std::optional(ends.front().client->at);
}

/// Client and server gave each other so long; less where the client itself gave up.
bool waited(const Attempt& attempt, TimePoint since, Duration due) {
  const auto end = given_up(attempt.journeys);
  const auto until = std::min(end.value_or(attempt.client_horizon), attempt.server_horizon);
  return until - since >= (end ? patience : due);
}

/// The service ought to greet.
bool waited_for_greeting(const Attempt& attempt, TimePoint since) {
  const auto service = known_service(attempt.pair.client->flow.destination.port);
  return service && service->speaks_first &&
         waited(attempt, since, std::chrono::seconds(greeting_seconds));
}

/// The client asked for something, and that arrived where it could be seen.
bool waited_for_answer(const Attempt& attempt) {
  const auto said = select(attempt.journeys, Way::there, [](const Journey& journey) {
    return journey.client && has_payload(journey);
  });
  if (said.empty() || said.front().fate == Fate::lost) return false;
  const auto& text = segment_of(*said.front().client)->text;
  const std::string_view words(reinterpret_cast<const char*>(text.data()), text.size());
  return must_be_answered(attempt.pair.client->flow.destination.port, words) &&
         waited(attempt, said.front().client->at, std::chrono::seconds(answer_seconds));
}

/// From a connection that was open `since`, something was due.
bool waited_in_vain(const Attempt& attempt, TimePoint since) {
  return waited_for_greeting(attempt, since) || waited_for_answer(attempt);
}

class Aftermath {
 public:
  Aftermath(const Attempt& attempt, const Telling& tell, const Journey& syn_ack)
      : attempt_(attempt), tell_(tell), syn_ack_(syn_ack) {}

  AttemptFinding find() const {
    if (auto finding = injected()) return *finding;
    if (auto finding = ignored()) return *finding;
    if (auto finding = lost_data(attempt_, tell_)) return *finding;
    if (auto finding = unheard(attempt_, tell_)) return *finding;
    if (auto finding = ended()) return *finding;
    if (auto finding = ended_unwatched()) return *finding;
    if (auto finding = unwatched_data(attempt_, tell_)) return *finding;
    if (auto finding = speechless()) return *finding;
    return tell_.finding(Finding::answered, Outcome::open, std::nullopt, {syn_ack_});
  }

 private:
  using Maybe = std::optional<AttemptFinding>;

  Maybe injected() const {
    for (const auto way : {Way::back, Way::there}) {
      const auto resets = select(attempt_.journeys, way, [](const Journey& journey) {
        return journey.fate == Fate::stranger && is_reset(journey);
      });
      if (resets.empty() || (way == Way::back && server_resets())) continue;
      auto finding = way == Way::there ? server_reset(resets) : client_reset(resets);
      finding.stranger = resets.front().seen().hop_limit;
      return finding;
    }
    return {};
  }

  /// What the client got may then be that, rewritten.
  [[nodiscard]] bool server_resets() const {
    return !select(attempt_.journeys, Way::back, [](const Journey& journey) {
              return journey.server && !journey.client && is_reset(journey);
            }).empty();
  }

  /// Only what the client hears ends the connection for it.
  [[nodiscard]] AttemptFinding server_reset(const Journeys& resets) const {
    const bool heard = !select(attempt_.journeys, Way::back, [](const Journey& journey) {
                          const auto* segment =
                              journey.client ? segment_of(*journey.client) : nullptr;
                          return segment && (segment->is_reset() || segment->has(tcp_flag::fin));
                        }).empty();
    const auto outcome = heard ? Outcome::closed_early : Outcome::silent_service;
    return tell_.finding(Finding::reset_injected, outcome, Way::there, resets);
  }

  /// Beside what the client said, or in place of it.
  [[nodiscard]] AttemptFinding client_reset(const Journeys& resets) const {
    const auto stopped = last_words(resets.front().client->at);
    if (!stopped || stopped->fate != Fate::lost)
      return tell_.finding(Finding::reset_injected, Outcome::closed_early, Way::back, resets);
    auto finding = tell_.finding(Finding::reset_instead, Outcome::closed_early, Way::back,
                                 {*stopped, resets.front()});
    finding.text = fmt::format(
        "The {} never arrived at the server, and the RST that the client got instead ({}) was "
        "never sent by it: it is forged.",
        packet_text(*stopped->client), limit_text(*resets.front().client));
    return finding;
  }

  /// The data that the client sent last before `end`.
  [[nodiscard]] std::optional<Journey> last_words(TimePoint end) const {
    const auto said = select(attempt_.journeys, Way::there, [&](const Journey& journey) {
      return journey.client && journey.client->at < end && has_payload(journey);
    });
    return said.empty() ? std::nullopt : std::optional(said.back());
  }

  /// The client asks again and again although it was answered: its own rules took the answer.
  Maybe ignored() const {
    const auto again = select(attempt_.journeys, Way::there, [&](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      return journey.client && segment && segment->is_syn() &&
             journey.client->at > syn_ack_.client->at;
    });
    const auto other = select(attempt_.journeys, Way::there, [](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      return journey.client && segment && !segment->is_syn();
    });
    if (again.size() < deaf || !other.empty()) return {};
    auto about = again;
    about.insert(about.begin(), syn_ack_);
    return tell_.finding(Finding::answer_ignored, Outcome::local, std::nullopt, about);
  }

  [[nodiscard]] Journeys said_by_server() const {
    return select(attempt_.journeys, Way::back, has_payload);
  }

  /// Where captures leave out what was said, its last number shows that there was something.
  [[nodiscard]] bool counts_more() const {
    const auto* syn_ack = segment_of(syn_ack_.seen());
    return syn_ack && std::ranges::any_of(attempt_.journeys, [&](const Journey& journey) {
             const auto* segment = segment_of(journey.seen());
             return journey.way == Way::back && segment && segment->has(tcp_flag::fin) &&
                    segment->sequence != syn_ack->sequence + 1;
           });
  }

  /// A service that has spoken may end the connection, but not with a RST.
  Maybe ended() const {
    const bool spoke = !said_by_server().empty() || counts_more();
    const auto client_ended = select(attempt_.journeys, Way::there, [](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      return segment && (segment->has(tcp_flag::fin) || segment->is_reset());
    });
    const auto ends = select(attempt_.journeys, Way::back, [](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      return journey.fate == Fate::arrived && segment &&
             (segment->has(tcp_flag::fin) || segment->is_reset());
    });
    if (ends.empty() || (spoke && !is_reset(ends.front()))) return {};
    const bool first = client_ended.empty() || !client_ended.front().client ||
                       ends.front().client->at < client_ended.front().client->at;
    if (!first) return {};
    return tell_.finding(Finding::closed_by_server, Outcome::closed_early, Way::back,
                         {ends.front()});
  }

  /// The client was reset, and the other capture does not tell by whom.
  Maybe ended_unwatched() const {
    const auto resets = select(attempt_.journeys, Way::back, [](const Journey& journey) {
      const bool unwatched = journey.fate == Fate::unknown || journey.fate == Fate::unshown;
      return journey.client && unwatched && is_reset(journey);
    });
    if (resets.empty()) return {};
    const auto finding =
        resets.front().fate == Fate::unshown ? Finding::not_shown : Finding::not_covered;
    return tell_.finding(finding, Outcome::closed_early, std::nullopt, {resets.front()});
  }

  /// The service ought to greet and had time to.
  Maybe speechless() const {
    const auto connected = select(attempt_.journeys, Way::there, [](const Journey& journey) {
      return journey.fate == Fate::arrived && is_acknowledgment(journey);
    });
    if (connected.empty() || !said_by_server().empty()) return {};
    if (!attempt_.from_server.service) return {};  // its capture leaves out what it says
    if (!waited_in_vain(attempt_, connected.front().client->at)) return {};
    return tell_.finding(Finding::server_silent, Outcome::silent_service, std::nullopt,
                         {connected.front()});
  }

  const Attempt& attempt_;
  const Telling& tell_;
  const Journey& syn_ack_;
};

}  // namespace

Outcome lived_through(const Attempt& attempt) {
  const auto own_end = given_up(attempt.journeys).value_or(TimePoint::max());
  const auto heard = select(attempt.journeys, Way::back, [&](const Journey& journey) {
    return journey.client && segment_of(*journey.client) && !is_handshake(journey);
  });
  const auto ended = [&](const Journey& journey) {
    return !has_payload(journey) && journey.client->at < own_end;
  };
  const bool spoke = std::ranges::any_of(heard, has_payload);
  const auto end = std::ranges::find_if(heard, ended);
  if (end != heard.end() && (!spoke || is_reset(*end))) return Outcome::closed_early;
  if (is_left_alone(*attempt.pair.client)) return Outcome::silent_service;
  if (spoke) return Outcome::open;
  const auto connected = select(attempt.journeys, Way::there, [](const Journey& journey) {
    return journey.client && is_acknowledgment(journey);
  });
  const bool silent = !connected.empty() && waited_in_vain(attempt, connected.front().client->at);
  return silent ? Outcome::silent_service : Outcome::open;
}

AttemptFinding after_handshake(const Attempt& attempt, const Telling& tell,
                               const Journey& syn_ack) {
  return Aftermath(attempt, tell, syn_ack).find();
}

}  // namespace hopblame::compare
