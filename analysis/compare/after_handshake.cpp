#include "analysis/compare/after_handshake.hpp"

#include <algorithm>

#include "analysis/compare/answered_late.hpp"
#include "analysis/compare/ends.hpp"
#include "analysis/compare/forged_reset.hpp"
#include "analysis/compare/goodbye.hpp"
#include "analysis/compare/half_made.hpp"
#include "analysis/compare/lost_data.hpp"
#include "analysis/compare/moved.hpp"
#include "analysis/compare/questions.hpp"
#include "analysis/compare/select.hpp"
#include "analysis/compare/turned_away.hpp"
#include "analysis/compare/unheard.hpp"
#include "analysis/compare/unsure_end.hpp"
#include "analysis/compare/untaken.hpp"
#include "analysis/model/services.hpp"

namespace hopblame::compare {
namespace {

constexpr std::size_t deaf = 3;  ///< SYNs sent again although the answer has come

/// A client that waited so long and gave up did not just look whether the port is open.
constexpr Duration patience = std::chrono::seconds(3);

/// The last step of the handshake, or what stands for it where a capture missed that.
bool is_acknowledgment(const Journey& journey) {
  const auto* segment = segment_of(journey.seen());
  return segment && segment->has(tcp_flag::ack) && !segment->is_reset();
}

/// Client and server gave each other so long; less where the client itself gave up.
bool waited(const Attempt& attempt, TimePoint since, Duration due, TimePoint horizon) {
  const auto end = given_up(attempt.journeys);
  const auto until = std::min(end.value_or(attempt.client_horizon), horizon);
  return until - since >= (end ? patience : due);
}

/// The service ought to greet.
bool waited_for_greeting(const Attempt& attempt, TimePoint since, TimePoint horizon) {
  const auto service = known_service(attempt.pair.client->flow.destination.port);
  return service && service->speaks_first &&
         waited(attempt, since, std::chrono::seconds(greeting_seconds), horizon);
}

/// It has to be answered, whatever the service is: no greeting.
bool is_request(const Observation& packet) {
  const auto& text = segment_of(packet)->text;
  const std::string_view words(reinterpret_cast<const char*>(text.data()), text.size());
  return must_be_answered(packet.flow.destination.port, words);
}

/// The client asked for something, and that arrived where it could be seen.
bool waited_for_answer(const Attempt& attempt, TimePoint horizon) {
  const auto said = select(attempt.journeys, Way::there, [](const Journey& journey) {
    return is_sent(journey) && has_payload(journey);
  });
  if (said.empty() || said.front().fate == Fate::lost) return false;
  return is_request(said.front().seen()) &&
         waited(attempt, said.front().at, std::chrono::seconds(answer_seconds), horizon);
}

/// From a connection that was open `since`, something was due before `horizon`.
bool waited_in_vain(const Attempt& attempt, TimePoint since, TimePoint horizon) {
  return waited_for_greeting(attempt, since, horizon) || waited_for_answer(attempt, horizon);
}

class Aftermath {
 public:
  Aftermath(const Attempt& attempt, const Telling& tell, const Journey& syn_ack)
      : attempt_(attempt), tell_(tell), syn_ack_(syn_ack) {}

  AttemptFinding find() const {
    if (auto finding = translated_anew(attempt_, tell_)) return *finding;
    if (auto finding = forged_reset(attempt_, tell_)) return *finding;
    if (auto finding = ignored()) return *finding;
    if (auto finding = answered_late(attempt_, tell_, syn_ack_)) return *finding;
    if (auto finding = lost_data(attempt_, tell_)) return *finding;
    if (auto finding = unheard(attempt_, tell_)) return *finding;
    if (auto finding = unanswered_questions(attempt_, tell_)) return *finding;
    if (auto finding = untaken(attempt_, tell_)) return *finding;
    if (auto finding = turned_away(attempt_, tell_)) return *finding;
    if (auto finding = ended()) return *finding;
    if (auto finding = ended_unwatched()) return *finding;
    if (auto finding = unwatched_data(attempt_, tell_)) return *finding;
    if (auto finding = speechless()) return *finding;
    if (auto finding = unsure_end(attempt_, tell_, syn_ack_)) return *finding;
    auto finding = tell_.finding(Finding::answered, Outcome::open, std::nullopt, {syn_ack_});
    tell_goodbye(finding, attempt_);
    return finding;
  }

 private:
  using Maybe = std::optional<AttemptFinding>;

  /// The client asks again and again although it was answered: its own rules took the answer.
  Maybe ignored() const {
    if (!syn_ack_.client) return {};
    const auto again = select(attempt_.journeys, Way::there, [&](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      return is_sent(journey) && segment && segment->is_syn() && journey.at > syn_ack_.client->at;
    });
    // A RST to each answer is its own rules' as well: a stack that resets asks no more.
    const auto other = select(attempt_.journeys, Way::there, [](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      return is_sent(journey) && segment && !segment->is_syn() && !segment->is_reset();
    });
    if (again.size() < deaf || !other.empty()) return {};
    auto about = again;
    about.insert(about.begin(), syn_ack_);
    return tell_.finding(Finding::answer_ignored, Outcome::local, std::nullopt, about);
  }

  [[nodiscard]] Journeys said_by_server() const { return words_of_server(attempt_.journeys); }

  /// Where captures leave out what was said, its last number shows that there was something.
  [[nodiscard]] bool counts_more() const {
    const auto* syn_ack = segment_of(syn_ack_.seen());
    return syn_ack && std::ranges::any_of(attempt_.journeys, [&](const Journey& journey) {
             const auto* segment = segment_of(journey.seen());
             return journey.way == Way::back && segment && segment->has(tcp_flag::fin) &&
                    segment->sequence != syn_ack->sequence + 1;
           });
  }

  Maybe ended() const {
    const bool spoke = !said_by_server().empty() || counts_more();
    const auto* end = end_by_server(attempt_.journeys, spoke);
    if (!end || (end->fate != Fate::arrived && !end->taken)) return {};
    const auto* question = spoke ? asked_after_fin(attempt_.journeys) : nullptr;
    if (!question || question->at > end->at) {
      auto finding =
          tell_.finding(Finding::closed_by_server, Outcome::closed_early, Way::back, {*end});
      finding.bare = is_bare_reset(*end);
      return finding;
    }
    auto finding = tell_.finding(Finding::closed_by_server, Outcome::closed_early, Way::back,
                                 {*question, *end});
    finding.text +=
        " It had said with a FIN that it was done, and the client asked once more after that: so "
        "it is where a server ends idle connections sooner than its client expects.";
    return finding;
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

  /// The first is of the handshake, and one of them came; from a server that repeats its SYN/ACK
  /// nothing was due before.
  [[nodiscard]] Journeys acknowledgments() const {
    auto sent = select(attempt_.journeys, Way::there, [](const Journey& journey) {
      return is_sent(journey) && is_acknowledgment(journey);
    });
    const auto came = std::ranges::find_if(sent, [](const Journey& journey) {
      return journey.fate == Fate::arrived || journey.taken || journey.of_client;
    });
    if (came == sent.end() || repeats_syn_ack(attempt_.journeys)) sent.erase(sent.begin(), came);
    return sent;
  }

  /// The service ought to greet and had time to.
  Maybe speechless() const {
    const auto connected = acknowledgments();
    if (connected.empty() || !said_by_server().empty()) return {};
    if (!attempt_.from_server.service) return {};  // its capture leaves out what it says
    if (!waited_in_vain(attempt_, connected.front().at, attempt_.server_horizon)) return {};
    const auto late = select(attempt_.journeys, Way::back, has_payload);
    if (const auto* request = taken_request(); request && late.empty()) {
      auto finding = tell_.finding(Finding::server_silent, Outcome::silent_service, std::nullopt,
                                   {connected.front(), *request});
      finding.asked = true;
      finding.text =
          "The connection was made at both ends. What the client asked for arrived, the server's "
          "machine acknowledged it, and the server had nothing to say.";
      return finding;
    }
    if (late.empty())
      return tell_.finding(Finding::server_silent, Outcome::silent_service, std::nullopt,
                           {connected.front()});
    auto finding = tell_.finding(Finding::server_silent, Outcome::silent_service, std::nullopt,
                                 {connected.front(), late.front()});
    finding.text =
        "The connection was made at both ends, and the server had nothing to say until the client "
        "had given up.";
    return finding;
  }

  /// Which the machine of the server acknowledged. Null: none.
  [[nodiscard]] const Journey* taken_request() const {
    const auto found = std::ranges::find_if(attempt_.journeys, [](const Journey& journey) {
      return journey.way == Way::there && journey.fate == Fate::arrived && has_payload(journey) &&
             is_request(*journey.client);
    });
    if (found == attempt_.journeys.end()) return nullptr;
    const auto byte = segment_of(*found->server)->sequence;
    const bool taken = std::ranges::any_of(attempt_.journeys, [&](const Journey& journey) {
      return journey.way == Way::back && journey.server && acknowledges(*journey.server, byte);
    });
    return taken ? &*found : nullptr;
  }

  const Attempt& attempt_;
  const Telling& tell_;
  const Journey& syn_ack_;
};

/// Of what offload cut in pieces on its way, or joined, no piece is the same at both ends.
bool heard_words(const Attempt& attempt) {
  const auto words = words_of_server(attempt.journeys);
  if (std::ranges::any_of(words, [](const Journey& journey) { return journey.client != nullptr; }))
    return true;
  const auto gone = given_up(attempt.journeys).value_or(TimePoint::max());
  return std::ranges::any_of(attempt.pair.client->back, [&](const Observation* packet) {
    const auto* segment = segment_of(*packet);
    return segment && segment->payload > 0 && packet->at < gone;
  });
}

/// A SYN proxy opens the window when the host behind it has accepted: until then nobody may speak.
bool is_kept_waiting(const Attempt& attempt) {
  const auto& call = *attempt.pair.client;
  const auto* syn_ack = call.syn_ack();
  if (!syn_ack || segment_of(*syn_ack)->window != 0) return false;
  const auto next = segment_of(*syn_ack)->sequence + 1;
  const bool opened = std::ranges::any_of(call.back, [&](const Observation* packet) {
    const auto* segment = segment_of(*packet);
    return segment && !segment->is_syn_ack() && !segment->is_reset() && segment->window > 0 &&
           segment->sequence == next;
  });
  return !opened && waited(attempt, syn_ack->at, patience, attempt.client_horizon);
}

}  // namespace

Outcome lived_through(const Attempt& attempt) {
  if (gave_up_connecting(attempt)) return Outcome::dropped;
  const bool spoke = heard_words(attempt);
  if (end_by_server(attempt.journeys, spoke) || refusal_in_words(attempt.pair))
    return Outcome::closed_early;
  if (is_left_alone(*attempt.pair.client)) return Outcome::silent_service;
  if (is_kept_waiting(attempt)) return Outcome::silent_service;
  if (spoke) return Outcome::open;
  const auto connected = select(attempt.journeys, Way::there, [](const Journey& journey) {
    return is_sent(journey) && is_acknowledgment(journey);
  });
  const bool silent =
      !connected.empty() && waited_in_vain(attempt, connected.front().at, attempt.client_horizon);
  return silent ? Outcome::silent_service : Outcome::open;
}

bool is_hasty(const Attempt& attempt) {
  return given_up(attempt.journeys) && !heard_words(attempt);
}

AttemptFinding after_handshake(const Attempt& attempt, const Telling& tell,
                               const Journey& syn_ack) {
  return Aftermath(attempt, tell, syn_ack).find();
}

}  // namespace hopblame::compare
