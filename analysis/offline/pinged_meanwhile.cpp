#include "analysis/offline/pinged_meanwhile.hpp"

#include <algorithm>

namespace hopblame::offline {
namespace {

Exchange answered(const IpAddress& host, const Pinged& ping) {
  Reply reply;
  reply.frame = ping.frame;
  reply.at = ping.at;
  reply.hop_limit = ping.hop_limit;
  return heard_from(host, ping.client, reply);
}

Exchange in_vain(const IpAddress& host, const Pinged& ping) {
  auto exchange = answered(host, ping);
  exchange.replies.clear();
  return exchange;
}

}  // namespace

std::vector<Exchange> answers_around(const Book& book, const IpAddress& host,
                                     const IpAddress& client, const Span& silence) {
  const auto* logs = book.ping_logs(host);
  if (!logs) return {};
  const Pinged *before = nullptr, *after = nullptr;
  for (const auto& one : logs->answered.kept()) {
    if (one.client != client) continue;
    if (one.at < silence.from && (!before || before->at < one.at)) before = &one;
    if (one.at > silence.until && (!after || one.at < after->at)) after = &one;
  }
  std::vector<Exchange> found;
  for (const auto* one : {before, after})
    if (one) found.push_back(answered(host, *one));
  return found;
}

std::optional<InVain> pinged_in_vain(const Book& book, const IpAddress& host,
                                     const IpAddress& client, const Span& silence) {
  const auto* logs = book.ping_logs(host);
  if (!logs) return {};
  std::optional<InVain> found;
  const auto asked = asked_in(silence);
  for (const auto& one : logs->in_vain.kept()) {
    if (one.client != client || !asked.holds(one.at)) continue;
    if (found)
      found->exchange.left.push_back(one.frame);
    else
      found = InVain{in_vain(host, one), false};
  }
  if (found)
    found->answers_others = std::ranges::any_of(logs->answered.kept(), [&](const Pinged& one) {
      return one.client == client && one.kind == ReplyKind::echo_reply;
    });
  return found;
}

void tell_pings(Verdict& verdict, const InVain& pings) {
  if (verdict.explanations.empty()) return;
  verdict.explanations.front().because.push_back(
      {pings.answers_others
           ? say("{} pings at that time got no answer either, and at other times the host answers "
                 "pings: it is more than this port that is silent.",
                 pings.exchange.left.size())
           : say("Pings at that time got no answer either, {} of them: more than this port is "
                 "silent, or the host answers no pings, as many do.",
                 pings.exchange.left.size()),
       pings.exchange.left});
}

}  // namespace hopblame::offline
