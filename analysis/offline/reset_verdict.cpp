#include "analysis/offline/reset_verdict.hpp"

#include <algorithm>

#include "analysis/model/bare_reset.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame::offline {
namespace {

const Where somewhere{CulpritKind::unknown, 1, {}, {}};

Evidence reset_evidence(const Target& target, const Ending& end) {
  return {say("A RST ends the connection after it was made; it arrived with {} {}.",
              limit_word(target.endpoint.address.family), end.hop_limit.value),
          {end.frame}};
}

/// Like the server's own packet just before it.
bool came_as_before(const Ending& end) { return end.said_limit == end.hop_limit; }

/// What the host's own packets arrive with: the SYN/ACK, or what it said last where the capture
/// began after that.
std::optional<HopLimit> limit_of_host(const Ending& end, const Reply* syn_ack) {
  if (syn_ack) return syn_ack->hop_limit;
  return end.said_limit.value != 0 ? std::optional(end.said_limit) : std::nullopt;
}

/// Unlike all that is known to be the host's.
bool is_strange(const Ending& end, const Reply* syn_ack) {
  const auto known = limit_of_host(end, syn_ack);
  return known && *known != end.hop_limit && !came_as_before(end);
}

Explanation by_host(const Target& target, const Ending& end, const Reply* syn_ack, unsigned rank) {
  Explanation found{Mechanism::accept_then_close,
                    rank,
                    {CulpritKind::destination, {}, {}, target.endpoint.address},
                    list_of(reset_evidence(target, end)),
                    {},
                    say("the service's log on the host at that time")};
  if (syn_ack && syn_ack->hop_limit == end.hop_limit)
    found.because.push_back(
        {say("The host's own SYN/ACK arrived with the same: both came the same way."),
         {syn_ack->frame}});
  else if (syn_ack && came_as_before(end))
    found.because.push_back(
        {say("So did what the server said last before it. The SYN/ACK arrived with {}: the way "
             "back has changed since, or who answers the SYN (a balancer, a proxy) is not who "
             "serves it.",
             syn_ack->hop_limit.value),
         {syn_ack->frame}});
  return found;
}

/// A connection that worked was not turned away.
std::optional<Evidence> had_worked(const Attempt& attempt) {
  const auto& talk = attempt.talk;
  if (!talk.connected || !talk.spoke || attempt.joined) return {};
  return Evidence{
      say("The service had spoken, and the connection had lasted {} s: a program that ends it, a "
          "restart, or a limit on idle connections, of the host or of what stands before it.",
          Seconds{*talk.closed - *talk.connected}),
      {}};
}

/// Tables of connections forget those that lie idle, after minutes or hours.
std::optional<Evidence> lay_idle(const Attempt& attempt) {
  if (!attempt.pause) return {};
  return Evidence{
      say("It lay idle for {} s before that: a firewall, an address translation, a load "
          "balancer or the host itself may have forgotten it meanwhile, or ended it "
          "for that.",
          static_cast<std::uint64_t>(attempt.pause->count())),
      {attempt.talk.end->frame}};
}

/// The classic end of idle sessions: no packet tells whether anybody missed it.
Evidence was_idle(FrameId reset) {
  return {
      say("Before the RST both were silent for a second and more, and repeated nothing: all that "
          "they had said had arrived, and the client says nothing after it. If the answer was "
          "whole, nobody lost anything (some services and load balancers end idle connections "
          "so); if the program waited for more, or asks once more on that connection, it "
          "fails."),
      {reset}};
}

Evidence spoke_too_late(FrameId words) {
  return {say("The server had already said with a FIN that it was done, and the client said more "
              "after that: so it is where a server ends idle connections sooner than its client "
              "expects, and the client asks once more on one that has ended."),
          {words}};
}

/// A way back that is one router longer or shorter than that of the SYN/ACK is common.
bool may_be_another_way(const Ending& end, const Reply* syn_ack) {
  const int more = end.hop_limit.value - limit_of_host(end, syn_ack)->value;
  return more >= -1 && more <= 1;
}

std::uint8_t distance_of(const Ending& end, HopLimit limit) {
  return static_cast<std::uint8_t>(guessed_distance(limit) + end.passed);
}

Text passed_fewer(const Ending& end, HopLimit of_host, const Term& its) {
  const auto by_reset = return_hops(end.hop_limit), by_host = return_hops(of_host);
  return say(
      "If it began with a usual value, the RST passed {} router{} on its way and was made about "
      "hop {}; the {} passed {} router{}.",
      by_reset, plural(by_reset), unsigned{distance_of(end, end.hop_limit)}, its, by_host,
      plural(by_host));
}

/// Before the host, as far as its own packets tell how far that is.
Where before_host(const Ending& end, const Reply* syn_ack) {
  const auto known = limit_of_host(end, syn_ack);
  if (!known) return somewhere;
  const auto host = distance_of(end, *known);
  if (host == 1) return somewhere;
  return {CulpritKind::between, std::uint8_t{1}, host, {}};
}

Explanation by_box(const Target& target, const Ending& end, const Reply* syn_ack, unsigned rank) {
  Explanation found{Mechanism::injected_reset,
                    rank,
                    before_host(end, syn_ack),
                    list_of(reset_evidence(target, end)),
                    {},
                    say("a capture on the host at the same time: did it send this RST?")};
  if (!is_strange(end, syn_ack)) return found;
  const auto of_host = *limit_of_host(end, syn_ack);
  if (syn_ack)
    found.because.push_back(
        {say("The host's own SYN/ACK arrived with {}: somebody else sent the RST.", of_host.value),
         {syn_ack->frame}});
  else
    found.because.push_back(
        {say("What the host itself said last before it arrived with {}: somebody else sent the "
             "RST.",
             of_host.value),
         {}});
  if (return_hops(end.hop_limit) < return_hops(of_host))
    found.because.push_back(
        {passed_fewer(end, of_host, syn_ack ? Term("SYN/ACK") : Term("packet before it")), {}});
  return found;
}

/// What it answers to need not have passed.
Explanation instead_of_passing(const Target& target, const Ending& end, const Reply* syn_ack) {
  auto found = by_box(target, end, syn_ack, 1);
  found.mechanism = Mechanism::middlebox_reset;
  found.because.push_back(
      {say("A stateful device that has forgotten the connection, or does not let pass what the "
           "client says, resets it so instead of sending it on."),
       {}});
  found.settled_by = say("the sessions and rules of the devices on the way, their idle limits");
  return found;
}

/// What reads the first words of the client acts on them at once.
constexpr Duration at_once = std::chrono::seconds(1);

/// No way back changes in so short a time: the device that said what came before the RST may be
/// the one that resets (a page that says so, and then the end).
bool is_short(const Attempt& attempt) {
  const auto& talk = attempt.talk;
  return talk.connected && *talk.closed - *talk.connected < at_once;
}

bool is_bare(const Attempt& attempt) {
  const auto& replies = attempt.exchange.replies;
  const auto reset = std::ranges::find(replies, attempt.talk.end->frame, &Reply::frame);
  return reset != replies.end() && reset->segment && is_bare_reset(*reset->segment);
}

/// A rule on the host forgets a connection after a while only; else it is one against the words.
Explanation by_rule_of_host(const Target& target, const Attempt& attempt) {
  auto found = by_host(target, *attempt.talk.end, first_of(attempt, ReplyKind::syn_ack),
                       is_short(attempt) ? 2 : 1);
  found.mechanism = Mechanism::host_firewall_reset;
  found.because.push_back(
      {say("It acknowledges nothing: whoever sent it knows of no connection. That may be a "
           "stateful rule on the host that has forgotten it, or a machine that has started anew."),
       {attempt.talk.end->frame}});
  found.settled_by = say("the rules on the host that reject with a reset, and their idle limits");
  return found;
}

/// Who translates addresses or balances sends the next segment on under another port, or to another
/// machine, once its own entry is gone: none there knows the connection.
Explanation by_forgetful_device(const Ending& end, const Where& where) {
  Explanation found{Mechanism::data_blocked,
                    1,
                    where,
                    {},
                    {},
                    say("a capture on the host at the same time: from which port does the last "
                        "segment come?")};
  found.because.push_back(
      {say("It acknowledges nothing: the host may know of no connection because a device on the "
           "way (address translation, a balancer) forgot it, and sent on what the client said last "
           "under another port or to another machine."),
       {end.frame}});
  return found;
}

Evidence words_ended() {
  return {say("It answers the first words of the client: inspection on the way that reads them (a "
              "filter of names in TLS or HTTP) resets what it does not let pass, and may copy the "
              "host's hop limit."),
          {}};
}

Evidence goes_on(const Ending& end) {
  return {
      end.outlived->taken_in
          ? say("After it the server goes on, and has what the client had said by then: it sent "
                "no RST, and the client's packets pass.")
          : say("After it the server goes on as if it had sent none: somebody else did."),
      {end.frame, end.outlived->by}};
}

/// Who resets instead of passing on keeps the client's words from the server.
Verdict outlived_verdict(const Target& target, const Attempt& attempt) {
  const auto& end = *attempt.talk.end;
  const auto* syn_ack = first_of(attempt, ReplyKind::syn_ack);
  std::vector<Explanation> found = list_of(by_box(target, end, syn_ack, 1));
  if (!end.outlived->taken_in) {
    found.push_back(instead_of_passing(target, end, syn_ack));
    if (!is_strange(end, syn_ack) && is_bare(attempt))
      found.push_back(by_rule_of_host(target, attempt));
  }
  for (auto& explanation : found) explanation.because.push_back(goes_on(end));
  const auto where = found.front().where;
  return {Outcome::closed_early,
          {where, end.outlived->taken_in ? Confidence::strong : Confidence::weak},
          std::move(found),
          {}};
}

/// On both sides of a machine: it made the RST, or it keeps the server's from the client.
Verdict shown_once_verdict(const Target& target, const Attempt& attempt, const Reply& syn_ack) {
  const auto& end = *attempt.talk.end;
  auto box = by_box(target, end, &syn_ack, 1);
  box.mechanism = Mechanism::middlebox_reset;
  box.where = {CulpritKind::router, 1, 1, {}};
  box.because.push_back(
      {say("The capture shows both sides of the machine that it was made on: the SYN/ACK comes in "
           "and goes out, the RST is there once. That machine made it, or keeps it from going on; "
           "either way it no longer passes this connection, and what it drops or resets may be why "
           "the other end resets."),
       {syn_ack.frame, end.frame}});
  box.settled_by = say("the rules and connection table of the machine of this capture");
  auto injected = box;
  injected.mechanism = Mechanism::injected_reset;
  auto host = by_host(target, end, &syn_ack, 2);
  return {Outcome::closed_early,
          {box.where, Confidence::weak},
          list_of(std::move(box), std::move(injected), std::move(host)),
          {}};
}

Verdict verdict_on_reset(const Target& target, const Attempt& attempt) {
  const auto& end = *attempt.talk.end;
  if (end.outlived) return outlived_verdict(target, attempt);
  const auto* syn_ack = first_of(attempt, ReplyKind::syn_ack);
  if (end.shown_once && syn_ack) return shown_once_verdict(target, attempt, *syn_ack);
  const bool another = is_strange(end, syn_ack);
  Verdict verdict{Outcome::closed_early, {somewhere, Confidence::weak}, {}, {}};
  if (!another && syn_ack && syn_ack->hop_limit != end.hop_limit && is_short(attempt)) {
    verdict.explanations =
        list_of(by_box(target, end, syn_ack, 1), by_host(target, end, syn_ack, 1));
    return verdict;
  }
  if (another) {
    verdict.explanations =
        list_of(by_box(target, end, syn_ack, 1), instead_of_passing(target, end, syn_ack));
    if (may_be_another_way(end, syn_ack))
      verdict.explanations.push_back(by_host(target, end, syn_ack, 2));
    verdict.culprit = {verdict.explanations.front().where, Confidence::strong};
    return verdict;
  }
  verdict.explanations =
      list_of(by_host(target, end, syn_ack, 1), by_box(target, end, syn_ack, syn_ack ? 2 : 1));
  if (end.raced)
    verdict.explanations.front().because.push_back(spoke_too_late(*end.raced));
  else if (auto worked = had_worked(attempt)) {
    verdict.explanations.front().because.push_back(std::move(*worked));
    if (end.was_idle) verdict.explanations.front().because.push_back(was_idle(end.frame));
  }
  if (ends_words(attempt)) verdict.explanations.back().because.push_back(words_ended());
  if (syn_ack)
    verdict.culprit = {verdict.explanations.front().where,
                       end.was_idle && attempt.talk.spoke ? Confidence::weak : Confidence::strong};
  // Of one from before the capture nothing is known but that the host knows it no more, or never
  // did: translated anew, it comes under a port that was never asked.
  const bool unknown = attempt.joined && !syn_ack;
  if ((!syn_ack && !unknown) || end.raced || !is_bare(attempt)) return verdict;
  auto& found = verdict.explanations;
  found.insert(found.begin() + 1, by_rule_of_host(target, attempt));
  // Of a connection that has just begun a device has not forgotten anything either.
  const auto way = before_host(end, syn_ack);
  if (is_short(attempt) || (way == somewhere && !unknown)) return verdict;
  found.insert(found.begin() + 2, by_forgetful_device(end, way));
  verdict.culprit.where = way;
  return verdict;
}

}  // namespace

bool ends_words(const Attempt& attempt) {
  const auto* syn_ack = first_of(attempt, ReplyKind::syn_ack);
  const auto& talk = attempt.talk;
  return syn_ack && talk.asked && !talk.spoke && talk.end && talk.end->reset &&
         syn_ack->hop_limit == talk.end->hop_limit && *talk.closed - *talk.asked < at_once;
}

Verdict reset_verdict(const Target& target, const Attempt& attempt) {
  auto verdict = verdict_on_reset(target, attempt);
  auto& because = verdict.explanations.front().because;
  if (auto idle = lay_idle(attempt)) because.insert(because.begin() + 1, *std::move(idle));
  return verdict;
}

}  // namespace hopblame::offline
