#include "analysis/verdict/forward.hpp"

#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

Evidence passes_on(const Case& the_case) {
  const auto owner = the_case.owner();
  const auto port = port_of(the_case);
  if (const auto* told = the_case.told_by_forwarder())
    return {say("{} itself said that a hop limit ran out there: it passes port {} on to a host "
                "behind it.",
                owner, port),
            {told->frame}};
  if (the_case.host.distance)
    return {say("{} itself is nearer than the end of this port's path: it passes port {} on to a "
                "host behind it.",
                owner, port),
            {}};
  return {say("No host says of itself that it cannot be found: {} passes port {} on to a host "
              "behind it.",
              owner, port),
          {}};
}

}  // namespace

Explanation port_forward(const Case& the_case, const Where& where, std::vector<Evidence> because) {
  because.push_back(passes_on(the_case));
  return {Mechanism::port_forward,
          1,
          where,
          std::move(because),
          {},
          say("the port forwarding (DNAT) rules on {}: to which host and port does port {} go, "
              "and does a service listen there?",
              the_case.owner(), port_of(the_case))};
}

}  // namespace hopblame
