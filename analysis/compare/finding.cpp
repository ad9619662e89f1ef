#include "analysis/compare/finding.hpp"

#include <algorithm>

#include "analysis/compare/after_handshake.hpp"
#include "analysis/compare/answers.hpp"
#include "analysis/compare/asked.hpp"
#include "analysis/compare/behind.hpp"
#include "analysis/compare/missed_answer.hpp"
#include "analysis/compare/rejection.hpp"
#include "analysis/compare/select.hpp"
#include "analysis/compare/silence.hpp"
#include "analysis/compare/telling.hpp"
#include "analysis/model/sighting.hpp"

namespace hopblame::compare {
namespace {

class Finder {
 public:
  explicit Finder(const Attempt& attempt)
      : attempt_(attempt), asked_(attempt), tell_(attempt.pair) {}

  /// It died where it was meant to. The second capture may show it come so far.
  [[nodiscard]] bool is_step_of_walk() const {
    const bool stopped = std::ranges::all_of(
        asked_.heard, [](const Journey& answer) { return is_time_exceeded(*answer.client); });
    return is_limited() && stopped && (asked_.arrived.empty() || !asked_.heard.empty());
  }

  /// A SYN that is to say what lies on the way.
  [[nodiscard]] bool is_limited() const {
    const auto* syn = attempt_.pair.client->syn();
    return syn && syn->hop_limit.value <= longest_walk;
  }

  AttemptFinding find() {
    if (asked_.heard.empty()) return is_missed() ? unseen() : silence(attempt_, asked_, tell_);
    if (are_spoiled()) return spoiled();
    if (const auto* stray = misaddressed()) return from_another(*stray);
    const auto& first = asked_.heard.front();
    if (const auto* accepted = accepted_before(attempt_, asked_, first))
      return connected(*accepted);
    const auto* segment = segment_of(*first.client);
    if (!segment) return icmp(first);
    return segment->is_reset() ? reset(first) : syn_ack(first);
  }

 private:
  /// The client acknowledges an answer that its capture, which shows such, has not.
  [[nodiscard]] bool is_missed() const {
    return attempt_.to_client.service && goes_on(attempt_) &&
           std::ranges::none_of(asked_.unheard, is_unwatched);
  }

  /// So it came.
  AttemptFinding unseen() const {
    const auto* accepted = unheard_syn_ack(asked_);
    return accepted ? connected(*accepted) : tell_.unclear(lived_through(attempt_), asked_.syns());
  }

  /// None of them is taken: the client goes on asking.
  [[nodiscard]] bool are_spoiled() const {
    return asked_.count() > 1 && !goes_on(attempt_) &&
           std::ranges::all_of(asked_.heard, [](const Journey& answer) {
             return answer.fate == Fate::arrived && is_spoiled(answer);
           });
  }

  AttemptFinding spoiled() const {
    return tell_.spoiled(Finding::answer_lost, Outcome::dropped, Way::back, asked_.heard);
  }

  /// The only answer bears an address that the client did not ask, so its stack refuses it.
  [[nodiscard]] const Journey* misaddressed() const {
    const auto asked = attempt_.pair.client->flow.destination.address;
    const auto strays = [&](const Journey& answer) {
      return segment_of(*answer.client) && answer.client->flow.source.address != asked;
    };
    return std::ranges::all_of(asked_.heard, strays) ? &asked_.heard.front() : nullptr;
  }

  AttemptFinding from_another(const Journey& answer) const {
    if (is_unwatched(answer)) return tell_.unwatched(Outcome::dropped, answer);
    return tell_.finding(Finding::answer_misaddressed, Outcome::dropped, Way::back, {answer});
  }

  AttemptFinding reset(const Journey& answer) const {
    if (answer.fate == Fate::arrived)
      return tell_.finding(Finding::refused_by_server, Outcome::refused, Way::back, {answer});
    if (is_unwatched(answer)) return tell_.unwatched(Outcome::refused, answer);
    const bool accepted = std::ranges::any_of(
        asked_.heard, [](const Journey& other) { return is_syn_ack(*other.client); });
    const bool swallowed = asked_.arrived.empty() && !asked_.lost.empty() && !accepted;
    if (attempt_.unsure && swallowed) return tell_.unclear(Outcome::refused, {answer});
    if (!swallowed && may_be_hidden()) return tell_.not_shown(Outcome::refused, answer);
    auto about = swallowed ? asked_.lost : asked_.arrived;
    about.push_back(answer);
    auto finding = tell_.finding(swallowed ? Finding::reset_instead : Finding::reset_injected,
                                 Outcome::refused, Way::back, about);
    finding.stranger = answer.client->hop_limit;
    const bool accepts = std::ranges::any_of(
        attempt_.journeys, [](const Journey& journey) { return is_syn_ack(journey.seen()); });
    finding.perhaps_own = !swallowed && !accepts && may_be_own(attempt_, answer);
    return finding;
  }

  /// A filter on the flags or on the direction hides it. But no server both accepts a SYN and
  /// refuses it: beside its SYN/ACK the RST is another's.
  [[nodiscard]] bool may_be_hidden() const {
    const auto accepts = [](const Journey& answer) { return is_syn_ack(answer.seen()); };
    const auto& shown = attempt_.from_server;
    return !shown.plain && !shown.ends && std::ranges::none_of(asked_.heard, accepts) &&
           std::ranges::none_of(asked_.unheard, accepts);
  }

  AttemptFinding icmp(const Journey& answer) const {
    const auto outcome = outcome_of_icmp(*answer.client);
    if (answer.fate == Fate::arrived && is_of_router(attempt_, answer))
      return rejected_beyond(tell_, outcome, answer);
    if (answer.fate == Fate::arrived)
      return tell_.finding(Finding::rejected_by_server, outcome, Way::back, {answer});
    if (is_unwatched(answer)) return tell_.unwatched(outcome, answer);
    auto about = asked_.lost;
    about.push_back(answer);
    auto finding = tell_.finding(Finding::rejected_on_way, outcome, Way::back, about);
    finding.stranger = answer.client->hop_limit;
    finding.stranger_address = answer.client->flow.source.address;
    finding.told = mechanism_of(*answer.client);
    finding.perhaps_own = asked_.lost.empty() && may_be_own(attempt_, answer);
    return finding;
  }

  AttemptFinding syn_ack(const Journey& answer) const {
    if (answer.fate != Fate::stranger && !is_disowned(attempt_, answer)) return connected(answer);
    // Nothing tells it from the server's own, but that a capture without its TCP lacks it.
    const bool like_its_own =
        is_acknowledged(attempt_, answer) || !comes_from_nearer(attempt_, answer);
    if (!attempt_.from_server.service && like_its_own)
      return tell_.not_shown(lived_through(attempt_), answer);
    if (attempt_.unsure && asked_.arrived.empty() && !comes_from_nearer(attempt_, answer))
      return tell_.unclear(lived_through(attempt_), {answer});
    if (auto missed = missed_syn_ack(attempt_, asked_, tell_, answer)) return *missed;
    if (auto behind = not_taken_behind(attempt_, tell_, answer)) return *behind;
    auto about = asked_.arrived;
    about.push_back(answer);
    auto finding =
        tell_.finding(Finding::answer_invented, lived_through(attempt_), Way::back, about);
    finding.stranger = answer.client->hop_limit;
    return finding;
  }

  AttemptFinding connected(const Journey& answer) const {
    auto finding = after_handshake(attempt_, tell_, answer);
    if (finding.finding != Finding::answered) return finding;
    const auto outcome = lived_through(attempt_);
    if (is_unwatched(answer) && answer.client && !goes_on_from(attempt_.pair, *answer.client))
      return tell_.unwatched(outcome, answer);
    if (const auto* unseen = unseen_end(outcome)) return tell_.unwatched(outcome, *unseen);
    return outcome == Outcome::open ? finding : tell_.unclear(outcome, {answer});
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

  const Attempt& attempt_;
  Asked asked_;
  Telling tell_;
};

}  // namespace

bool says_the_server_did(const AttemptFinding& finding) {
  switch (finding.finding) {
    case Finding::unanswered:
    case Finding::refused_by_server:
    case Finding::rejected_by_server:
    case Finding::closed_by_server:
    case Finding::turned_away:
    case Finding::server_silent: return true;
    case Finding::data_ignored: return finding.way != Way::back;
    default: return false;
  }
}

std::optional<AttemptFinding> finding_of(const Attempt& attempt) {
  Finder finder(attempt);
  if (finder.is_step_of_walk()) return {};
  auto finding = finder.find();
  finding.limited = finder.is_limited();
  return finding;
}

}  // namespace hopblame::compare
