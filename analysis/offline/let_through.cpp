#include "analysis/offline/let_through.hpp"

#include <algorithm>

#include "analysis/path/silence.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

bool is_opened(const Attempt& attempt) {
  return attempt.talk.connected && !attempt.unseen && attempt.exchange.answered();
}

bool is_at_once(const Attempt& attempt) {
  const auto span = round_trip(attempt.exchange);
  return is_opened(attempt) && span && *span < retransmission / 2;
}

/// Its first SYN got no answer, a later one did.
bool is_late(const Attempt& attempt) {
  const auto& exchange = attempt.exchange;
  const auto span = round_trip(exchange);
  return is_opened(attempt) && span && *span >= retransmission && exchange.left.size() > 1 &&
         exchange.replies.front().frame > exchange.left[1];
}

/// It asked before that answer came and after it: nothing that changed in between explains both.
bool is_silent_beside(const Attempt& silent, const Attempt& late) {
  const auto& asked = silent.exchange.left;
  const auto answer = late.exchange.replies.front().frame;
  return silent.outcome == Outcome::dropped && !silent.exchange.answered() &&
         asked.front() < answer && answer < asked.back();
}

Evidence told(const Attempt& late, const Attempt& silent) {
  auto cited = late.exchange.left;
  cited.push_back(late.exchange.replies.front().frame);
  cited.push_back(silent.exchange.left.front());
  cited.push_back(silent.exchange.left.back());
  return {say("One connection got no answer to its first SYN and one to a SYN {} s later, while "
              "another asked in vain, before it and after it: a rule against the port lets none of "
              "them through. What keeps them out lets one pass now and then.",
              Seconds{*round_trip(late.exchange)}),
          std::move(cited)};
}

/// As good as the limit.
void add_queue(Finding& finding, const Verdict& silence, const Evidence& why) {
  const auto found = std::ranges::find(silence.explanations, Mechanism::accept_queue_full,
                                       &Explanation::mechanism);
  if (found == silence.explanations.end()) return;
  auto queue = *found;
  queue.rank = 1;
  queue.because = {why};
  finding.explanations.push_back(std::move(queue));
}

/// Chance, twice: so many SYNs in a row, or one beside a rule that a part of the flows meets.
void add_by_chance(Finding& finding, const Where& place, const Evidence& why) {
  Explanation loss{Mechanism::path_loss, 2, place, {why}, {}, {}};
  loss.because.push_back(
      {say("Where so many SYNs in a row are lost by chance, data is as well."), {}});
  loss.settled_by =
      say("the drop counters of the links on the way, and whether data of open connections is sent "
          "again as often");
  Explanation filter{Mechanism::filter_drop, 2, place, {why}, {}, {}};
  filter.because.push_back(
      {say("A rule on one of several equal paths, or on one of several machines behind the "
           "address, drops some connections for good; the first SYN of the other was lost by "
           "chance."),
       {}});
  filter.settled_by =
      say("the rule counters on each of the equal paths, and on each machine behind the address");
  finding.explanations.push_back(std::move(loss));
  finding.explanations.push_back(std::move(filter));
}

Finding finding_of(const Verdict& silence, const Evidence& why) {
  const auto& place = silence.culprit.where;
  Explanation limit{Mechanism::rate_limit, 1, place, {why}, {}, {}};
  limit.settled_by =
      say("the rules that count new connections (`limit`, `hashlimit`, `connlimit`) on the host "
          "and on the named hops: their counters grow while clients wait");
  Finding finding{Outcome::intermittent, list_of(std::move(limit)), Confidence::weak};
  add_queue(finding, silence, why);
  add_by_chance(finding, place, why);
  return finding;
}

}  // namespace

std::optional<Finding> let_through(const std::vector<Attempt>& sample, const IpAddress& client,
                                   const Verdict& silence) {
  const auto of_client = [&](const Attempt& attempt) {
    return attempt.exchange.spec.flow.source.address == client;
  };
  // Else it may be the way that takes so long.
  if (std::ranges::none_of(sample, is_at_once)) return {};
  for (const auto& late : sample) {
    if (!of_client(late) || !is_late(late)) continue;
    const auto silent = std::ranges::find_if(sample, [&](const Attempt& other) {
      return of_client(other) && is_silent_beside(other, late);
    });
    if (silent != sample.end()) return finding_of(silence, told(late, *silent));
  }
  return {};
}

}  // namespace hopblame::offline
