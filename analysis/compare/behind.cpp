#include "analysis/compare/behind.hpp"

#include <algorithm>

#include "analysis/compare/after_handshake.hpp"
#include "analysis/compare/answers.hpp"
#include "analysis/compare/asked.hpp"
#include "analysis/compare/select.hpp"

namespace hopblame::compare {
namespace {

/// Of what the client takes for a connection nothing comes.
Outcome behind(const Attempt& attempt) {
  const auto outcome = lived_through(attempt);
  return outcome == Outcome::open ? Outcome::silent_service : outcome;
}

/// Who serves the client in the server's stead is no mere doorkeeper.
bool is_served(const Attempt& attempt) {
  return !select(attempt.journeys, Way::back, [](const Journey& journey) {
            return journey.client && has_payload(journey);
          }).empty();
}

/// To the SYNs that came to the server, which had the time.
bool says_nothing(const Attempt& attempt, const Journeys& asked) {
  if (asked.empty() || !attempt.from_server.any) return false;
  const bool says = !select(attempt.journeys, Way::back, [](const Journey& journey) {
                       return journey.server != nullptr;
                     }).empty();
  const auto time = attempt.server_horizon - attempt.pair.client->begun();
  return !says && (asked.size() > 1 || time >= 2 * answer_due);
}

AttemptFinding with_device(AttemptFinding finding, const Journey& syn_ack) {
  finding.stranger = syn_ack.client->hop_limit;
  if (std::ranges::find(finding.client_packets, syn_ack.client->frame) ==
      finding.client_packets.end())
    finding.client_packets.push_back(syn_ack.client->frame);
  finding.text += " The SYN/ACK that the client got is of a device before it.";
  return finding;
}

}  // namespace

std::optional<AttemptFinding> not_taken_behind(const Attempt& attempt, const Telling& tell,
                                               const Journey& syn_ack) {
  if (const auto* reset = own_reset(attempt))
    return with_device(
        tell.finding(Finding::refused_by_server, behind(attempt), Way::back, {syn_ack, *reset}),
        syn_ack);
  const auto asked = select(attempt.journeys, Way::there, [](const Journey& journey) {
    return journey.server && is_syn(*journey.server);
  });
  if (is_served(attempt) || !says_nothing(attempt, asked)) return {};
  return with_device(tell.finding(Finding::unanswered, behind(attempt), std::nullopt, asked),
                     syn_ack);
}

}  // namespace hopblame::compare
