#include "analysis/verdict/accepted.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "analysis/model/services.hpp"
#include "analysis/path/attempts.hpp"
#include "analysis/path/branching.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/silence.hpp"
#include "analysis/path/window.hpp"
#include "analysis/verdict/accepted_case.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/diverted.hpp"
#include "analysis/verdict/ended_early.hpp"
#include "analysis/verdict/falls_silent.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/lost_words.hpp"
#include "analysis/verdict/proxy.hpp"
#include "analysis/verdict/rejected_later.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/tarpit.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// Over no router, although the address is not on this link: a gateway leads there, or a route
/// without one, as into the tunnel of a VPN client or the network of a container (pasta).
bool comes_from_nearby(const Case& the_case, const Reply& answer) {
  const auto& vantage = the_case.run.facts.vantage;
  const bool beyond = vantage.gateway ? vantage.gateway != the_case.owner() : vantage.off_network;
  return beyond && return_hops(answer.hop_limit) == 0;
}

/// A port that nobody uses is accepted too, and nothing else shows that this is the host: it may be
/// a device on the way that takes all connections upon itself, and pings too. The other port of a
/// capture is used.
bool everything_is_accepted(const Case& the_case) {
  const auto* echo = the_case.host.echo;
  return !is_foreign(the_case.run) && the_case.host.control_answers &&
         (!echo || comes_from_nearby(the_case, *echo)) && is_open(the_case.control);
}

bool is_after_handshake(Outcome outcome) {
  return outcome == Outcome::closed_early || outcome == Outcome::silent_service;
}

void add_at_rank_2(Finding& finding, std::vector<Explanation> otherwise) {
  for (auto& other : otherwise) {
    other.rank = 2;
    finding.explanations.push_back(std::move(other));
  }
}

Finding open(const Case& the_case, const Accepted& accepted) {
  auto found = on_destination(Mechanism::listening, the_case, accepted, it_works(the_case.run));
  const auto& connect = the_case.run.connect;
  if (connect && connect->ended)
    found.because.push_back({say("An ordinary connect() succeeded."), call_frames(the_case)});
  if (connect && connect->ended && !connect->spoke && !is_foreign(the_case.run))
    found.because.push_back(
        {say("Nothing was said on it by either side: only the handshake was tested."), {}});
  if (connect && connect->spoke)
    found.because.push_back({say("The service spoke {} ms after the handshake.",
                                 Milliseconds{*connect->spoke - *connect->ended}),
                             conversation(the_case, ReplyKind::data)});
  const bool ours = connect && connect->ssh && !is_foreign(the_case.run);
  if (auto unheard = ours ? words_unacknowledged(the_case) : std::nullopt)
    found.because.push_back(std::move(*unheard));
  else if (connect && connect->ssh && connect->ssh->answered)
    found.because.push_back(
        {say("It answered our identification with the first packet of its key exchange, so data "
             "passes both ways."),
         {}});
  found.where = {CulpritKind::none, {}, {}, {}};
  return {Outcome::open, list_of(std::move(found)),
          connect ? Confidence::certain : Confidence::strong};
}

/// Where packets get lost, those of the real connection may have been too: open, and what else
/// could have kept them away.
Finding open_by_chance(const Case& the_case, const Accepted& accepted, Evidence lost,
                       std::vector<Explanation> otherwise) {
  auto finding = open(the_case, accepted);
  const auto [others, name] = others_of(the_case);
  finding.explanations.front().settled_by = say("nothing but another try: does it go through?");
  auto& because = finding.explanations.front().because;
  because.push_back(std::move(lost));
  because.push_back({say("Of {} {}, {} got no answer: where so many packets get lost, chance "
                         "explains this too.",
                         others.due, name, others.lost),
                     {}});
  add_at_rank_2(finding, std::move(otherwise));
  finding.confidence = Confidence::weak;
  return finding;
}

bool answered_since(const Case& the_case, TimePoint since) {
  return std::ranges::any_of(attempts_of(the_case.target), [&](const Attempt& attempt) {
    return attempt.answered && attempt.at > since;
  });
}

std::string_view how_it_ended(const ConnectRecord& connect) {
  if (!connect.ended || connect.error == ETIMEDOUT) return "was not answered";
  return connect.error == ECONNREFUSED ? "was refused" : "failed";
}

/// Raw probes are answered and the application's own SYN is not, however often it is repeated: a
/// limit lets some through, a ban let some through until it came, and a rule may look at how it
/// differs from them.
Finding unanswered_connect(const Case& the_case, const Accepted& accepted) {
  const auto& connect = *the_case.run.connect;
  const auto tries = static_cast<unsigned>(call_frames(the_case).size());
  const Evidence unlike{say("An ordinary connect() to the same port {} ({} SYN{}).",
                            how_it_ended(connect), tries, plural(tries)),
                        call_frames(the_case)};
  std::vector<Explanation> found;
  const auto explain_by = [&](Mechanism mechanism, const Text& look) {
    found.push_back(explain(mechanism, the_case, accepted, on_the_way(the_case, accepted), look));
    found.back().because.push_back(unlike);
  };
  explain_by(Mechanism::rate_limit,
             say("the rules on the host or before it that count new connections"));
  // A SYN let through after connect() had begun to repeat its own: no ban for good.
  if (!connect.ended && !answered_since(the_case, connect.at + first_repetition))
    explain_by(Mechanism::probe_ban,
               say("the ban list on the host or the firewall before it; try from another source"));
  if (!connect.ended)
    explain_by(
        Mechanism::filter_drop,
        say("the rules there that look at more than address and port (options, source port), "
            "on each of several equal paths"));
  const auto others = others_of(the_case).answers;
  if (!connect.ended && others.lost > 0 && could_be_chance(others.loss(), tries))
    return open_by_chance(the_case, accepted, unlike, std::move(found));
  return {Outcome::intermittent, std::move(found), Confidence::weak};
}

/// The client waits in vain for a window for what it has to say.
bool is_kept_waiting(const Case& the_case) {
  return the_case.kernel_syn != nullptr && is_window_shut(*the_case.kernel_syn) &&
         !the_case.run.connect->closed;
}

/// The one segment that opens the window may be lost, or still be on its way.
bool may_have_opened(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  return connect && connect->ended && is_kept_waiting(the_case) &&
         (is_lossy(the_case) || the_case.run.ended - *connect->ended < enough_time);
}

/// What a tarpit completes is as open, until somebody says something.
Finding open_or_held(const Case& the_case, const Accepted& accepted) {
  auto finding = open(the_case, accepted);
  const auto& connect = the_case.run.connect;
  if ((connect && connect->spoke) || !is_like_tarpit(the_case, accepted)) return finding;
  finding.explanations.front().settled_by = say("a request of the client's: is it answered?");
  const auto end = at_destination(the_case, distance_of_end(the_case, accepted));
  add_at_rank_2(finding, list_of(tarpit(the_case, accepted, end)));
  finding.confidence = Confidence::weak;
  return finding;
}

Finding without_greeting(const Case& the_case, const Accepted& accepted) {
  auto finding = never_spoke(the_case, accepted);
  if (may_have_opened(the_case)) finding.confidence = Confidence::weak;
  // A SYN/ACK that no listening stack makes promises no service.
  const bool promised = !has_no_window(accepted) || is_window_opened(the_case, accepted);
  if (!promised || is_made_up(accepted)) return finding;
  const auto chance = chance_of_lost_greeting(the_case);
  if (chance == Chance::fair)
    return open_by_chance(the_case, accepted, missing_greeting(the_case),
                          std::move(finding.explanations));
  if (chance == Chance::slight) finding.confidence = Confidence::weak;
  return finding;
}

Finding after_handshake(const Case& the_case, const Accepted& accepted) {
  const auto& connect = the_case.run.connect;
  if (!connect || connect->hung_up) return open_or_held(the_case, accepted);
  if (auto finding = reset_by_another(the_case, accepted)) return *finding;
  if (connect->error == ECONNRESET && said_by_peer(the_case, ReplyKind::syn_ack))
    return ended_early(the_case, accepted);
  if (!connect->ended || connect->error != 0) return unanswered_connect(the_case, accepted);
  const auto service = known_service(the_case.run.goal.target.port);
  const bool turned_away = connect->spoke && is_refusal(the_case, connect->greeting);
  // Who is turned away in words is not let in, even where the end that follows got lost.
  if (turned_away || (connect->closed && !has_greeted(*connect, service)))
    return ended_early(the_case, accepted);
  if (!connect->spoke && ((service && service->speaks_first) || is_kept_waiting(the_case)))
    return without_greeting(the_case, accepted);
  if (auto finding = lines_without_end(the_case, accepted)) return *finding;
  if (auto finding = line_without_end(the_case, accepted)) return *finding;
  if (auto finding = stalled(the_case, accepted)) return *finding;
  return open_or_held(the_case, accepted);
}

/// The host's answers may come the way of the SYN/ACK: then it stands on the host itself, or on a
/// bridge right before it.
Where place_without_window(const Case& the_case, const Accepted& accepted) {
  if (const auto where = proxy_place(the_case, accepted)) return *where;
  return came_shorter(the_case, accepted)
             ? within(the_case, 1, accepted.place.last)
             : at_destination(the_case, distance_of_end(the_case, accepted));
}

/// It has opened the window, which was all that it had to do: the fault came later. One that then
/// spoils what it passes on is rarer.
Finding behind_proxy(const Case& the_case, const Accepted& accepted, Finding finding) {
  const auto where = place_without_window(the_case, accepted);
  auto spoils = proxy(the_case, accepted, where);
  spoils.settled_by =
      say("captures before and behind {}: does it pass on what follows the handshake?",
          place_named(the_case, where));
  add_at_rank_2(finding, {std::move(spoils)});
  finding.confidence = std::min(finding.confidence, Confidence::strong);
  return finding;
}

}  // namespace

bool has_greeted(const ConnectRecord& connect, const KnownService* service) {
  if (!connect.spoke) return false;
  if (connect.ssh && connect.ssh->identified) return !connect.closed || connect.ssh->answered;
  return !service || connect.greeting.starts_with(service->greeting);
}

std::optional<Finding> judge_accepted(const Case& the_case) {
  const auto accepted = accepted_of(the_case);
  if (!accepted) return {};
  auto finding = after_handshake(the_case, *accepted);
  if (finding.outcome == Outcome::silent_service)
    if (auto by_message = rejected_later(the_case))
      return Finding{finding.outcome, {std::move(*by_message)}, Confidence::strong};
  if (is_after_handshake(finding.outcome) && is_window_opened(the_case, *accepted))
    return behind_proxy(the_case, *accepted, std::move(finding));
  const auto where = proxy_place(the_case, *accepted);
  if (where && !has_no_window(*accepted) && is_sent_to(the_case, *where)) return finding;
  if (where && !has_no_window(*accepted) && take_other_ways(the_case.target, the_case.control)) {
    // On a shorter way stands the host itself, or whom the port is routed to.
    finding.explanations.push_back(proxy(the_case, *accepted, *where));
    if (finding.outcome == Outcome::open) finding.explanations.back().rank = 2;
    finding.confidence = std::min(finding.confidence, Confidence::strong);
  } else if (where) {
    auto otherwise = std::exchange(finding.explanations, {proxy(the_case, *accepted, *where)});
    finding.confidence = Confidence::strong;
    if (finding.outcome == Outcome::silent_service &&
        lists(finding.explanations, Mechanism::transparent_proxy))
      finding.explanations.push_back(perhaps_syn_proxy(the_case, finding.explanations.front()));
    if (may_have_opened(the_case)) finding.confidence = Confidence::weak;
    if (is_like_tarpit(the_case, *accepted)) add_tarpit(finding, the_case, *accepted, *where);
    // Only the window speaks for it.
    if (!accepted->place.walked && finding.outcome != Outcome::open) {
      add_at_rank_2(finding, std::move(otherwise));
      finding.confidence = Confidence::weak;
    }
  } else if (has_no_window(*accepted) && is_after_handshake(finding.outcome)) {
    const auto there = place_without_window(the_case, *accepted);
    auto otherwise = std::exchange(finding.explanations, {proxy(the_case, *accepted, there)});
    add_at_rank_2(finding, std::move(otherwise));
  } else if (is_after_handshake(finding.outcome) && everything_is_accepted(the_case)) {
    const auto& place = accepted->place;
    const auto exact = place.exact();
    finding.explanations.push_back(proxy(the_case, *accepted,
                                         exact ? at_hop(the_case, CulpritKind::router, *exact)
                                               : within(the_case, place.first, place.last)));
    // What stands nearby may end it for want of a host beyond, which nobody sees from here.
    if (the_case.run.facts.vantage.off_network) finding.confidence = Confidence::weak;
  } else if (finding.outcome == Outcome::open && came_shorter(the_case, *accepted)) {
    // One witness alone: answers of one host may take ways of different length.
    finding.explanations.push_back(
        proxy(the_case, *accepted, within(the_case, 1, the_case.host.distance)));
    finding.explanations.back().rank = 2;
    finding.confidence = Confidence::strong;
  } else if (is_after_handshake(finding.outcome) && !accepted->place.walked &&
             came_shorter(the_case, *accepted)) {
    // Whoever sent the SYN/ACK ends it or keeps silent: the host, or a proxy that does not reach
    // the host.
    finding.explanations.push_back(
        proxy(the_case, *accepted, within(the_case, 1, the_case.host.distance)));
    finding.confidence = Confidence::weak;
  }
  return finding;
}

}  // namespace hopblame
