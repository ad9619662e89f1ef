#include "analysis/plan/new_flows.hpp"

namespace hopblame {

void ask_on(std::vector<Want>& wants, Aim aim, unsigned first, unsigned last, HopLimit hop_limit,
            Rhythm rhythm) {
  for (unsigned lane = first; lane <= last; ++lane)
    wants.push_back({{ProbeKind::syn, aim, static_cast<std::uint8_t>(lane), hop_limit}, 1, rhythm});
}

bool is_full_syn(const Exchange& exchange, Aim aim) {
  const auto& question = exchange.spec.question;
  return question.kind == ProbeKind::syn && question.aim == aim &&
         question.hop_limit == full_hop_limit && exchange.origin == Origin::raw;
}

}  // namespace hopblame
