#include "analysis/compare/finding.hpp"

#include <algorithm>

#include "analysis/compare/after_handshake.hpp"
#include "analysis/compare/answers.hpp"
#include "analysis/compare/rejection.hpp"
#include "analysis/compare/select.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {
namespace {

constexpr std::uint8_t longest_walk = 32;  ///< no stack starts with so little, no path is that long
/// An answer that is due takes no longer; kernels repeat their SYN after one second.
constexpr Duration answer_due = std::chrono::seconds(1);

bool is_syn(const Journey& journey) {
  const auto* segment = segment_of(journey.seen());
  return journey.way == Way::there && segment && segment->is_syn();
}

bool is_unwatched(const Journey& journey) {
  return journey.fate == Fate::unknown || journey.fate == Fate::unshown;
}

struct Syns {
  std::vector<Journey> arrived, lost, unknown;
};

class Finder {
 public:
  explicit Finder(const Attempt& attempt) : attempt_(attempt), tell_(attempt.pair) {
    for (const auto& journey : attempt.journeys) {
      if (is_syn(journey)) sort(journey);
      if (is_answer(journey, attempt.pair)) (journey.client ? heard_ : unheard_).push_back(journey);
    }
  }

  [[nodiscard]] bool is_step_of_walk() const {
    const auto* syn = attempt_.pair.client->syn();
    const bool limited = syn && syn->hop_limit.value <= longest_walk;
    return limited && syns_.arrived.empty() &&
           std::ranges::all_of(
               heard_, [](const Journey& answer) { return is_time_exceeded(*answer.client); });
  }

  AttemptFinding find() {
    if (heard_.empty()) return silence();
    if (const auto* stray = misaddressed()) return from_another(*stray);
    const auto& first = heard_.front();
    const auto* segment = segment_of(*first.client);
    if (!segment) return icmp(first);
    return segment->is_reset() ? reset(first) : syn_ack(first);
  }

 private:
  void sort(const Journey& journey) {
    auto& list = journey.fate == Fate::arrived ? syns_.arrived
                 : journey.fate == Fate::lost  ? syns_.lost
                                               : syns_.unknown;
    if (journey.client) list.push_back(journey);
  }

  /// The only answer bears an address that the client did not ask, so its stack refuses it.
  [[nodiscard]] const Journey* misaddressed() const {
    const auto asked = attempt_.pair.client->flow.destination.address;
    const auto strays = [&](const Journey& answer) {
      return segment_of(*answer.client) && answer.client->flow.source.address != asked;
    };
    return std::ranges::all_of(heard_, strays) ? &heard_.front() : nullptr;
  }

  AttemptFinding from_another(const Journey& answer) const {
    if (is_unwatched(answer)) return unwatched(Outcome::dropped, answer);
    return tell_.finding(Finding::answer_misaddressed, Outcome::dropped, Way::back, {answer});
  }

  /// The server takes the SYN for one of an older connection and acknowledges that (RFC 9293
  /// section 3.10.7.4); the client's RST, which would end it, is what has to arrive.
  [[nodiscard]] std::optional<AttemptFinding> older_connection(Outcome outcome) const {
    std::vector<Journey> acknowledged, lost, resets;
    for (const auto& journey : attempt_.journeys) {
      const auto* segment = segment_of(journey.seen());
      if (!segment) continue;
      if (journey.way == Way::back && journey.server && segment->flags == tcp_flag::ack)
        (journey.fate == Fate::lost ? lost : acknowledged).push_back(journey);
      if (journey.way == Way::there && segment->is_reset() && journey.fate == Fate::lost)
        resets.push_back(journey);
    }
    if (acknowledged.empty() && lost.empty()) return {};
    if (!resets.empty()) {
      auto about = acknowledged;
      about.insert(about.end(), resets.begin(), resets.end());
      return tell_.finding(Finding::older_connection, Outcome::dropped, Way::there, about);
    }
    if (acknowledged.empty())
      return tell_.finding(Finding::answer_lost, Outcome::dropped, Way::back, lost);
    return unclear(outcome, acknowledged);
  }

  AttemptFinding reset(const Journey& answer) const {
    if (answer.fate == Fate::arrived)
      return tell_.finding(Finding::refused_by_server, Outcome::refused, Way::back, {answer});
    if (is_unwatched(answer)) return unwatched(Outcome::refused, answer);
    const bool swallowed = syns_.arrived.empty() && !syns_.lost.empty();
    if (attempt_.unsure && swallowed) return unclear(Outcome::refused, {answer});
    if (!swallowed && may_be_hidden()) return not_shown(Outcome::refused, answer);
    auto about = swallowed ? syns_.lost : syns_.arrived;
    about.push_back(answer);
    auto finding = tell_.finding(swallowed ? Finding::reset_instead : Finding::reset_injected,
                                 Outcome::refused, Way::back, about);
    finding.stranger = answer.client->hop_limit;
    return finding;
  }

  /// A filter on the flags or on the direction hides it. But no server both accepts a SYN and
  /// refuses it: beside its SYN/ACK the RST is another's.
  [[nodiscard]] bool may_be_hidden() const {
    const auto accepts = [](const Journey& answer) {
      const auto* segment = segment_of(answer.seen());
      return segment && segment->is_syn_ack();
    };
    const auto& shown = attempt_.from_server;
    return !shown.plain && !shown.ends && std::ranges::none_of(heard_, accepts) &&
           std::ranges::none_of(unheard_, accepts);
  }

  AttemptFinding icmp(const Journey& answer) const {
    const auto outcome = outcome_of_icmp(*answer.client);
    if (answer.fate == Fate::arrived)
      return tell_.finding(Finding::rejected_by_server, outcome, Way::back, {answer});
    if (is_unwatched(answer)) return unwatched(outcome, answer);
    auto about = syns_.lost;
    about.push_back(answer);
    auto finding = tell_.finding(Finding::rejected_on_way, outcome, Way::back, about);
    finding.stranger = answer.client->hop_limit;
    finding.stranger_address = answer.client->flow.source.address;
    finding.told = mechanism_of(*answer.client);
    return finding;
  }

  AttemptFinding syn_ack(const Journey& answer) const {
    if (answer.fate != Fate::stranger && !is_disowned(attempt_, answer)) return connected(answer);
    // Nothing tells it from the server's own, but that a capture without its TCP lacks it.
    const bool like_its_own =
        is_acknowledged(attempt_, answer) || !comes_from_nearer(attempt_, answer);
    if (!attempt_.from_server.service && like_its_own)
      return not_shown(lived_through(attempt_), answer);
    if (attempt_.unsure && syns_.arrived.empty() && !comes_from_nearer(attempt_, answer))
      return unclear(lived_through(attempt_), {answer});
    if (const auto own = own_reset(attempt_)) return refused_behind(answer, *own);
    auto about = syns_.arrived;
    about.push_back(answer);
    auto finding =
        tell_.finding(Finding::answer_invented, lived_through(attempt_), Way::back, about);
    finding.stranger = answer.client->hop_limit;
    return finding;
  }

  /// Somebody before the server answered the client, and then asked the server.
  AttemptFinding refused_behind(const Journey& answer, const Journey& reset) const {
    const auto outcome = lived_through(attempt_);
    auto finding = tell_.finding(Finding::refused_by_server, outcome, Way::back, {answer, reset});
    finding.stranger = answer.client->hop_limit;
    finding.text += " The SYN/ACK that the client got first is of a device before it.";
    return finding;
  }

  AttemptFinding connected(const Journey& answer) const {
    auto finding = after_handshake(attempt_, tell_, answer);
    if (finding.finding != Finding::answered) return finding;
    const auto outcome = lived_through(attempt_);
    if (is_unwatched(answer) && !goes_on_from(attempt_.pair, *answer.client))
      return unwatched(outcome, answer);
    if (const auto* unseen = unseen_end(outcome)) return unwatched(outcome, *unseen);
    return outcome == Outcome::open ? finding : unclear(outcome, {answer});
  }

  /// It went ill for the client, where one capture does not tell why; or its own does not show how
  /// it went.
  [[nodiscard]] const Journey* unseen_end(Outcome outcome) const {
    const auto tells_nothing = [&](const Journey& journey) {
      const bool hidden_here = !journey.client && journey.fate == Fate::unshown;
      return is_unwatched(journey) && (outcome != Outcome::open || hidden_here);
    };
    const auto found = std::ranges::find_if(attempt_.journeys, tells_nothing);
    return found == attempt_.journeys.end() ? nullptr : &*found;
  }

  /// No answer reached the client.
  AttemptFinding silence() const {
    const auto* last = attempt_.pair.client->there.back();
    const bool waited = syn_count() > 1 || attempt_.client_horizon - last->at >= answer_due;
    const auto outcome = waited ? Outcome::dropped : Outcome::inconclusive;
    if (attempt_.cut_answers) return unclear(outcome, syns());
    if (const auto lost = lost_answers(); !lost.empty()) return answer_lost(lost);
    if (!unheard_.empty()) return unheard(outcome, unheard_.front());
    if (!syns_.arrived.empty()) return at_the_server(outcome);
    if (syns_.lost.empty() && !syns_.unknown.empty())
      return unwatched(outcome, syns_.unknown.front());
    if (attempt_.unsure || !waited) return unclear(outcome, syns_.lost);
    return tell_.finding(Finding::request_lost, outcome, Way::there, syns_.lost);
  }

  AttemptFinding answer_lost(const std::vector<Journey>& lost) const {
    auto finding = tell_.finding(Finding::answer_lost, Outcome::dropped, Way::back, lost);
    if (const auto* message = rejection_of(attempt_.journeys, Way::back))
      tell_rejection(finding, *message, Way::back);
    return finding;
  }

  /// Where the client's capture shows nothing of that way, the client itself does: it asks again.
  [[nodiscard]] std::vector<Journey> lost_answers() const {
    std::vector<Journey> lost;
    if (goes_on()) return lost;
    for (const auto& answer : unheard_) {
      const bool missing = answer.fate == Fate::lost && (syn_count() > 1 || hears(answer));
      if (missing || (answer.fate == Fate::unshown && syn_count() > 1))
        lost.push_back({answer.way, Fate::lost, answer.client, answer.server});
    }
    return lost;
  }

  /// A client that is not answered asks again. Of one that asked once only a capture that shows
  /// such answers tells.
  [[nodiscard]] bool hears(const Journey& answer) const {
    return segment_of(answer.seen()) ? attempt_.to_client.service : attempt_.to_client.icmp;
  }

  /// The client acknowledges an answer that its capture does not show.
  [[nodiscard]] bool goes_on() const {
    return std::ranges::any_of(attempt_.pair.client->there, [](const Observation* packet) {
      const auto* segment = segment_of(*packet);
      return segment && segment->has(tcp_flag::ack) && !segment->is_reset();
    });
  }

  /// It got the SYN and did not say a word.
  AttemptFinding at_the_server(Outcome outcome) const {
    const auto first = syns_.arrived.front().client->at;
    const bool due = attempt_.server_horizon - first >= answer_due || syns_.arrived.size() > 1;
    if (!due) return not_covered(outcome, syns_.arrived.front());
    if (!attempt_.from_server.any) return not_shown(outcome, syns_.arrived.front());
    if (auto older = older_connection(outcome)) return *older;
    if (attempt_.speaks_of_another) return unclear(outcome, syns_.arrived);
    if (std::ranges::all_of(syns_.arrived, is_spoiled))
      return tell_.spoiled(Finding::request_lost, Way::there, syns_.arrived);
    return tell_.finding(Finding::unanswered, Outcome::dropped, std::nullopt, syns_.arrived);
  }

  AttemptFinding unheard(Outcome outcome, const Journey& answer) const {
    return answer.fate == Fate::lost ? not_shown(outcome, answer) : unwatched(outcome, answer);
  }
  AttemptFinding unwatched(Outcome outcome, const Journey& about) const {
    return about.fate == Fate::unshown ? not_shown(outcome, about) : not_covered(outcome, about);
  }
  AttemptFinding not_covered(Outcome outcome, const Journey& about) const {
    return tell_.finding(Finding::not_covered, outcome, std::nullopt, {about});
  }
  AttemptFinding not_shown(Outcome outcome, const Journey& about) const {
    return tell_.finding(Finding::not_shown, outcome, std::nullopt, {about});
  }
  AttemptFinding unclear(Outcome outcome, const std::vector<Journey>& about) const {
    return tell_.finding(Finding::unclear, outcome, std::nullopt, about);
  }
  /// Never empty: an attempt is a SYN of the client.
  [[nodiscard]] const std::vector<Journey>& syns() const {
    if (!syns_.lost.empty()) return syns_.lost;
    return syns_.arrived.empty() ? syns_.unknown : syns_.arrived;
  }
  [[nodiscard]] std::size_t syn_count() const {
    return syns_.arrived.size() + syns_.lost.size() + syns_.unknown.size();
  }

  const Attempt& attempt_;
  Telling tell_;
  Syns syns_;
  std::vector<Journey> heard_, unheard_;  ///< answers that the client saw, that only the server saw
};

}  // namespace

bool says_the_server_did(const AttemptFinding& finding) {
  switch (finding.finding) {
    case Finding::unanswered:
    case Finding::refused_by_server:
    case Finding::rejected_by_server:
    case Finding::closed_by_server:
    case Finding::server_silent: return true;
    case Finding::data_ignored: return finding.way != Way::back;
    default: return false;
  }
}

std::optional<AttemptFinding> finding_of(const Attempt& attempt) {
  Finder finder(attempt);
  if (finder.is_step_of_walk()) return {};
  return finder.find();
}

}  // namespace hopblame::compare
