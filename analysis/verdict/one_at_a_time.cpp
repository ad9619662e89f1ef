#include "analysis/verdict/one_at_a_time.hpp"

#include <algorithm>

#include "analysis/path/one_at_a_time.hpp"
#include "analysis/verdict/divided_evidence.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {

namespace {

/// A stack that echoes the mark, as Linux does, queues connections for a program that is busy with
/// one: it refuses them only where the program closes its listening socket meanwhile.
unsigned rank_beside(const std::vector<Explanation>& found) {
  const bool only_stack = std::ranges::none_of(found, [](const Explanation& other) {
    return other.mechanism == Mechanism::host_firewall_reset;
  });
  return only_stack ? 2 : found.front().rank;
}

}  // namespace

std::optional<Explanation> takes_one_at_a_time(const Case& the_case, const Contrast& contrast,
                                               const std::vector<Explanation>& found) {
  if (contrast.fate != SynFate::reset || contrast.at_host != SynFate::accepted) return {};
  if (found.front().mechanism != Mechanism::closed_port) return {};
  const auto& connect = the_case.run.connect;
  const auto until = connect && connect->closed ? *connect->closed : TimePoint::max();
  if (!held_by_last(contrast) && !held_by_connect(contrast, until)) return {};
  Evidence told{say("Connections to port {} were refused only while one of ours was open, or soon "
                    "after. A service that takes one at a time (a printer, a serial console, a "
                    "controller) refuses the next while the last one holds it: these probes may "
                    "have been in their own way.",
                    port_of(the_case)),
                asked_on({&contrast.through, &contrast.others})};
  return Explanation{
      Mechanism::connection_limit,
      rank_beside(found),
      found.front().where,
      list_of(std::move(told)),
      {},
      "one connection alone, after ten seconds in which nobody tries: it is accepted "
      "every time"};
}

}  // namespace hopblame
