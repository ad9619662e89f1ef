#include "analysis/verdict/below_capture.hpp"

#include <fmt/format.h>

#include "analysis/verdict/lists.hpp"

namespace hopblame {
namespace {

/// Rules of a bridge, and of traffic control and netfilter on one link (ingress, egress).
constexpr const char* rules_below =
    "the rules of this machine for bridges and for single links: `sudo nft list ruleset` (tables "
    "of family bridge and netdev), `sudo ebtables -L --Lc`, `tc filter show dev LINK egress` and "
    "`ingress`; a capture on that link: `sudo tcpdump -ni LINK`.";

Explanation rule_below(const Case& the_case, Mechanism mechanism, const char* what) {
  return {mechanism,
          2,
          this_host,
          {{fmt::format("The capture is on {}, which stands on other links of this machine: {}",
                        the_case.run.facts.vantage.interface, what),
            {}}},
          {},
          rules_below};
}

}  // namespace

void add_below_capture(const Case& the_case, const SilenceFacts& facts,
                       std::vector<Explanation>& found) {
  if (!the_case.run.facts.vantage.on_other_links) return;
  if (!facts.passed && !facts.half_open)
    found.push_back(rule_below(the_case, Mechanism::local_output_filter,
                               "a rule there may stop what it saw leaving."));
  if (lists(found, Mechanism::answer_lost))
    found.push_back(rule_below(the_case, Mechanism::local_input_filter,
                               "a rule there may stop answers before it sees them."));
}

}  // namespace hopblame
