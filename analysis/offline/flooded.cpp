#include "analysis/offline/flooded.hpp"

#include <algorithm>
#include <set>

#include "analysis/offline/outcome.hpp"

namespace hopblame::offline {
namespace {

constexpr std::size_t several = 3;  ///< clients; one may have gone away

bool is_half_made(const Attempt& attempt) {
  return !attempt.talk.connected && std::ranges::count(attempt.exchange.replies, ReplyKind::syn_ack,
                                                       &Reply::kind) >= half_open_syn_acks;
}

/// Absent: too few to fill anything.
std::optional<Evidence> half_made(const std::vector<Attempt>& sample, const IpAddress& client) {
  std::set<IpAddress> others;
  std::vector<FrameId> cited;
  for (const auto& attempt : sample) {
    const auto& from = attempt.exchange.spec.flow.source.address;
    if (from == client || !is_half_made(attempt) || !others.insert(from).second) continue;
    cited.push_back(attempt.exchange.replies.front().frame);
  }
  if (others.size() < several) return {};
  return Evidence{
      say("To others ({} were looked at) the server repeats its SYN/ACK, and none of them "
          "acknowledges it: such half-made connections fill the backlog of the listener (a SYN "
          "flood from forged senders, or their acknowledgments get lost), and SYNs that find no "
          "room are dropped.",
          others.size()),
      std::move(cited)};
}

}  // namespace

void blame_flood(Verdict& verdict, const std::vector<Attempt>& sample, const IpAddress& client) {
  auto& all = verdict.explanations;
  const auto queue = std::ranges::find(all, Mechanism::accept_queue_full, &Explanation::mechanism);
  if (queue == all.end()) return;
  auto why = half_made(sample, client);
  if (!why) return;
  for (auto& other : all) other.rank = 2;
  queue->rank = 1;
  queue->because.push_back(*std::move(why));
  queue->settled_by =
      say("on the host: `nstat -az TcpExtTCPReqQFullDrop TcpExtTCPReqQFullDoCookies` grows, and "
          "`ss -n state syn-recv` shows many");
  std::rotate(all.begin(), queue, queue + 1);
  verdict.culprit = {all.front().where, Confidence::weak};
}

}  // namespace hopblame::offline
