#include "analysis/compare/missed_answer.hpp"

#include <algorithm>

#include "analysis/compare/after_handshake.hpp"
#include "analysis/compare/answers.hpp"
#include "analysis/compare/select.hpp"

namespace hopblame::compare {
namespace {

/// The client asked and was answered once, and something of that arrived: who answers in the
/// server's stead, and passes on none of the rest, is rarer than a gap in a capture.
bool is_only_missed(const Attempt& attempt, const Asked& asked, const Journey& answer) {
  const bool passes = std::ranges::any_of(attempt.journeys, [](const Journey& journey) {
    return journey.way == Way::there && journey.fate == Fate::arrived;
  });
  return passes && asked.count() == 1 && asked.heard.size() == 1 && asked.unheard.empty() &&
         may_be_own(attempt, answer);
}

}  // namespace

const Journey* unheard_syn_ack(const Asked& asked) {
  const auto found = std::ranges::find_if(
      asked.unheard, [](const Journey& answer) { return is_syn_ack(answer.seen()); });
  return found == asked.unheard.end() ? nullptr : &*found;
}

const Journey* accepted_before(const Attempt& attempt, const Asked& asked, const Journey& first) {
  if (is_syn_ack(*first.client)) return nullptr;
  const bool accepted = std::ranges::any_of(attempt.journeys, [&](const Journey& journey) {
    const auto* segment = segment_of(journey.seen());
    return is_sent(journey) && segment && segment->has(tcp_flag::ack) && !segment->is_reset() &&
           journey.at < first.at;
  });
  return accepted ? unheard_syn_ack(asked) : nullptr;
}

std::optional<AttemptFinding> missed_syn_ack(const Attempt& attempt, const Asked& asked,
                                             const Telling& tell, const Journey& answer) {
  if (!is_only_missed(attempt, asked, answer)) return {};
  return tell.unclear(
      lived_through(attempt), answer,
      "The server's capture lacks the SYN/ACK that the client got, and shows what followed. "
      "Nothing "
      "tells it from the server's own, which its capture missed; else another device answers in "
      "its name.");
}

}  // namespace hopblame::compare
