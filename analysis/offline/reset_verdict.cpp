#include "analysis/offline/reset_verdict.hpp"

#include <algorithm>

#include "analysis/offline/reset_readings.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/reset_words.hpp"

namespace hopblame::offline {
namespace {

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

/// Its limit is not what the host's own packets arrive with.
Verdict strange_verdict(const Target& target, const Attempt& attempt, const Reply* syn_ack) {
  const auto& end = *attempt.talk.end;
  auto found = list_of(by_box(target, end, syn_ack, 1), instead_of_passing(target, end, syn_ack));
  if (may_be_another_way(end, syn_ack)) found.push_back(by_host(target, end, syn_ack, 2));
  const auto where = found.front().where;
  return {Outcome::closed_early, {where, Confidence::strong}, std::move(found), {}};
}

/// Of one from before the capture nothing is known but that the host knows it no more, or never
/// did: translated anew, it comes under a port that was never asked.
bool is_of_unknown(const Attempt& attempt, const Reply* syn_ack) {
  return attempt.joined && !syn_ack;
}

/// It acknowledges nothing, where one that ends a connection it knows would.
void add_forgetting(Verdict& verdict, const Target& target, const Attempt& attempt,
                    const Reply* syn_ack) {
  const auto& end = *attempt.talk.end;
  auto& found = verdict.explanations;
  found.insert(found.begin() + 1, by_rule_of_host(target, attempt));
  // Of a connection that has just begun a device has not forgotten anything either.
  const auto way = before_host(end, syn_ack);
  if (is_short(attempt) || (way == somewhere && !is_of_unknown(attempt, syn_ack))) return;
  found.insert(found.begin() + 2, by_forgetful_device(end, way));
  verdict.culprit.where = way;
}

/// As far as its limit tells it came from the host.
Verdict alike_verdict(const Target& target, const Attempt& attempt, const Reply* syn_ack) {
  const auto& end = *attempt.talk.end;
  Verdict verdict{Outcome::closed_early, {somewhere, Confidence::weak}, {}, {}};
  auto& found = verdict.explanations;
  found = list_of(by_host(target, end, syn_ack, 1), by_box(target, end, syn_ack, syn_ack ? 2 : 1));
  if (end.raced)
    found.front().because.push_back(spoke_too_late(*end.raced));
  else if (auto worked = had_worked(attempt)) {
    found.front().because.push_back(std::move(*worked));
    if (end.was_idle) found.front().because.push_back(was_idle(end.frame));
  }
  if (ends_words(attempt)) found.back().because.push_back(words_ended());
  if (syn_ack)
    verdict.culprit = {found.front().where,
                       end.was_idle && attempt.talk.spoke ? Confidence::weak : Confidence::strong};
  const bool known = syn_ack || is_of_unknown(attempt, syn_ack);
  if (known && !end.raced && is_bare(attempt)) add_forgetting(verdict, target, attempt, syn_ack);
  return verdict;
}

Verdict verdict_on_reset(const Target& target, const Attempt& attempt) {
  const auto& end = *attempt.talk.end;
  const auto* syn_ack = first_of(attempt, ReplyKind::syn_ack);
  if (end.outlived) return outlived_verdict(target, attempt);
  if (end.shown_once && syn_ack) return shown_once_verdict(target, attempt, *syn_ack);
  if (is_strange(end, syn_ack)) return strange_verdict(target, attempt, syn_ack);
  if (syn_ack && syn_ack->hop_limit != end.hop_limit && is_short(attempt))
    return {Outcome::closed_early,
            {somewhere, Confidence::weak},
            list_of(by_box(target, end, syn_ack, 1), by_host(target, end, syn_ack, 1)),
            {}};
  return alike_verdict(target, attempt, syn_ack);
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
  const auto* reset = reset_of(attempt);
  if (auto words = reset ? words_of(*reset) : std::nullopt) because.push_back(*std::move(words));
  return verdict;
}

}  // namespace hopblame::offline
