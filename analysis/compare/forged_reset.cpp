#include "analysis/compare/forged_reset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "analysis/compare/answers.hpp"
#include "analysis/compare/ends.hpp"
#include "analysis/compare/select.hpp"
#include "analysis/compare/turned_away.hpp"

namespace hopblame::compare {
namespace {

class ForgedReset {
 public:
  ForgedReset(const Attempt& attempt, const Telling& tell) : attempt_(attempt), tell_(tell) {}

  std::optional<AttemptFinding> find() const {
    for (const auto way : {Way::back, Way::there}) {
      const auto resets = select(attempt_.journeys, way, [](const Journey& journey) {
        return journey.fate == Fate::stranger && is_reset(journey) && !is_spoiled(journey) &&
               !journey.of_client;
      });
      if (resets.empty() || (way == Way::back && (server_resets() || is_epilogue(resets))))
        continue;
      auto finding = way == Way::there ? server_reset(resets) : client_reset(resets);
      finding.stranger = resets.front().seen().hop_limit;
      return finding;
    }
    return {};
  }

 private:
  /// What the client got may then be that, rewritten.
  [[nodiscard]] bool server_resets() const {
    return !select(attempt_.journeys, Way::back, [](const Journey& journey) {
              return journey.server && !journey.client && is_reset(journey);
            }).empty();
  }

  /// After its own FIN, or words that turn the client away, it may be the server's, whose capture
  /// missed it, and ends nothing.
  [[nodiscard]] bool is_epilogue(const Journeys& resets) const {
    if (resets.size() > 1 || !may_be_own(attempt_, resets.front())) return false;
    const auto* words = refusal_in_words(attempt_.pair);
    return std::ranges::any_of(attempt_.journeys, [&](const Journey& journey) {
      const auto* segment = segment_of(journey.seen());
      const bool last = segment && (segment->has(tcp_flag::fin) || journey.client == words);
      return journey.way == Way::back && journey.fate == Fate::arrived && last &&
             journey.at < resets.front().at;
    });
  }

  /// With it the server's capture lacks other packets that the client got as the server's own, from
  /// as far away: nobody who swallows what the client says goes on with the server's numbers.
  [[nodiscard]] bool is_in_gap(const Journey& reset) const {
    if (!may_be_own(attempt_, reset)) return false;
    return std::ranges::any_of(attempt_.journeys, [&](const Journey& journey) {
      const auto* segment = journey.client ? segment_of(*journey.client) : nullptr;
      return journey.way == Way::back && !journey.server && segment && !segment->is_reset() &&
             journey.client->hop_limit == reset.client->hop_limit && journey.at < reset.at;
    });
  }

  /// Only what the client hears before it gives up ends the connection for it.
  [[nodiscard]] AttemptFinding server_reset(const Journeys& resets) const {
    const auto gone = given_up(attempt_.journeys).value_or(TimePoint::max());
    const bool heard = !select(attempt_.journeys, Way::back, [&](const Journey& journey) {
                          const auto* segment =
                              journey.client ? segment_of(*journey.client) : nullptr;
                          return segment && journey.client->at < gone &&
                                 (segment->is_reset() || segment->has(tcp_flag::fin));
                        }).empty();
    const auto outcome = heard ? Outcome::closed_early : Outcome::silent_service;
    if (const auto stopped = swallowed(resets.front())) {
      auto finding = reset_instead(*stopped, resets.front(), outcome);
      if (is_translated())
        finding.text +=
            " At the server it bears the address that a translation (NAT) gave the client, so it "
            "may be the translator's own word that it has forgotten the connection.";
      return finding;
    }
    return tell_.finding(Finding::reset_injected, outcome, Way::there, resets);
  }

  /// Beside what the client said, or in place of it.
  [[nodiscard]] AttemptFinding client_reset(const Journeys& resets) const {
    if (const auto stopped = swallowed(resets.front())) {
      if (is_in_gap(resets.front()))
        return tell_.unclear(
            Outcome::closed_early, resets.front(),
            "From some packet on the server's capture shows nothing of this connection, neither "
            "what the client says nor what it gets in the server's name, and with the server's "
            "hop count: it has a gap there, or a device answers for the server from then on.");
      return reset_instead(*stopped, resets.front(), Outcome::closed_early);
    }
    auto finding = tell_.finding(Finding::reset_injected, Outcome::closed_early, Way::back, resets);
    finding.perhaps_own = resets.size() == 1 && may_be_own(attempt_, resets.front());
    return finding;
  }

  [[nodiscard]] AttemptFinding reset_instead(const Journey& stopped, const Journey& reset,
                                             Outcome outcome) const {
    const bool back = reset.way == Way::back;
    auto finding = tell_.finding(Finding::reset_instead, outcome, reset.way, {stopped, reset});
    finding.text = fmt::format(
        "The {} never arrived at the {}, and the RST that the {} got instead ({}) was never sent "
        "by it: it is forged.",
        packet_text(stopped.seen()), back ? "server" : "client", back ? "client" : "server",
        limit_text(reset.seen()));
    return finding;
  }

  [[nodiscard]] bool is_translated() const {
    const auto& pair = attempt_.pair;
    return pair.server && pair.server->flow.source.address != pair.client->flow.source.address;
  }

  /// What the RST came instead of: the last words of its receiver before it, or its last packet, if
  /// that did not arrive. Acknowledgments get lost by chance, so then nothing that followed may
  /// have arrived either.
  [[nodiscard]] std::optional<Journey> swallowed(const Journey& reset) const {
    const auto way = reset.way == Way::back ? Way::there : Way::back;
    const auto end = at_sender(reset, way)->at;
    const auto sent = select(attempt_.journeys, way, [&](const Journey& journey) {
      return at_sender(journey, way) && segment_of(journey.seen());
    });
    const auto said = std::find_if(sent.rbegin(), sent.rend(), [&](const Journey& journey) {
      return at_sender(journey, way)->at < end && has_payload(journey);
    });
    if (said != sent.rend() && said->fate == Fate::lost) return *said;
    const auto last = std::find_if(sent.rbegin(), sent.rend(), [&](const Journey& journey) {
      return at_sender(journey, way)->at <= end;
    });
    if (last == sent.rend() || last->fate != Fate::lost) return {};
    const auto after = std::span(last.base(), sent.end());
    const bool cut =
        !after.empty() && std::ranges::count(after, Fate::arrived, &Journey::fate) == 0;
    return cut ? std::optional(*last) : std::nullopt;
  }

  const Attempt& attempt_;
  const Telling& tell_;
};

}  // namespace

std::optional<AttemptFinding> forged_reset(const Attempt& attempt, const Telling& tell) {
  return ForgedReset(attempt, tell).find();
}

}  // namespace hopblame::compare
