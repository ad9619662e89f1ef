#include "analysis/offline/reset_readings.hpp"

#include <algorithm>

#include "analysis/model/bare_reset.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame::offline {
namespace {

Evidence reset_evidence(const Target& target, const Ending& end) {
  return {say("A RST ends the connection after it was made; it arrived with {} {}.",
              limit_word(target.endpoint.address.family), end.hop_limit.value),
          {end.frame}};
}

/// Like the server's own packet just before it.
bool came_as_before(const Ending& end) { return end.said_limit == end.hop_limit; }

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

}  // namespace

std::optional<HopLimit> limit_of_host(const Ending& end, const Reply* syn_ack) {
  if (syn_ack) return syn_ack->hop_limit;
  return end.said_limit.value != 0 ? std::optional(end.said_limit) : std::nullopt;
}

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

bool is_short(const Attempt& attempt) {
  const auto& talk = attempt.talk;
  return talk.connected && *talk.closed - *talk.connected < at_once;
}

const Reply* reset_of(const Attempt& attempt) {
  const auto& replies = attempt.exchange.replies;
  const auto reset = std::ranges::find(replies, attempt.talk.end->frame, &Reply::frame);
  return reset != replies.end() ? &*reset : nullptr;
}

bool is_bare(const Attempt& attempt) {
  const auto* reset = reset_of(attempt);
  return reset && reset->segment && is_bare_reset(*reset->segment);
}

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

}  // namespace hopblame::offline
