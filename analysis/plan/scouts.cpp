#include "analysis/plan/scouts.hpp"

#include "analysis/path/border.hpp"
#include "analysis/path/branching.hpp"
#include "analysis/plan/new_flows.hpp"

namespace hopblame {
namespace {

constexpr std::uint8_t scouting_flows = 4, asked_after_scouts = 2;
/// Where the path divides: with the others these are about 12 flows, of which none takes one of two
/// equal ways once in four thousand runs.
constexpr std::uint8_t where_it_divides = 8;
/// Neighbouring hops are asked on flows of their own: more flows show whether the path divides.
void scout(std::vector<Want>& wants, HopLimit hop_limit, unsigned flows, Rhythm rhythm) {
  const unsigned first = first_scout + hop_limit.value % 2 * where_it_divides;
  ask_on(wants, Aim::target, first, first + flows - 1, hop_limit, rhythm);
}

}  // namespace

/// On an equal path there may be a rule that no flow met so far. SYNs on more flows that die at the
/// last router meet it too, and spend nothing of what a limit on the port allows. Of two that get
/// no answer the port itself is asked: was it a rule, or did the router send enough messages? Those
/// that die one hop before show loss, too, and cost the target nothing.
std::vector<Want> scouts(const Situation& situation, const State& state) {
  std::vector<Want> wants;
  const auto host = state.distance_of_host();
  if (state.fate != Fate::accepted || !host || *host < 3) return wants;
  const HopLimit last_router{static_cast<std::uint8_t>(*host - 1)};
  const HopLimit before{static_cast<std::uint8_t>(*host - 2)};
  const auto flows = branches_at(state.target, state.control) ? where_it_divides : scouting_flows;
  scout(wants, last_router, flows, Rhythm::quick);
  scout(wants, before, scouting_flows, Rhythm::quick);
  unsigned silent = 0;
  for (const auto& exchange : situation.exchanges) {
    const auto& [kind, aim, lane, hop_limit] = exchange.spec.question;
    const bool scout = kind == ProbeKind::syn && aim == Aim::target && lane >= first_scout &&
                       hop_limit == last_router;
    if (!scout || exchange.answered() || exchange.at + state.patience > situation.now) continue;
    if (++silent > asked_after_scouts) break;
    wants.push_back({{kind, aim, lane, full_hop_limit}, 1, Rhythm::quick});
  }
  return wants;
}

/// A limit on new connections bites only beyond the device that has it: SYNs on new flows that die
/// one hop before the first loss are all answered, if that is where it stands. Three, with the
/// walk's own: a router sends six answers at once. Scouts that got there are as good.
std::vector<Want> border_scouts(const Situation& situation, const State& state) {
  auto loss = first_loss(state.target, state.control, situation.now - state.patience);
  for (const auto* walk : {&state.target, &state.control})
    if (const auto end = walk->first_end(); end && (!loss || *end < *loss)) loss = end;
  std::vector<Want> wants;
  if (!loss || *loss < 2 || *loss >= full_hop_limit.value) return wants;
  const HopLimit before{static_cast<std::uint8_t>(*loss - 1)};
  scout(wants, before, 3, Rhythm::slow);
  return wants;
}

}  // namespace hopblame
