#include "analysis/verdict/forward.hpp"

#include <fmt/format.h>

#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

Evidence passes_on(const Case& the_case) {
  const auto owner = to_string(the_case.owner()), port = port_text(the_case);
  if (const auto* told = the_case.told_by_forwarder())
    return {fmt::format("{} itself said that a hop limit ran out there: it passes {} on to a host "
                        "behind it.",
                        owner, port),
            {told->frame}};
  return {fmt::format("{} itself is nearer than the end of this port's path: it passes {} on to a "
                      "host behind it.",
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
          fmt::format("the port forwarding (DNAT) rules on {}: to which host and port does {} go, "
                      "and does a service listen there?",
                      to_string(the_case.owner()), port_text(the_case))};
}

}  // namespace hopblame
