#include "analysis/compare/asked.hpp"

#include <algorithm>

#include "analysis/compare/answers.hpp"
#include "analysis/compare/missed.hpp"
#include "analysis/compare/select.hpp"

namespace hopblame::compare {
Asked::Asked(const Attempt& attempt) {
  for (const auto& journey : attempt.journeys) {
    if (journey.way == Way::there && journey.client && is_syn(*journey.client))
      (journey.fate == Fate::arrived ? arrived
       : journey.fate == Fate::lost  ? lost
                                     : unknown)
          .push_back(journey);
    if (is_answer(journey, attempt.pair)) (journey.client ? heard : unheard).push_back(journey);
  }
  // Its stack drops a spoiled one unread, and goes by the others.
  if (!std::ranges::all_of(heard, is_spoiled)) std::erase_if(heard, is_spoiled);
}

bool goes_on(const Attempt& attempt) {
  const auto& call = *attempt.pair.client;
  const bool resets = std::ranges::any_of(attempt.journeys, [&](const Journey& journey) {
    return is_sent(journey) && resets_syn_ack(call, journey.seen());
  });
  return resets || std::ranges::any_of(call.there, [&](const Observation* packet) {
           const auto* segment = segment_of(*packet);
           return segment && segment->has(tcp_flag::ack) && !segment->is_reset() && call.isn &&
                  static_cast<std::int32_t>(segment->sequence - *call.isn) > 0;
         });
}

}  // namespace hopblame::compare
