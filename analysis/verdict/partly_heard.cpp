#include "analysis/verdict/partly_heard.hpp"

#include <algorithm>
#include <utility>

#include "analysis/verdict/delivery.hpp"
#include "analysis/verdict/own_rules.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

struct SynAcks {
  unsigned heard = 0;
  std::vector<FrameId> unheard;
};

/// The first of its flow: a RST for an earlier one may have closed that to connection tracking.
bool opens_flow(const Case& the_case, const Exchange& syn) {
  const auto first = std::ranges::find_if(the_case.exchanges, [&](const Exchange& exchange) {
    return exchange.spec.flow == syn.spec.flow;
  });
  return &*first == &syn;
}

/// Each SYN/ACK to a probe, which the stack knows nothing of, draws a RST from it.
SynAcks syn_acks(const Case& the_case) {
  SynAcks found;
  for (const auto* syn : the_case.probes(ProbeKind::syn, Aim::target)) {
    if (syn->origin == Origin::kernel || !opens_flow(the_case, *syn)) continue;
    for (const auto& reply : syn->replies) {
      if (reply.kind != ReplyKind::syn_ack || the_case.run.ended - reply.at < handing_over)
        continue;
      if (syn->own_reset)
        ++found.heard;
      else
        found.unheard.push_back(reply.frame);
      break;
    }
  }
  return found;
}

}  // namespace

void tell_partly_heard(const Case& the_case, Finding& finding) {
  if (is_foreign(the_case.run) || the_case.run.facts.dropped > 0) return;
  auto answers = syn_acks(the_case);
  if (answers.heard == 0 || answers.unheard.empty()) return;
  finding.confidence = std::min(finding.confidence, Confidence::strong);
  finding.explanations.push_back(
      {Mechanism::local_input_filter,
       2,
       this_host,
       {{say("{} SYN/ACKs to probes reached this machine. To {} of them its stack did not react as "
             "it did to the others: a rule here may drop some.",
             answers.unheard.size() + answers.heard, answers.unheard.size()),
         std::move(answers.unheard)}},
       {},
       input_counters});
}

}  // namespace hopblame
