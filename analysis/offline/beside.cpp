#include "analysis/offline/beside.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"
#include "analysis/verdict/lists.hpp"

namespace hopblame::offline {
namespace {

/// It was made before the SYN, the server has spoken, nothing is repeated in vain, and it is still
/// used when SYNs have been in vain for a while: the last word may be the client's alone.
bool lives_beside(const Attempt& open, const Attempt& silent) {
  const auto& talk = open.talk;
  const bool well = open.outcome == Outcome::open && talk.connected && talk.spoke &&
                    open.unacknowledged == 0 && open.said_in_vain == 0;
  if (!well || *talk.connected > silent.exchange.at) return false;
  const auto until = std::min(open.touched, talk.client_closed.value_or(open.touched));
  return until - silent.exchange.at >= retransmission && *talk.spoke < until;
}

struct Pair {
  const Attempt *open = nullptr, *silent = nullptr;
};

std::optional<Pair> beside(const std::vector<Attempt>& sample, const IpAddress& client) {
  const auto is_of = [&](const Attempt& attempt) {
    return attempt.exchange.spec.flow.source.address == client;
  };
  for (const auto& silent : sample) {
    if (!is_of(silent) || silent.outcome != Outcome::dropped || silent.exchange.answered())
      continue;
    for (const auto& open : sample)
      if (is_of(open) && lives_beside(open, silent)) return Pair{&open, &silent};
  }
  return {};
}

Evidence told(const Pair& pair) {
  auto cited = pair.silent->exchange.left;
  cited.push_back(pair.open->exchange.left.front());
  return {
      say("Another connection of the same client to the same port was made before, and is used "
          "on, {} s after the first of these SYNs: packets to the port pass both ways, only new "
          "connections do not.",
          Seconds{pair.open->touched - pair.silent->exchange.at}),
      std::move(cited)};
}

/// The one that lives tells how far the host is.
Where up_to_host(Where where, const Attempt& open) {
  const auto seen = as_passed_on(open);
  const auto accepted = std::ranges::find(seen.replies, ReplyKind::syn_ack, &Reply::kind);
  if (!where.last_hop && accepted != seen.replies.end())
    where.last_hop = guessed_distance(accepted->hop_limit);
  return where;
}

/// A rule on every packet of the port, or a host that is not there, would stop those as well.
bool is_refuted(const Explanation& found) {
  const auto is = [&](Mechanism mechanism) { return found.mechanism == mechanism; };
  return is(Mechanism::filter_drop) || is(Mechanism::host_silent) || is(Mechanism::host_down) ||
         is(Mechanism::blackhole);
}

}  // namespace

std::optional<Verdict> only_new_ones(const std::vector<Attempt>& sample, const IpAddress& client,
                                     const Verdict& silence) {
  if (sample.size() < 2) return {};
  const auto pair = beside(sample, client);
  const auto filter =
      std::ranges::find(silence.explanations, Mechanism::filter_drop, &Explanation::mechanism);
  if (!pair || filter == silence.explanations.end()) return {};
  const auto why = told(*pair);
  Explanation limit = *filter;
  limit.mechanism = Mechanism::rate_limit;
  limit.rank = 1;
  limit.where = up_to_host(filter->where, *pair->open);
  limit.because.push_back(why);
  limit.settled_by =
      say("what counts connections on the named hops and on the host: limits (`connlimit`, `ct "
          "count`), the size of NAT and connection tables (`conntrack -C`, `nstat -az`), and "
          "whether it lets new ones in when old ones have ended");
  auto rule = limit;
  rule.mechanism = Mechanism::syn_filter;
  rule.settled_by = filter->settled_by;
  Verdict verdict{silence.outcome, silence.culprit, list_of(std::move(limit), std::move(rule)), {}};
  for (const auto& found : silence.explanations) {
    if (is_refuted(found) || found.mechanism == Mechanism::syn_filter) continue;
    verdict.explanations.push_back(found);
    verdict.explanations.back().rank = 2;
  }
  verdict.culprit.where = verdict.explanations.front().where;
  return verdict;
}

}  // namespace hopblame::offline
