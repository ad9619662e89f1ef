#include "analysis/verdict/proxy.hpp"

#include <algorithm>
#include <utility>

#include "analysis/model/bare_reset.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/path/window.hpp"
#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/ended_early.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/rejections.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// A SYN met it where others are passed on to the next hop: there stands no host.
bool met_on_the_way(const Case& the_case, const Accepted& accepted) {
  const auto& place = accepted.place;
  if (!place.walked) return false;
  // What goes round meets nobody farther on, as where a router forwards one port of an address
  // only.
  const auto& control = the_case.control;
  const bool goes_round = control.loop() || control.time_exceeded_at(full_hop_limit.value);
  const auto passed = goes_round ? std::nullopt : control.last_passed();
  if (passed && *passed >= *place.last) return true;
  const auto& host = the_case.host;
  return host.distance && *place.last < nearest_end(the_case, *host.distance);
}

/// A router tells that the host behind the proxy does not answer.
std::optional<Evidence> behind_it(const Case& the_case, const Accepted& accepted) {
  for (const auto& reply : accepted.exchange->replies)
    if (reply.kind == ReplyKind::icmp_error && reply.icmp && reply.at > accepted.reply->at)
      return Evidence{say("{} s later {} reports \"{}\": what stands behind does not answer.",
                          Seconds{reply.at - accepted.reply->at}, reply.from,
                          IcmpCode{the_case.owner().family, reply.icmp->type, reply.icmp->code}),
                      {reply.frame}};
  if (const auto dead = failed_neighbour(the_case))
    return Evidence{
        say("To another probe {} reports \"{}\", {} s later: what stands behind does "
            "not answer.",
            dead->reply->from,
            IcmpCode{the_case.owner().family, dead->reply->icmp->type, dead->reply->icmp->code},
            Seconds{dead->reply->at - dead->exchange->at}),
        frames(*dead->exchange, *dead->reply)};
  return {};
}

/// The witness that the host behind has accepted, or that it has not. Of somebody else's capture
/// not all segments are kept.
std::optional<Evidence> opening(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  if (is_foreign(the_case.run) || !connect || !connect->ended || connect->error != 0) return {};
  if (the_case.kernel_syn == nullptr) return {};
  const auto& call = *the_case.kernel_syn;
  if (is_window_shut(call) && !connect->closed)
    return Evidence{say("No segment opened the window in {} s: the host behind has not accepted.",
                        Seconds{the_case.run.ended - *connect->ended}),
                    call.left};
  const auto* opened = opening_of_window(call);
  if (opened == nullptr) return {};
  return Evidence{say("A segment with {} {} opened the window {} ms after the handshake: the host "
                      "behind has accepted.",
                      limit_word(the_case), opened->hop_limit.value,
                      Milliseconds{std::max(opened->at - *connect->ended, Duration{})}),
                  {opened->frame}};
}

/// What follows the handshake gets through to the host, which knows of no connection and says so:
/// who answered the SYN does not keep it.
const Reply* disowned_by_host(const Case& the_case, const Accepted& accepted) {
  const auto* reset = ending_reset(the_case);
  const auto* host = the_case.host.witness;
  if (!reset || !reset->segment || !is_bare_reset(*reset->segment) || !host) return nullptr;
  const bool as_host = reset->hop_limit == host->hop_limit;
  return as_host && reset->hop_limit != accepted.reply->hop_limit ? reset : nullptr;
}

Text look_at_protection(const Case& the_case, const Hops& place) {
  return say(
      "the SYN protection settings on {}, and a capture on {}: does the connection arrive there, "
      "and what answers it?",
      place, the_case.owner());
}

}  // namespace

bool came_shorter(const Case& the_case, const Accepted& accepted) {
  const auto* witness = the_case.host.witness;
  return witness && return_hops(witness->hop_limit) > return_hops(accepted.reply->hop_limit);
}

std::optional<Where> proxy_place(const Case& the_case, const Accepted& accepted) {
  const auto& place = accepted.place;
  if (!place.steady) return {};
  const auto exact = place.exact();
  const auto& host = the_case.host;
  const bool same_way = host.witness && !the_case.witness_is_of_port() &&
                        host.witness->hop_limit == accepted.reply->hop_limit;
  if (!place.walked)
    return has_no_window(accepted) && !same_way ? std::optional(on_the_way(the_case, accepted))
                                                : std::nullopt;
  if (has_no_window(accepted) && !same_way)
    return exact && *exact < *place.last ? at_hop(the_case, CulpritKind::router, *exact)
                                         : within(the_case, place.first, place.last);
  if (same_way) return {};
  const bool nearer = host.distance ? exact && *exact < *host.distance
                                    : host.echo && came_shorter(the_case, accepted);
  if (exact && nearer) return at_hop(the_case, CulpritKind::router, *exact);
  // Its way back fits no hop alone where the ways there and back differ.
  if (met_on_the_way(the_case, accepted)) return within(the_case, place.first, place.last);
  return {};
}

Explanation proxy(const Case& the_case, const Accepted& accepted, const Where& where) {
  const bool bare = has_no_window(accepted);
  const auto* disowned = disowned_by_host(the_case, accepted);
  Explanation found{bare || disowned ? Mechanism::syn_proxy : Mechanism::transparent_proxy,
                    1,
                    where,
                    {handshake(the_case, accepted)},
                    {},
                    ""};
  const auto place = place_named(the_case, where);
  if (the_case.host.distance && where.kind != CulpritKind::destination)
    found.because.push_back(
        {say("It comes from {}; the host's own answers come from hop {} with {} {}.", place,
             *the_case.host.distance, limit_word(the_case), the_case.host.witness->hop_limit.value),
         {the_case.host.witness->frame}});
  else if (came_shorter(the_case, accepted))
    found.because.push_back(
        {say("The host's own answers arrive with {} {}: the SYN/ACK passed fewer routers.",
             limit_word(the_case), the_case.host.witness->hop_limit.value),
         {the_case.host.witness->frame}});
  if (bare)
    found.because.push_back({say("The SYN/ACK announces a window of 0, as a SYN proxy does until "
                                 "the host behind it has "
                                 "accepted too."),
                             {accepted.reply->frame}});
  if (auto evidence = bare ? opening(the_case) : std::nullopt)
    found.because.push_back(std::move(*evidence));
  if (auto evidence = bare ? behind_it(the_case, accepted) : std::nullopt)
    found.because.push_back(std::move(*evidence));
  if (disowned)
    found.because.push_back(
        {say("What we sent after the handshake is answered by a RST with {} {}, as the host's own "
             "answers come, and it acknowledges nothing: it got there, and the host knows of no "
             "connection.",
             limit_word(the_case), disowned->hop_limit.value),
         {disowned->frame}});
  found.settled_by = bare || disowned ? look_at_protection(the_case, place)
                                      : say("the proxy settings on {}.", place);
  return found;
}

Explanation perhaps_syn_proxy(const Case& the_case, const Explanation& like) {
  auto found = like;
  found.mechanism = Mechanism::syn_proxy;
  found.because.push_back(
      {"A device that only answers SYNs, and behind which nobody takes the connection, looks like "
       "this as well.",
       {}});
  found.settled_by = look_at_protection(the_case, place_named(the_case, like.where));
  return found;
}

}  // namespace hopblame
