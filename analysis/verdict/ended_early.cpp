#include "analysis/verdict/ended_early.hpp"

#include <algorithm>
#include <cerrno>

#include "analysis/model/bare_reset.hpp"
#include "analysis/model/services.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/reset_words.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

Text captures() {
  return say(
      "captures on the host and on both sides of the named hops: does the host send this RST, and "
      "where does it appear first?");
}

std::vector<FrameId> ending(const Case& the_case) {
  auto found = conversation(the_case, ReplyKind::fin);
  for (const auto kind : {ReplyKind::reset, ReplyKind::reset_ack})
    for (const auto frame : conversation(the_case, kind)) found.push_back(frame);
  return found;
}

/// What acts on our words does so as they pass: it shows within a round trip, not seconds later.
bool may_be_an_act(const Case& the_case) {
  const auto& connect = *the_case.run.connect;
  constexpr auto at_work = std::chrono::milliseconds(500);  // of who looks at them
  const auto soon = 2 * (*connect.ended - connect.at) + at_work;
  return had_spoken(the_case) && ending_reset(the_case) != nullptr &&
         *connect.closed - *connect.ssh->said < soon;
}

const char* how_far(const Case& the_case) {
  const auto& connect = *the_case.run.connect;
  if (connect.ssh && connect.ssh->identified)
    return had_spoken(the_case) ? "after its greeting and our first words" : "after its greeting";
  if (!connect.spoke) return had_spoken(the_case) ? "without a word, after ours" : "without a word";
  return "with words that are not a greeting";
}

/// And what its RST says of the cause.
void tell_end(const Case& the_case, Explanation& explanation) {
  explanation.because.push_back(end_of_it(the_case));
  if (const auto* reset = ending_reset(the_case)) add(explanation.because, words_of(*reset));
}

Text look_at_limits(const Case& the_case) {
  const auto service = known_service(port_of(the_case));
  if (!service || service->name == "ssh")
    return say("the service's own limits and its log (for ssh: MaxStartups, PerSourcePenalties)");
  return say("the service's own limits and its log; its words, see the banner, may name the cure");
}

/// It is full, or bans this source; or it has another reason, which it says.
Explanation refused_in_words(const Case& the_case, const Accepted& accepted) {
  const bool full = says_it_is_full(the_case.run.connect->greeting);
  auto found = full ? on_destination(Mechanism::connection_limit, the_case, accepted,
                                     look_at_limits(the_case))
                    : on_destination(Mechanism::accept_then_close, the_case, accepted,
                                     say("what the service says itself, see the banner, and its "
                                         "log on the host"));
  found.because.push_back(
      {the_case.run.connect->closed
           ? say("The service refused in words, see the banner, and ended the connection.")
           : say("The service refused in words, see the banner."),
       conversation(the_case, ReplyKind::data)});
  return found;
}

/// The host, or something right before it that wears its way back.
Where near_host(const Case& the_case, const Accepted& accepted) {
  const auto host = distance_of_end(the_case, accepted);
  if (!host || *host <= 1) return at_destination(the_case, host);
  return within(the_case, static_cast<std::uint8_t>(*host - 1), host);
}

/// By FIN, or by a RST that acknowledges what it got. What follows a FIN is answered by a bare RST.
bool by_owner(const Case& the_case) {
  const auto* reset = ending_reset(the_case);
  return reset == nullptr || !reset->segment || !is_bare_reset(*reset->segment) ||
         said_by_peer(the_case, ReplyKind::fin) != nullptr;
}

Evidence acknowledges_nothing(const Case& the_case) {
  return {
      say("The RST acknowledges nothing: whoever sent it knows of no connection. A service that "
          "ends one acknowledges; a rule does not, nor does a machine that did not get the SYN "
          "(one of several behind a balancer)."),
      {ending_reset(the_case)->frame}};
}

/// A rule for segments of a connection. Or there is no room when the handshake ends, and the host
/// is told to say so: for a moment only, for a queue that is full takes no SYN either.
void add_unowned(const Case& the_case, const Accepted& accepted, Finding& finding) {
  auto rule = on_destination(Mechanism::host_firewall_reset, the_case, accepted,
                             say("the rules on {} that reject with a reset (`sudo nft list "
                                 "ruleset`): which one counts?",
                                 the_case.owner()));
  tell_end(the_case, rule);
  rule.because.push_back(acknowledges_nothing(the_case));
  finding.explanations.insert(finding.explanations.begin(), std::move(rule));
  if (had_spoken(the_case)) return;
  auto full = on_destination(Mechanism::accept_queue_full, the_case, accepted,
                             say("on {}: `sysctl net.ipv4.tcp_abort_on_overflow` is 1, and "
                                 "`nstat -az TcpExtListenOverflows` grows?",
                                 the_case.owner()));
  full.because.push_back(acknowledges_nothing(the_case));
  full.rank = 2;
  finding.explanations.push_back(std::move(full));
}

/// A SYN proxy gives the first answer only: what follows is the host's, which passes more routers.
bool comes_from_behind(const Case& the_case, const Accepted& accepted, const Reply& reset) {
  const auto* host = the_case.host.witness;
  if (!is_window_opened(the_case, accepted)) return false;
  return (host && host->hop_limit == reset.hop_limit) ||
         std::ranges::any_of(the_case.kernel_syn->replies, [&](const Reply& reply) {
           return reply.segment && !reply.segment->is_reset() && reply.hop_limit == reset.hop_limit;
         });
}

Explanation acted_on_data(Mechanism mechanism, const Case& the_case, const Accepted& accepted,
                          unsigned rank) {
  // The host's own stack says so where somebody on the way has ended the connection there.
  const auto where =
      by_owner(the_case) ? near_host(the_case, accepted) : on_the_way(the_case, accepted);
  auto found = explain(mechanism, the_case, accepted, where, captures());
  tell_end(the_case, found);
  found.rank = rank;
  return found;
}

}  // namespace

bool had_spoken(const Case& the_case) {
  const auto& connect = *the_case.run.connect;
  return connect.closed && connect.ssh && connect.ssh->said && *connect.closed > *connect.ssh->said;
}

Evidence end_of_it(const Case& the_case) {
  const auto& connect = *the_case.run.connect;
  if (!connect.closed)
    return {say("The peer accepted the connection and reset it before connect() returned."),
            ending(the_case)};
  const bool reset = connect.close_error == ECONNRESET;
  return {
      say("The peer {} the connection {} ms after the handshake, {}.", reset ? "reset" : "closed",
          Milliseconds{*connect.closed - *connect.ended}, how_far(the_case)),
      ending(the_case)};
}

const Reply* ending_reset(const Case& the_case) {
  if (the_case.kernel_syn == nullptr) return nullptr;
  for (const auto& reply : the_case.kernel_syn->replies)
    if (reply.kind == ReplyKind::reset || reply.kind == ReplyKind::reset_ack) return &reply;
  return nullptr;
}

bool is_refusal(const Case& the_case, std::string_view greeting) {
  return turns_away(the_case.run.goal.target.port, greeting);
}

std::optional<Finding> reset_by_another(const Case& the_case, const Accepted& accepted) {
  const auto& connect = *the_case.run.connect;
  const auto* reset = ending_reset(the_case);
  const auto* answer = said_by_peer(the_case, ReplyKind::syn_ack);
  const bool ended_by_it = connect.close_error == ECONNRESET || connect.error == ECONNRESET;
  if (!ended_by_it || !reset || !answer || reset->hop_limit == answer->hop_limit) return {};
  if (comes_from_behind(the_case, accepted, *reset)) return {};
  const auto host = distance_of_end(the_case, accepted);
  Where where{CulpritKind::between, 1, host, {}};
  const auto nearest = guessed_distance(reset->hop_limit);
  // Made before the host; no nearer than the routers it passed on its way back.
  if (host && nearest <= *host)
    where.first_hop = std::max<std::uint8_t>(1, static_cast<std::uint8_t>(nearest - 1));
  if (!host) where.kind = CulpritKind::unknown;
  const Evidence evidence{
      say("The connection was accepted with {} {}, and then ended by a RST with {} {}: another box "
          "made it.",
          limit_word(the_case), answer->hop_limit.value, limit_word(the_case),
          reset->hop_limit.value),
      {answer->frame, reset->frame}};
  Finding finding{Outcome::closed_early, {}, Confidence::strong};
  for (const auto mechanism :
       {Mechanism::injected_reset, Mechanism::middlebox_reset, Mechanism::data_blocked}) {
    // Instead of what the client said: of our own connection that is what data-blocked stands for.
    if (mechanism == Mechanism::middlebox_reset && !is_foreign(the_case.run)) continue;
    auto found = explain(mechanism, the_case, accepted, where, captures());
    found.because.push_back(evidence);
    tell_end(the_case, found);
    finding.explanations.push_back(std::move(found));
  }
  return finding;
}

Finding ended_early(const Case& the_case, const Accepted& accepted) {
  Finding finding{Outcome::closed_early, {}, Confidence::strong};
  if (is_refusal(the_case, the_case.run.connect->greeting)) {
    finding.explanations = {refused_in_words(the_case, accepted)};
    return finding;
  }
  const auto& ssh = the_case.run.connect->ssh;
  auto closes = on_destination(
      Mechanism::accept_then_close, the_case, accepted,
      ssh && ssh->identified  // no wrapper, no proxy without a backend: the service spoke
          ? say("the service's log on the host")
          : say("the service's log on the host, and its access lists (`/etc/hosts.deny`, a proxy's "
                "backend)"));
  tell_end(the_case, closes);
  finding.explanations = {std::move(closes)};
  const bool owner = by_owner(the_case);
  finding.explanations.front().rank = owner ? 1 : 2;
  const bool by_proxy = has_no_window(accepted) && !is_window_opened(the_case, accepted);
  if (!owner && !by_proxy) add_unowned(the_case, accepted, finding);
  if (!may_be_an_act(the_case)) return finding;
  for (const auto mechanism : {Mechanism::injected_reset, Mechanism::data_blocked})
    finding.explanations.push_back(acted_on_data(mechanism, the_case, accepted, owner ? 2 : 1));
  return finding;
}

}  // namespace hopblame
