#include "analysis/verdict/table_after_count.hpp"

#include "analysis/model/icmp_codes.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/rejection_causes.hpp"

namespace hopblame {
namespace {

/// Linux asks for a neighbour anew, for three seconds; others go on saying for a while that it did
/// not answer (FreeBSD: net.link.ether.inet.wait, 20 s by default).
Evidence told_again_at_once(const RejectionFacts& facts) {
  return {say("{} answers at once, again and again. A Linux router that finds no neighbour looks "
              "for it for three seconds each time; other systems remember for a while that it did "
              "not answer.",
              facts.from),
          {facts.rejection.reply->frame}};
}

}  // namespace

bool may_be_table_after_count(const RejectionFacts& facts) {
  return facts.passes_first && facts.to_bad_checksum && says_no_way(facts);
}

bool may_prohibit_after_count(const RejectionFacts& facts) {
  return facts.passes_first && facts.to_bad_checksum && !facts.spares_other_ports &&
         is_admin_prohibited(facts.family, facts.type, facts.code);
}

Finding table_after_count(const Case& the_case, const RejectionFacts& facts) {
  const auto by_port = facts.spares_other_ports;
  Finding finding{Outcome::unreachable, {}, {}};
  auto& found = finding.explanations;
  found.push_back(by_port ? route_by_port(the_case, facts) : route(the_case, facts));
  if (may_be_host_unreachable(facts)) {
    found.push_back(host_down(the_case, facts));
    found.back().because.push_back(told_again_at_once(facts));
    // "No route" says so of a host only where a translator made it of IPv4's host unreachable.
    if (!is_host_unreachable(facts.family, facts.type, facts.code)) found.back().rank = 2;
  }
  // A filter that does not look at checksums, told to send this code.
  found.push_back(rule_on_router(the_case, facts));
  if (!by_port) found.back().rank = 2;
  return finding;
}

}  // namespace hopblame
