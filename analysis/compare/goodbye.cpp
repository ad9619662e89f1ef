#include "analysis/compare/goodbye.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/select.hpp"
#include "analysis/compare/telling.hpp"

namespace hopblame::compare {
namespace {

constexpr std::size_t often = 3;  ///< copies that are no chance
constexpr std::size_t again = 2;  ///< answers to them

bool is_bare_fin(const Journey& journey) {
  const auto* segment = segment_of(journey.seen());
  return segment && segment->has(tcp_flag::fin) && segment->payload == 0;
}

std::size_t count(const Journeys& journeys, Fate fate) {
  return static_cast<std::size_t>(std::ranges::count(journeys, fate, &Journey::fate));
}

/// What the server sent that acknowledges it.
Journeys answers_to(const Journey& fin, const Journeys& journeys) {
  const auto byte = segment_of(fin.seen())->sequence;
  return select(journeys, Way::back, [&](const Journey& journey) {
    return segment_of(journey.seen()) && acknowledges(journey.seen(), byte);
  });
}

bool are_heard(const Journeys& answers) {
  return std::ranges::any_of(answers, [](const Journey& answer) { return answer.client; });
}

void cite(AttemptFinding& finding, const Journeys& about) {
  for (const auto& journey : about) {
    if (journey.client) finding.client_packets.push_back(journey.client->frame);
    if (journey.server) finding.server_packets.push_back(journey.server->frame);
  }
}

}  // namespace

void tell_goodbye(AttemptFinding& finding, const Attempt& attempt) {
  const auto fins = select(attempt.journeys, Way::there, [](const Journey& journey) {
    return journey.client && is_bare_fin(journey);
  });
  if (fins.size() < often) return;
  const auto answers = answers_to(fins.back(), attempt.journeys);
  if (are_heard(answers)) return;
  const bool lost = count(fins, Fate::lost) == fins.size();
  if (!lost && count(answers, Fate::lost) < again) return;
  finding.text += fmt::format(" At the end its FIN left the client {} and ", times(fins.size()));
  finding.text += lost ? "never arrived: for the server it is still open."
                       : fmt::format(
                             "arrived; the acknowledgment of it left the server {} and never "
                             "arrived, so that the client goes on sending it until it gives up.",
                             times(count(answers, Fate::lost)));
  cite(finding, fins);
  cite(finding, answers);
}

}  // namespace hopblame::compare
