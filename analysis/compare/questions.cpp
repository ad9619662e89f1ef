#include "analysis/compare/questions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hopblame::compare {
namespace {

constexpr std::size_t often = 3, seen_again = 2;
constexpr Duration for_long = std::chrono::seconds(1);

/// The last questions of one end, after which it heard nothing, and what left the other since.
struct Asked {
  Journeys questions, answers;
};

Asked asked_in_vain(const Journeys& journeys, Way way) {
  Asked asked;
  const auto end = end_of_data(journeys, way);
  for (const auto& journey : journeys) {
    const auto* here = at_sender(journey, way);
    if (journey.way == way) {
      if (here && asks_whether_alive(*here, end)) asked.questions.push_back(journey);
    } else if (here) {
      asked = {};
    } else if (!asked.questions.empty()) {
      asked.answers.push_back(journey);
    }
  }
  return asked;
}

std::size_t count(const Journeys& journeys, Fate fate) {
  return static_cast<std::size_t>(std::ranges::count(journeys, fate, &Journey::fate));
}

const char* name_of(Way sender) { return sender == Way::there ? "client" : "server"; }

std::optional<AttemptFinding> judged(const Asked& asked, Way way, const Telling& tell) {
  const auto& [questions, answers] = asked;
  if (questions.size() < often || count(questions, Fate::arrived) < seen_again) return {};
  const auto begun = at_sender(questions.front(), way)->at;
  if (at_sender(questions.back(), way)->at - begun < for_long) return {};
  const auto back = way == Way::there ? Way::back : Way::there;
  const auto told = fmt::format("The {} asked {} times whether the {} is still there (keepalive)",
                                name_of(way), questions.size(), name_of(back));
  if (count(answers, Fate::lost) >= seen_again) {
    const auto lost =
        select(answers, back, [](const Journey& journey) { return journey.fate == Fate::lost; });
    auto finding = tell.finding(Finding::data_lost, Outcome::silent_service, back, lost);
    finding.small_lost = true;
    finding.text =
        fmt::format("{}. That arrived and was answered, and of the answers none arrived.", told);
    return finding;
  }
  if (!answers.empty() || count(questions, Fate::arrived) < questions.size()) return {};
  const auto outcome = way == Way::there ? Outcome::silent_service : Outcome::local;
  auto finding = tell.finding(Finding::data_ignored, outcome, way, questions);
  finding.text = fmt::format("{}. That arrived each time, and was never answered.", told);
  return finding;
}

}  // namespace

std::optional<std::uint32_t> end_of_data(const Journeys& journeys, Way way) {
  std::optional<std::uint32_t> end;
  for (const auto& journey : journeys) {
    const auto* packet = at_sender(journey, way);
    const auto* segment = journey.way == way && packet ? segment_of(*packet) : nullptr;
    const bool begins = segment && segment->has(tcp_flag::syn);
    if (!segment || (segment->payload == 0 && !begins)) continue;
    const auto after = segment->sequence + segment->payload + (begins ? 1 : 0);
    if (!end || static_cast<std::int32_t>(after - *end) > 0) end = after;
  }
  return end;
}

bool asks_whether_alive(const Observation& packet, std::optional<std::uint32_t> end) {
  constexpr std::uint32_t some_send_a_byte = 1;
  const auto* segment = segment_of(packet);
  return end && segment && segment->payload <= some_send_a_byte &&
         segment->flags == tcp_flag::ack && segment->sequence + 1 == *end;
}

std::optional<AttemptFinding> unanswered_questions(const Attempt& attempt, const Telling& tell) {
  const auto& [client, server, there, back] = attempt.pair;
  if (!server) return {};
  // Of a long connection not all is kept.
  for (const auto* call : {client, server})
    if (call->there.size() >= most_packets || call->back.size() >= most_packets) return {};
  for (const auto way : {Way::there, Way::back})
    if (auto finding = judged(asked_in_vain(attempt.journeys, way), way, tell)) return finding;
  return {};
}

}  // namespace hopblame::compare
