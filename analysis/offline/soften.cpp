#include "analysis/offline/soften.hpp"

#include <algorithm>

namespace hopblame::offline {
namespace {

const Where somewhere{CulpritKind::unknown, 1, {}, {}};

bool is_icmp(const Verdict& verdict) {
  return verdict.outcome == Outcome::rejected || verdict.outcome == Outcome::unreachable;
}

/// An address is a name even where no hop number is known.
void name_router(Where& where) {
  if (where.kind == CulpritKind::unknown && where.address)
    where = {CulpritKind::router, {}, {}, where.address};
}

Where common_place(const std::vector<Explanation>& explanations) {
  const auto& first = explanations.front().where;
  const bool same = std::ranges::all_of(explanations, [&](const Explanation& explanation) {
    return explanation.rank > 1 || explanation.where == first;
  });
  return same ? first : somewhere;
}

/// The received hop limit of a RST tells how many routers it passed, not whose it is: the address
/// is always the destination's.
void soften_refusal(Verdict& verdict, const Exhibits& exhibits) {
  const bool compared = knows_host(exhibits);
  for (auto& explanation : verdict.explanations) {
    auto& where = explanation.where;
    if (where.kind == CulpritKind::destination) where.first_hop = where.last_hop = std::nullopt;
    if (compared) continue;
    explanation.rank = 1;
    if (where.kind != CulpritKind::destination) where = somewhere;
  }
  verdict.culprit.where = common_place(verdict.explanations);
  const bool on_host = verdict.culprit.where.kind == CulpritKind::destination;
  if (!compared || !on_host) verdict.culprit.confidence = Confidence::weak;
}

}  // namespace

bool knows_host(const Exhibits& exhibits) {
  return std::ranges::any_of(exhibits.exchanges, [](const Exchange& exchange) {
    const auto from_host = [&](const Reply& reply) {
      return reply.from == exchange.spec.flow.destination.address;
    };
    return exchange.spec.question.aim != Aim::target &&
           std::ranges::any_of(exchange.replies, from_host);
  });
}

void soften(Verdict& verdict, const Exhibits& exhibits) {
  if (verdict.explanations.empty() || exhibits.walked) return;
  // Nobody stands between a machine and itself.
  if (verdict.outcome == Outcome::refused && !exhibits.local) soften_refusal(verdict, exhibits);
  if (is_icmp(verdict)) {
    for (auto& explanation : verdict.explanations) name_router(explanation.where);
    name_router(verdict.culprit.where);
  }
  verdict.culprit.confidence = std::min(verdict.culprit.confidence, Confidence::strong);
}

}  // namespace hopblame::offline
