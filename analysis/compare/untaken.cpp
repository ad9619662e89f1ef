#include "analysis/compare/untaken.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/rejection.hpp"
#include "analysis/compare/select.hpp"

namespace hopblame::compare {
namespace {

constexpr std::ptrdiff_t often = 3;  ///< copies: those before may have crossed the acknowledgment
constexpr Duration for_long = std::chrono::seconds(1);

/// As its own capture shows what the end that sends on `way` says.
const Packets& said(const CallPair& pair, Way way) {
  return way == Way::there ? pair.client->there : pair.server->back;
}

/// Those that came to the end that sends on `way`.
Journeys acknowledgments(const Attempt& attempt, Way way, std::uint32_t byte) {
  const auto back = way == Way::there ? Way::back : Way::there;
  return select(attempt.journeys, back, [&](const Journey& journey) {
    return journey.fate == Fate::arrived && acknowledges(*at_sender(journey, way), byte);
  });
}

/// All copies after the first acknowledgment, and the pause from that on, are in vain.
bool goes_on(const Packets& group, TimePoint acknowledged) {
  const auto later =
      std::ranges::count_if(group, [&](const auto* packet) { return packet->at > acknowledged; });
  return later >= often && group.back()->at - acknowledged >= for_long;
}

/// Its own word on what it does not take.
const Journey* rejection_by_host(const Journeys& journeys) {
  const auto found = std::ranges::find_if(journeys, [](const Journey& journey) {
    const auto* error = std::get_if<IcmpError>(&journey.seen().message);
    return journey.way == Way::back && journey.fate == Fate::arrived && error &&
           is_rejection(*error, journey.seen().flow.source.address.family);
  });
  return found == journeys.end() ? nullptr : &*found;
}

AttemptFinding server_goes_on(const Attempt& attempt, const Telling& tell, Journeys about,
                              std::size_t times) {
  const auto* message = rejection_by_host(attempt.journeys);
  if (message) about.push_back(*message);
  auto finding = tell.finding(Finding::data_ignored, Outcome::silent_service, Way::there, about);
  finding.text = fmt::format(
      "The server sent the same bytes {} times, although the client's acknowledgment of them had "
      "arrived there: its host does not take in what the client sends.",
      times);
  if (!message) return finding;
  finding.told = Mechanism::icmp_reject_host;
  finding.text += fmt::format(" It told the client so with an {}.", packet_text(message->seen()));
  return finding;
}

AttemptFinding client_goes_on(const Telling& tell, const Journeys& about, std::size_t times) {
  auto finding = tell.finding(Finding::data_ignored, Outcome::local, Way::back, about);
  finding.text = fmt::format(
      "The client sent the same bytes {} times, although the server's acknowledgment of them had "
      "arrived there: its machine does not take in what the server sends.",
      times);
  return finding;
}

}  // namespace

std::optional<AttemptFinding> untaken(const Attempt& attempt, const Telling& tell) {
  if (!attempt.pair.server) return {};
  for (const auto way : {Way::back, Way::there})
    for (const auto& [sequence, group] : copies_of(said(attempt.pair, way))) {
      if (std::ssize(group) < often) continue;
      const auto about = acknowledgments(attempt, way, sequence);
      if (about.empty() || !goes_on(group, at_sender(about.front(), way)->at)) continue;
      if (std::ranges::all_of(about, is_spoiled))
        return tell.spoiled(Finding::data_lost, Outcome::silent_service, about.front().way, about);
      return way == Way::back ? server_goes_on(attempt, tell, about, group.size())
                              : client_goes_on(tell, about, group.size());
    }
  return {};
}

}  // namespace hopblame::compare
