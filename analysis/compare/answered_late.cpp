#include "analysis/compare/answered_late.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "analysis/compare/select.hpp"

namespace hopblame::compare {
namespace {

/// A stack repeats a SYN that is not answered after a second, and no healthy way takes so long.
constexpr Duration late = std::chrono::seconds(1);

bool is_acceptance(const Journey& journey) { return is_syn_ack(journey.seen()); }

Journeys syns(const Attempt& attempt) {
  return select(attempt.journeys, Way::there,
                [](const Journey& journey) { return journey.client && is_syn(*journey.client); });
}

/// How long the server let the first SYN that it got wait.
Duration server_waited(const Attempt& attempt, const Journeys& asked, const Journey& answer) {
  const auto first = std::ranges::find(asked, Fate::arrived, &Journey::fate);
  auto answered = answer.server->at;
  for (const auto& journey : select(attempt.journeys, Way::back, is_acceptance))
    if (journey.server) answered = std::min(answered, journey.server->at);
  return first == asked.end() ? Duration{0} : answered - first->server->at;
}

Journeys lost_in(const Journeys& journeys) {
  Journeys lost;
  std::ranges::copy_if(journeys, std::back_inserter(lost),
                       [](const Journey& journey) { return journey.fate == Fate::lost; });
  return lost;
}

std::string text_of(const Journey& first, const Journey& answer, std::size_t there,
                    std::size_t back) {
  const auto why = there + back == 0
                       ? std::string("The SYNs arrived at the server, which let them wait.")
                       : fmt::format(
                             "Of the client's SYNs {} got lost on the way there, of the server's "
                             "SYN/ACKs {} on the way back.",
                             there, back);
  return fmt::format(
      "{} The SYN/ACK that reached the client came {:.1f} s after its first SYN, when it had given "
      "up: its stack answered with a RST, and there is no connection.",
      why, seconds(answer.client->at - first.client->at));
}

}  // namespace

bool gave_up_connecting(const Attempt& attempt) {
  const auto &there = attempt.pair.client->there, &back = attempt.pair.client->back;
  const auto is_tcp = [](const Observation* packet) { return segment_of(*packet) != nullptr; };
  const auto asks = [](const Observation* packet) { return is_syn(*packet); };
  // A program that is there and wants no more acknowledges with its RST (a look at a port).
  const auto resets = [](const Observation* packet) {
    return hopblame::is_bare_reset(*segment_of(*packet));
  };
  const auto heard =
      std::ranges::find_if(back, [](const Observation* packet) { return is_syn_ack(*packet); });
  if (heard == back.end()) return false;
  const auto *first = attempt.pair.client->syn(), *answer = *heard;
  // Who scans past the stack, which resets every answer, asks without the options of a stack.
  if (!first || !segment_of(*first)->sack_permitted || answer->at - first->at < late) return false;
  const auto after = [&](const Observation* packet) { return packet->at >= answer->at; };
  std::ptrdiff_t asked = 0, reset = 0;
  for (const auto* packet : there) {
    if (!is_tcp(packet)) continue;
    const bool in_order = after(packet) ? resets(packet) : asks(packet);
    if (!in_order) return false;
    ++(asks(packet) ? asked : reset);
  }
  return asked > 1 && reset > 0;
}

std::optional<AttemptFinding> answered_late(const Attempt& attempt, const Telling& tell,
                                            const Journey& syn_ack) {
  if (!gave_up_connecting(attempt)) return {};
  const auto asked = syns(attempt);
  if (is_unwatched(syn_ack)) return tell.not_covered(Outcome::dropped, syn_ack);
  if (syn_ack.fate != Fate::arrived) return {};
  auto about = lost_in(asked);
  const auto there = about.size();
  const auto answers = lost_in(select(attempt.journeys, Way::back, is_acceptance));
  about.insert(about.end(), answers.begin(), answers.end());
  const auto unwatched = std::ranges::find_if(asked, is_unwatched);
  if (about.empty() && unwatched != asked.end())
    return tell.not_covered(Outcome::dropped, *unwatched);
  if (about.empty()) {
    // Neither lost nor kept waiting: the way itself is that slow.
    if (server_waited(attempt, asked, syn_ack) < late)
      return tell.unclear(Outcome::dropped, {syn_ack});
    about = asked;
  }
  about.push_back(syn_ack);
  auto finding = tell.finding(Finding::answered_late, Outcome::dropped, {}, about);
  finding.text = text_of(asked.front(), syn_ack, there, answers.size());
  return finding;
}

}  // namespace hopblame::compare
