#include "analysis/offline/translated.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

const Attempt* passed_on_of(const std::vector<Attempt>& sample, Outcome outcome,
                            const IpAddress& client) {
  const auto found = std::find_if(sample.rbegin(), sample.rend(), [&](const Attempt& attempt) {
    return attempt.forward && attempt.outcome == outcome && is_of(attempt, client);
  });
  return found == sample.rend() ? nullptr : &*found;
}

const Endpoint& asked(const Attempt& attempt) { return attempt.exchange.spec.flow.destination; }

/// Somebody else than the address that the client asks.
bool is_of_other(const Attempt& attempt) { return attempt.forward->to != asked(attempt); }

std::vector<FrameId> both_sides(const Attempt& attempt) {
  auto cited = list_of(attempt.exchange.left.front(), attempt.forward->frame);
  if (attempt.forward->answer) cited.push_back(attempt.forward->answer->frame);
  return cited;
}

/// The same SYN, and where it is seen again.
Text goes_on(const Attempt& attempt) {
  if (is_of_other(attempt))
    return say(
        "The same SYN goes on to port {} of {}: a machine passes on to it what is sent to "
        "port {} of {}.",
        attempt.forward->to.port, attempt.forward->to.address, asked(attempt).port,
        asked(attempt).address);
  if (attempt.forward->number != attempt.exchange.spec.sequence)
    return say("The same SYN goes on with another sequence number: a firewall between changes it.");
  return say("The same SYN is in the capture again where it had been passed on.");
}

Explanation lost_on_way_back(const Attempt& attempt) {
  const auto& answer = *attempt.forward->answer;
  Explanation found{Mechanism::answer_lost, 1, {CulpritKind::unknown, {}, {}, {}}, {}, {}, {}};
  found.because.push_back({goes_on(attempt), both_sides(attempt)});
  found.because.push_back(
      {say("It is accepted there: the SYN/ACK stops on its way back, at that machine or between it "
           "and the place where the client's SYNs were captured."),
       {answer.frame}});
  found.settled_by = say(
      "a capture on each side of that machine: which is the last place that shows the SYN/ACK?");
  return found;
}

void lose_answer(Verdict& verdict, const Attempt& attempt) {
  auto found = lost_on_way_back(attempt);
  verdict.outcome = Outcome::dropped;
  verdict.culprit = {found.where, Confidence::strong};
  verdict.explanations = list_of(std::move(found));
}

/// A RST that passed no router is of the machine that was asked there.
bool is_of_neighbour(const Attempt& attempt) {
  return return_hops(attempt.forward->answer->hop_limit) == 0u;
}

/// What becomes of an accepted connection is not told by who accepts it.
bool is_of_syn(Outcome outcome) {
  return outcome == Outcome::dropped || outcome == Outcome::refused ||
         outcome == Outcome::rejected || outcome == Outcome::unreachable;
}

/// It answers there as it does here.
bool is_answered_there(const Attempt& attempt) {
  const auto& answer = attempt.forward->answer;
  return answer && std::ranges::any_of(attempt.exchange.replies, [&](const Reply& reply) {
           return reply.kind == answer->kind;
         });
}

Explanation forwarded(const Attempt& attempt, const Where& where) {
  Explanation found{Mechanism::port_forward, 1, where, {}, {}, {}};
  found.because.push_back({goes_on(attempt), both_sides(attempt)});
  if (is_answered_there(attempt))
    found.because.push_back(
        {say("The answer that the client gets in the name of {} is given there.",
             asked(attempt).address),
         {attempt.forward->answer->frame}});
  else
    found.because.push_back(
        {say("Nothing answers there either: what is silent is {}, or the way to it.",
             attempt.forward->to.address),
         {attempt.forward->frame}});
  found.settled_by =
      say("a look at {}: does a service listen on port {} there, and which rules does it have?",
          attempt.forward->to.address, attempt.forward->to.port);
  return found;
}

}  // namespace

void tell_translation(Verdict& verdict, const std::vector<Attempt>& sample, Outcome outcome,
                      const IpAddress& client) {
  const auto* attempt = is_of_syn(outcome) ? passed_on_of(sample, outcome, client) : nullptr;
  if (attempt == nullptr || verdict.explanations.empty()) return;
  const auto& answer = attempt->forward->answer;
  const bool silent = outcome == Outcome::dropped && !attempt->exchange.answered();
  if (silent && answer && answer->kind == ReplyKind::syn_ack) return lose_answer(verdict, *attempt);
  if (!is_of_other(*attempt) || (silent ? answer.has_value() : !is_answered_there(*attempt)))
    return;
  if (!silent && is_of_neighbour(*attempt))
    std::erase_if(verdict.explanations, [](const Explanation& found) {
      return found.mechanism == Mechanism::middlebox_reset;
    });
  auto& found = verdict.explanations;
  found.insert(found.begin(), forwarded(*attempt, verdict.culprit.where));
}

}  // namespace hopblame::offline
