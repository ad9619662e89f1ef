#include "analysis/verdict/divided_silence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {

void weigh_silence(const Case& the_case, const Contrast& contrast,
                   std::vector<Explanation>& explanations) {
  const auto arrived_at = nearest_arrival(contrast.through);
  const bool behind = the_case.address_forwards() && arrived_at;
  auto host = the_case.host.distance && !behind ? the_case.host.distance : arrived_at;
  // The machine of these flows is another one, farther away.
  const auto& gap = explanations.front().where;
  if (host && gap.first_hop && *gap.first_hop >= *host) host = gap.last_hop;
  std::erase_if(explanations, [&](const Explanation& found) {
    return found.mechanism == Mechanism::host_silent && found.where.last_hop &&
           found.where.last_hop < host;
  });
  const auto filter =
      std::ranges::find(explanations, Mechanism::filter_drop, &Explanation::mechanism);
  if (filter == explanations.end()) return;
  auto only_syns = *filter;
  only_syns.mechanism = Mechanism::syn_filter;
  only_syns.rank = 2;
  explanations.push_back(only_syns);
  if (!host || only_syns.where.last_hop < *host) return;
  if (std::ranges::find(explanations, Mechanism::answer_lost, &Explanation::mechanism) ==
      explanations.end()) {
    // A rule for returning packets may look at the client's port as well.
    explanations.push_back(only_syns);
    explanations.back().mechanism = Mechanism::answer_lost;
    explanations.back().where = within(the_case, 1, host);
    explanations.back().settled_by = fmt::format(
        "the rules for packets from port {} back to the client's ports (stateless lists often name "
        "a range of them), on the host and on every hop",
        the_case.run.goal.target.port);
  }
  // One of several listeners behind the address, chosen by the flow, takes no connections.
  only_syns.mechanism = Mechanism::accept_queue_full;
  only_syns.where = at_destination(the_case, host);
  only_syns.settled_by = fmt::format(
      "`ss -ltn 'sport = :{}'` on every host or process behind the address: is Recv-Q above "
      "Send-Q?",
      the_case.run.goal.target.port);
  explanations.push_back(std::move(only_syns));
}

}  // namespace hopblame
