#include "analysis/compare/silence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/rejection.hpp"
#include "analysis/compare/select.hpp"

namespace hopblame::compare {
namespace {

class Silence {
 public:
  Silence(const Attempt& attempt, const Asked& asked, const Telling& tell)
      : attempt_(attempt), asked_(asked), tell_(tell) {}

  AttemptFinding find() const {
    const auto* last = attempt_.pair.client->there.back();
    const bool waited = asked_.count() > 1 || attempt_.client_horizon - last->at >= answer_due;
    const auto outcome = waited ? Outcome::dropped : Outcome::inconclusive;
    if (attempt_.cut_answers) return tell_.unclear(outcome, asked_.syns());
    if (const auto lost = lost_answers(); !lost.empty()) return answer_lost(lost);
    if (!asked_.unheard.empty()) return unheard(outcome, asked_.unheard.front());
    if (!asked_.arrived.empty()) return at_the_server(outcome);
    if (asked_.lost.empty() && !asked_.unknown.empty())
      return tell_.unwatched(outcome, asked_.unknown.front());
    if (attempt_.unsure || !waited) return tell_.unclear(outcome, asked_.lost);
    return tell_.finding(Finding::request_lost, outcome, Way::there, asked_.lost);
  }

 private:
  AttemptFinding answer_lost(const std::vector<Journey>& lost) const {
    auto finding = tell_.finding(Finding::answer_lost, Outcome::dropped, Way::back, lost);
    if (const auto* message = rejection_of(attempt_.journeys, Way::back))
      tell_rejection(finding, *message, Way::back);
    else if (asked_.count() == 1)
      perhaps_heard(finding, lost.front().seen());
    return finding;
  }

  /// Any other answer than one that ends the attempt shows in what the client does next.
  static void perhaps_heard(AttemptFinding& finding, const Observation& answer) {
    finding.perhaps_heard = !is_syn_ack(answer);
    if (!segment_of(answer)) finding.told = Mechanism::icmp_reject_host;
  }

  /// Where the client's capture shows nothing of that way, the client itself does: it asks again.
  [[nodiscard]] std::vector<Journey> lost_answers() const {
    std::vector<Journey> lost;
    if (goes_on(attempt_)) return lost;
    for (const auto& answer : asked_.unheard) {
      const bool missing = answer.fate == Fate::lost && (asked_.count() > 1 || hears(answer));
      if (missing || (answer.fate == Fate::unshown && asked_.count() > 1))
        lost.push_back({answer.way, Fate::lost, answer.client, answer.server});
    }
    return lost;
  }

  /// A client that is not answered asks again. Of one that asked once only a capture that shows
  /// such answers tells.
  [[nodiscard]] bool hears(const Journey& answer) const {
    return segment_of(answer.seen()) ? attempt_.to_client.service : attempt_.to_client.icmp;
  }

  /// It got the SYN and did not say a word.
  AttemptFinding at_the_server(Outcome outcome) const {
    const auto first = asked_.arrived.front().client->at;
    const bool due = attempt_.server_horizon - first >= answer_due || asked_.arrived.size() > 1;
    if (!due) return tell_.not_covered(outcome, asked_.arrived.front());
    if (auto older = older_connection(outcome)) return *older;
    if (attempt_.speaks_of_another) return tell_.unclear(outcome, asked_.arrived);
    if (std::ranges::all_of(asked_.arrived, is_spoiled))
      return tell_.spoiled(Finding::request_lost, Outcome::dropped, Way::there, asked_.arrived);
    auto finding =
        tell_.finding(Finding::unanswered, Outcome::dropped, std::nullopt, asked_.arrived);
    if (!attempt_.from_server.any) nothing_comes_back(finding);
    return finding;
  }

  /// That the SYN came so far is seen all the same. Where what answers the client in other ways is
  /// not shown either, the capture left out the way back.
  void nothing_comes_back(AttemptFinding& finding) const {
    finding.mute = true;
    finding.leaves_out = attempt_.to_client.any && !is_translated();
    finding.text = fmt::format(
        "The SYN came {} to the second capture, which shows no packet that goes back, of any kind.",
        times(asked_.arrived.size()));
  }

  [[nodiscard]] bool is_translated() const {
    const auto& pair = attempt_.pair;
    return pair.client->flow.destination != pair.server->flow.destination;
  }

  AttemptFinding unheard(Outcome outcome, const Journey& answer) const {
    return answer.fate == Fate::lost ? tell_.not_shown(outcome, answer)
                                     : tell_.unwatched(outcome, answer);
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
    return tell_.unclear(outcome, acknowledged);
  }

  const Attempt& attempt_;
  const Asked& asked_;
  const Telling& tell_;
};

}  // namespace

AttemptFinding silence(const Attempt& attempt, const Asked& asked, const Telling& tell) {
  return Silence(attempt, asked, tell).find();
}

}  // namespace hopblame::compare
