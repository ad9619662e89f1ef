#include "analysis/offline/forgotten.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"

namespace hopblame::offline {
namespace {

/// Who translates addresses or balances sends the next segment on under another port, or to another
/// machine, once its own entry is gone: none there knows the connection.
Explanation forgotten(const Ending& end, std::uint8_t host) {
  Explanation found{Mechanism::data_blocked,
                    1,
                    {CulpritKind::between, std::uint8_t{1}, host, {}},
                    {},
                    {},
                    say("a capture on the host at the same time: from which port does the last "
                        "segment come?")};
  found.because.push_back(
      {say("It acknowledges nothing: the host may know of no connection because a device on the "
           "way (address translation, a balancer) forgot it, and sent on what the client said last "
           "under another port or to another machine."),
       {end.frame}});
  return found;
}

}  // namespace

Verdict with_forgotten(Verdict verdict, const Attempt& attempt) {
  // Of a connection that has just begun the rule has not forgotten it either, and ranks lower.
  const auto rule = std::ranges::find_if(verdict.explanations, [](const Explanation& one) {
    return one.mechanism == Mechanism::host_firewall_reset && one.rank == 1;
  });
  const auto* syn_ack = first_of(attempt, ReplyKind::syn_ack);
  const auto& end = attempt.talk.end;
  if (rule == verdict.explanations.end() || !syn_ack || !end || end->outlived) return verdict;
  const auto host = guessed_distance(syn_ack->hop_limit);
  if (host <= 1) return verdict;
  auto found = forgotten(*end, host);
  verdict.culprit.where = found.where;
  verdict.explanations.insert(rule + 1, std::move(found));
  return verdict;
}

}  // namespace hopblame::offline
