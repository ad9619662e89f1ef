#include "analysis/offline/walks.hpp"

#include <fmt/format.h>

namespace hopblame::offline {
namespace {

void take(PathWalk& walk, const Attempt& attempt) {
  const auto& exchange = attempt.exchange;
  const auto limit = exchange.spec.question.hop_limit.value;
  for (const auto& reply : exchange.replies) {
    if (reply.from == walk.to && reply.kind != ReplyKind::time_exceeded)
      walk.end = std::min(walk.end.value_or(limit), limit);
    else if (reply.kind == ReplyKind::time_exceeded)
      walk.hops.emplace(limit, reply.from);
  }
}

PathWalk walk_to(const IpAddress& host, const std::vector<Attempt>& attempts) {
  PathWalk walk;
  walk.to = host;
  for (const auto& attempt : attempts) {
    if (!is_limited(attempt)) continue;
    const auto& spec = attempt.exchange.spec;
    if (walk.from == IpAddress{}) {
      walk.from = spec.flow.source.address;
      walk.kind = spec.question.kind;
    }
    if (spec.flow.source.address == walk.from) take(walk, attempt);
  }
  return walk;
}

}  // namespace

std::vector<PathWalk> walks_in(const Book& book) {
  std::vector<PathWalk> walks;
  for (const auto& host : book.walked_hosts()) walks.push_back(walk_to(host, book.echoes(host)));
  return walks;
}

std::string to_string(const PathWalk& walk) {
  auto text = fmt::format("{} walked to {} with {}:", to_string(walk.from), to_string(walk.to),
                          walk.kind == ProbeKind::udp ? "UDP datagrams" : "pings");
  for (const auto& [distance, router] : walk.hops)
    text += fmt::format(" hop {} is {},", distance, to_string(router));
  if (walk.end) return text + fmt::format(" the host itself answers at hop {}", *walk.end);
  return text + " nothing is heard from beyond";
}

}  // namespace hopblame::offline
