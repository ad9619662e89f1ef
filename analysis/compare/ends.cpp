#include "analysis/compare/ends.hpp"

#include <algorithm>

#include "analysis/model/services.hpp"

namespace hopblame::compare {
namespace {

bool is_heard(const Journey& journey) {
  return journey.way == Way::back && (journey.client || journey.taken) && !is_spoiled(journey);
}

bool is_fin(const Journey& journey) {
  return is_heard(journey) && is_end(journey.seen()) && !is_reset(journey);
}

bool asks(const Journey& journey) {
  if (!is_sent(journey) || !has_payload(journey)) return false;
  const auto* segment = segment_of(journey.seen());
  return is_question(journey.seen().flow.destination.port, segment->text, segment->payload);
}

}  // namespace

bool is_end(const Observation& packet) {
  const auto* segment = segment_of(packet);
  return segment && (segment->is_reset() || segment->has(tcp_flag::fin));
}

std::optional<TimePoint> given_up(const Journeys& journeys) {
  const auto end = std::ranges::find_if(
      journeys, [](const Journey& journey) { return is_sent(journey) && is_end(journey.seen()); });
  return end == journeys.end() ? std::nullopt : std::optional(end->at);
}

Journeys words_of_server(const Journeys& journeys) {
  const auto gone = given_up(journeys);
  auto reset = TimePoint::min();  // the last
  for (const auto& journey : journeys)
    if (is_sent(journey) && is_reset(journey)) reset = journey.at;
  return select(journeys, Way::back, [&](const Journey& journey) {
    const bool late = gone && journey.client && journey.client->at >= *gone;
    return has_payload(journey) && !(late && journey.client->at <= reset);
  });
}

const Journey* asked_after_fin(const Journeys& journeys) {
  const auto fin = std::ranges::find_if(journeys, is_fin);
  const auto question = std::find_if(fin, journeys.end(), asks);
  return question == journeys.end() ? nullptr : &*question;
}

const Journey* end_by_server(const Journeys& journeys, bool spoke) {
  const auto gone = given_up(journeys).value_or(TimePoint::max());
  const auto first = std::ranges::find_if(
      journeys, [](const Journey& journey) { return is_heard(journey) && is_end(journey.seen()); });
  if (first == journeys.end() || first->at >= gone) return nullptr;
  if (!spoke || is_reset(*first)) return &*first;
  const auto* question = asked_after_fin(journeys);
  const auto reset = std::find_if(first, journeys.end(), [&](const Journey& journey) {
    return is_heard(journey) && is_reset(journey) && question && journey.at >= question->at;
  });
  return reset == journeys.end() || reset->at >= gone ? nullptr : &*reset;
}

}  // namespace hopblame::compare
