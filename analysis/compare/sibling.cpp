#include "analysis/compare/sibling.hpp"

#include "analysis/compare/decisive.hpp"

namespace hopblame::compare {
namespace {

bool is_sibling(const Flow& flow, const Flow& attempt) {
  return flow.transport == Transport::tcp && flow.destination == attempt.destination &&
         flow.source.address == attempt.source.address && flow.source.port != attempt.source.port;
}

}  // namespace

bool is_about_another(const Analysis& alone, const Comparison& comparison) {
  const bool is_of_all = alone.verdict.outcome == Outcome::intermittent;
  if (!comparison.decisive || comparison.swapped || is_of_all) return false;
  const auto& best = comparison.attempts[*comparison.decisive];
  return (failed(best) || failed_unwatched(best)) && best.outcome != alone.verdict.outcome;
}

bool is_of_sibling(const Observation& packet, const Flow& attempt) {
  const auto* error = std::get_if<IcmpError>(&packet.message);
  const auto& flow = error && error->quote ? error->quote->flow : packet.flow;
  return is_sibling(flow, attempt) || is_sibling(flow.reversed(), attempt);
}

}  // namespace hopblame::compare
