#include "src/report/of_place.hpp"

#include <algorithm>

#include "src/report/of_size.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

/// By this machine's own routes no router lies before the destination, and none was heard.
bool is_neighbour(const ReportInput& input) {
  const auto& vantage = input.run.facts.vantage;
  return !is_foreign(input.run) && !vantage.gateway && !vantage.off_network &&
         !vantage.target_is_local && vantage.route_error == 0 && input.analysis.path.hops.empty();
}

/// At this hop somebody else stands on other ways, or the host answers from farther on.
bool is_before_host(const Path& path, std::uint8_t hop) {
  if (path.distance.destination) return hop < *path.distance.destination;
  return std::ranges::any_of(path.hops, [&](const Hop& one) {
    return one.distance == hop && one.target_flow != FlowState::answers && !one.responders.empty();
  });
}

}  // namespace

bool reaches_host(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  const auto& destination = input.analysis.path.distance.destination;
  if (where.kind == CulpritKind::destination) return true;
  if (where.last_hop == 0) return false;
  if (where.kind == CulpritKind::router || where.kind == CulpritKind::this_host) return false;
  if (is_lost_on_way(input)) return false;
  return !destination || !where.last_hop || *where.last_hop >= *destination;
}

bool reaches_path(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  return where.kind != CulpritKind::destination && where.kind != CulpritKind::this_host;
}

bool is_on_link(const ReportInput& input) {
  const auto& destination = input.analysis.path.distance.destination;
  const Where& where = input.analysis.verdict.culprit.where;
  return destination == 1 || is_neighbour(input) ||
         (where.kind == CulpritKind::destination && where.last_hop == 1);
}

bool misses_next_router(const ReportInput& input) {
  const auto& analysis = input.analysis;
  return std::ranges::any_of(analysis.verdict.explanations, [&](const Explanation& one) {
    return one.mechanism == Mechanism::host_down && one.rank == 1 &&
           one.where.kind == CulpritKind::between && one.where.last_hop &&
           is_before_host(analysis.path, *one.where.last_hop);
  });
}

bool may_be_on_first_link(const Verdict& verdict) {
  const auto& where = verdict.culprit.where;
  return where.first_hop == 1 && where.last_hop == 1 &&
         std::ranges::any_of(verdict.explanations, [](const Explanation& one) {
           return one.rank == 1 && one.or_link_before;
         });
}

bool is_inside(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  const auto passes = [](const Hop& hop) {
    return hop.target_flow == FlowState::passes || hop.control_flow == FlowState::passes;
  };
  return verdict.culprit.where.first_hop == 1 && !verdict.culprit.where.last_hop &&
         std::ranges::none_of(input.analysis.path.hops, passes) &&
         has(verdict, CaveatId::hop_limit_rewritten);
}

bool is_nameless(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  const bool interval = where.kind == CulpritKind::between && !where.address;
  if (!interval || !is_foreign(input.run) || !where.first_hop || !where.last_hop) return false;
  return std::ranges::none_of(input.analysis.path.hops, [&](const Hop& hop) {
    return hop.distance >= *where.first_hop && hop.distance <= *where.last_hop && hop.distance > 0;
  });
}

bool is_this_machine(const ReportInput& input) {
  return input.run.facts.vantage.target_is_local || input.run.goal.target.address.is_loopback();
}

}  // namespace hopblame
