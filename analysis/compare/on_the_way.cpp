#include "analysis/compare/on_the_way.hpp"

#include <algorithm>

namespace hopblame::compare {

void OnTheWay::before_capture() {
  if (finding_.finding == Finding::answer_ignored) return alone_says_too();
  const Where before{CulpritKind::unknown, {}, std::uint8_t{0}, {}};
  const auto settle = "a capture on the client at the same time: does this arrive there?";
  add(M::data_blocked, before, settle);
  also(
      "The first capture was not taken on the client: they are lost on their way from there to "
      "it, or its acknowledgments on their way back.");
  add(M::local_input_filter, this_host, "the client's own firewall: `nft list ruleset`", 2);
  cause_.outcome = Outcome::silent_service;
  blame(before, Confidence::strong);
}

void OnTheWay::spoiled_on_way() {
  spoiled();
  const bool before = finding_.sent_spoiled && finding_.way == Way::back && comparison_.midway;
  if (!before) return;
  const Where beyond{CulpritKind::unknown, first_beyond(), {}, {}};
  cause_.explanations.front().where = beyond;
  blame(beyond, Confidence::strong);
}

std::optional<std::uint8_t> OnTheWay::first_beyond() const {
  if (!comparison_.distance) return {};
  return static_cast<std::uint8_t>(*comparison_.distance - (comparison_.forwards ? 0 : 1));
}

void OnTheWay::leave_out_before_capture() {
  if (!comparison_.distance) return;
  const auto from = *first_beyond();
  const auto lies_before = [&](const Explanation& explanation) {
    return explanation.where.last_hop && *explanation.where.last_hop < from;
  };
  if (std::ranges::all_of(cause_.explanations, lies_before)) return;
  std::erase_if(cause_.explanations, lies_before);
  for (auto& explanation : cause_.explanations) begin_at(explanation.where, from);
  begin_at(cause_.culprit.where, from);
}

void OnTheWay::begin_at(Where& where, std::uint8_t hop) {
  if (where.first_hop && (!where.last_hop || *where.last_hop >= hop))
    where.first_hop = std::max(*where.first_hop, hop);
}

void OnTheWay::held() {
  const auto hop = comparison_.distance;
  const Where router{CulpritKind::router, hop, hop, hop ? address_of(*hop) : std::nullopt};
  add(M::filter_drop, router,
      "the rule counters of the router where the second capture was taken: which one counts?");
  blame(router, Confidence::strong);
}

void OnTheWay::from_beyond() {
  alone_says_too();
  leave_out_before_capture();
  auto& where = cause_.culprit.where;
  if (where.kind == CulpritKind::destination && !finding_.passed) where = Where{};
  cause_.culprit.confidence = std::min(cause_.culprit.confidence, Confidence::strong);
}

void OnTheWay::move_beyond() {
  const Where beyond{CulpritKind::unknown, first_beyond(), {}, {}};
  for (auto& explanation : cause_.explanations)
    if (explanation.where.kind == CulpritKind::destination) explanation.where = beyond;
  blame(beyond, Confidence::strong);
}

}  // namespace hopblame::compare
