#include "analysis/compare/verdict.hpp"

#include <algorithm>
#include <cerrno>

#include "analysis/compare/causes.hpp"
#include "analysis/compare/caveats.hpp"
#include "analysis/compare/course.hpp"
#include "analysis/compare/decisive.hpp"
#include "analysis/compare/sight.hpp"
#include "analysis/compare/telling.hpp"
#include "analysis/model/icmp_codes.hpp"

namespace hopblame::compare {
namespace {

/// A change for good is none, but a connection that died is not mended by a new one.
bool comes_and_goes(const std::vector<AttemptFinding>& attempts) {
  return course_of(attempts).changes > 1;
}

Outcome outcome_of(const std::vector<AttemptFinding>& attempts, const AttemptFinding& best,
                   const Analysis& alone) {
  if (!tells(best)) {
    const bool open = best.outcome == Outcome::open && alone.verdict.outcome == Outcome::open;
    return open ? Outcome::open : Outcome::inconclusive;
  }
  return failed(best) && comes_and_goes(attempts) ? Outcome::intermittent : best.outcome;
}

/// errno of a connect() that met this; of one that was made the client's own capture tells more.
std::optional<int> error_of(Outcome outcome, const AttemptFinding& best, const Side& client) {
  switch (outcome) {
    case Outcome::refused: return ECONNREFUSED;
    case Outcome::dropped: return ETIMEDOUT;
    case Outcome::rejected:
    case Outcome::unreachable: break;
    default: return {};
  }
  for (const auto& packet : client.packets) {
    const auto* error = std::get_if<IcmpError>(&packet.message);
    if (error && std::ranges::find(best.client_packets, packet.frame) != best.client_packets.end())
      return icmp_errno(packet.flow.source.address.family, error->type, error->code);
  }
  return {};
}

/// The client's capture alone may be of the mind that another attempt is the one to tell of.
void tell_of_this_attempt(Analysis& analysis, const AttemptFinding& best, const Side& client,
                          const Analysis& alone) {
  if (analysis.verdict.outcome == alone.verdict.outcome) return;
  const auto error = error_of(analysis.verdict.outcome, best, client);
  if (!error) return;
  analysis.app_sees = {error, true};
  analysis.service.spoke = std::nullopt;
  analysis.service.banner = std::nullopt;
}

/// Words that its stack drops unread no application hears.
void forget_spoiled_words(Analysis& analysis, const AttemptFinding& best) {
  if (!best.spoiled || best.way != Way::back) return;
  analysis.service.spoke = std::nullopt;
  analysis.service.banner = std::nullopt;
}

void count_attempts(Analysis& analysis, const Comparison& comparison) {
  analysis.attempts = {};
  for (const auto& attempt : comparison.attempts) count(analysis.attempts, attempt.outcome);
  if (comparison.attempts.empty()) return;
  analysis.attempts.first = comparison.attempts.front().at;
  analysis.attempts.last = comparison.attempts.back().at;
  analysis.attempts.since = changed_at(comparison.attempts);
}

/// Packets of the attempt that are missing are one witness; that the capture would have shown them
/// is the other.
Confidence lowered(const Culprit& culprit, const AttemptFinding& best, const Comparison& comparison,
                   const Analysis& alone) {
  if (!comparison.clock.offset || !comparison.clock.consistent) return Confidence::weak;
  // Of what the client lived through after the handshake its own capture shows nothing.
  if (best.finding == Finding::answered && hides_plain(comparison.at_client))
    return std::min(culprit.confidence, Confidence::strong);
  if (!filter_fits(best, comparison)) return culprit.confidence;
  const auto& known = alone.verdict.culprit;
  if (known.where == culprit.where && known.confidence > Confidence::strong)
    return culprit.confidence;
  return std::min(culprit.confidence, Confidence::strong);
}

/// The server's capture may have looked elsewhere, or have been filtered, and then what the
/// client's says alone holds.
void add_what_else_fits(std::vector<Explanation>& explanations, const Analysis& alone,
                        const AttemptFinding& best) {
  for (const auto& other : alone.verdict.explanations) {
    const bool known = std::ranges::any_of(explanations, [&](const Explanation& explanation) {
      return explanation.mechanism == other.mechanism;
    });
    if (known) continue;
    explanations.push_back(other);
    explanations.back().rank = 2;
    auto& because = explanations.back().because;
    because.insert(because.begin(),
                   {"Only if the server's capture was not there to see these packets (a filter, "
                    "another interface, another time): then the client's alone leaves this open.",
                    best.client_packets});
  }
}

/// The comparison shows nothing: the client's capture alone has to do.
Analysis only_alone(Analysis analysis, const Analysis& alone) {
  auto caveats = std::move(analysis.verdict.caveats);
  analysis.verdict = alone.verdict;
  analysis.verdict.caveats = std::move(caveats);
  return analysis;
}

/// What the client said again and again nobody is known to have got: no open connection, though it
/// may be too little for its capture alone to say so.
Verdict said_in_vain(const AttemptFinding& best) {
  Explanation cause;
  cause.mechanism = Mechanism::data_blocked;
  cause.where = Where{CulpritKind::unknown, std::uint8_t{1}, {}, {}};
  cause.because = {{best.text + cited({}, best.server_packets), best.client_packets}};
  cause.settled_by = "captures of the whole time at both ends, without a filter on the port";
  Verdict verdict;
  verdict.outcome = Outcome::silent_service;
  verdict.culprit = {cause.where, Confidence::weak};
  verdict.explanations = {std::move(cause)};
  return verdict;
}

/// Where the server's capture holds what may be the attempt, the client's does not know all.
Analysis alone_with(Analysis analysis, const Analysis& alone, const AttemptFinding& best) {
  analysis = only_alone(std::move(analysis), alone);
  if (best.outcome == Outcome::silent_service && alone.verdict.outcome == Outcome::open) {
    auto caveats = std::move(analysis.verdict.caveats);
    analysis.verdict = said_in_vain(best);
    analysis.verdict.caveats = std::move(caveats);
    return analysis;
  }
  if (best.finding == Finding::unclear) analysis.verdict.culprit.confidence = Confidence::weak;
  if (!analysis.verdict.explanations.empty())
    analysis.verdict.explanations.front().because.push_back(
        {best.text + cited({}, best.server_packets), best.client_packets});
  return analysis;
}

/// Its stack gave up what had been open: nothing that both captures show takes that away.
bool timed_out(const Analysis& alone) {
  return alone.verdict.outcome == Outcome::silent_service && alone.app_sees.error == ETIMEDOUT;
}

}  // namespace

Analysis judge(const Comparison& comparison, const Side& client, const Side& server,
               const Endpoint& target, const Analysis& alone) {
  auto analysis = alone;
  auto& verdict = analysis.verdict;
  const auto* best = comparison.decisive ? &comparison.attempts[*comparison.decisive] : nullptr;
  verdict = {};
  verdict.caveats = caveats_of(comparison, client, server, target, best, alone);
  if (const auto hop = comparison.server_distance()) analysis.path.distance.destination = hop;
  count_attempts(analysis, comparison);
  if (comparison.swapped) analysis.app_sees = {};  // told by the capture of the other end
  if (comparison.swapped) return analysis;
  if (!best)
    return alone.verdict.outcome == Outcome::open ? analysis
                                                  : only_alone(std::move(analysis), alone);
  if (best->finding == Finding::not_shown || best->finding == Finding::unclear ||
      failed_unwatched(*best) || (best->finding == Finding::answered && timed_out(alone)))
    return alone_with(std::move(analysis), alone, *best);
  verdict.outcome = outcome_of(comparison.attempts, *best, alone);
  if (verdict.outcome == Outcome::inconclusive) return analysis;
  auto cause = cause_of(*best, comparison, target, alone);
  if (cause.outcome && verdict.outcome != Outcome::intermittent) verdict.outcome = *cause.outcome;
  tell_of_this_attempt(analysis, *best, client, alone);
  forget_spoiled_words(analysis, *best);
  verdict.explanations = std::move(cause.explanations);
  verdict.culprit = cause.culprit;
  verdict.culprit.confidence = lowered(cause.culprit, *best, comparison, alone);
  // Of these the packets themselves arrived; what else fits stands among the causes.
  const bool arrived =
      best->finding == Finding::answer_lost || best->finding == Finding::unanswered;
  const bool blind = filter_fits(*best, comparison) && !arrived;
  if (!comparison.clock.offset || blind) add_what_else_fits(verdict.explanations, alone, *best);
  if (verdict.outcome == Outcome::intermittent) verdict.culprit.confidence = Confidence::weak;
  return analysis;
}

}  // namespace hopblame::compare
