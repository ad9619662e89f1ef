#include "analysis/verdict/accepted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "analysis/model/services.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

bool is_syn_ack(const Reply& reply) { return reply.kind == ReplyKind::syn_ack; }

struct Accepted {
  const Exchange* exchange = nullptr;
  const Reply* reply = nullptr;
  Place place;
};

std::optional<Accepted> accepted_of(const Case& the_case) {
  for (const auto* exchange : the_case.probes(ProbeKind::syn, Aim::target))
    for (const auto& reply : exchange->replies)
      if (is_syn_ack(reply)) return Accepted{exchange, &reply, place_of(the_case, is_syn_ack)};
  return {};
}

/// Until the host behind it has accepted, a SYN proxy can promise no window (Linux SYNPROXY,
/// measured).
bool is_bare(const Accepted& accepted) {
  return accepted.reply->segment && accepted.reply->segment->window == 0;
}

/// The SYN/ACK was made nearer than the host's other answers, on both witnesses; or by a router
/// that passes what dies at it, and bears the mark of a SYN proxy besides.
std::optional<Where> proxy_place(const Case& the_case, const Accepted& accepted) {
  const auto& place = accepted.place;
  if (!place.walked || !place.steady) return {};
  const auto exact = place.exact();
  const auto& host = the_case.host;
  const bool same_way = host.witness && host.witness->hop_limit == accepted.reply->hop_limit;
  if (is_bare(accepted) && !same_way)
    return exact && *exact < *place.last ? at_hop(the_case, CulpritKind::router, *exact)
                                         : within(the_case, place.first, place.last);
  const bool nearer = host.distance ? exact && *exact < *host.distance
                                    : host.echo && return_hops(host.echo->hop_limit) >
                                                       return_hops(accepted.reply->hop_limit);
  if (!exact || !nearer || same_way) return {};
  return at_hop(the_case, CulpritKind::router, *exact);
}

Evidence handshake(const Case& the_case, const Accepted& accepted) {
  return {fmt::format("A SYN/ACK answers the SYN to {}, {:.1f} ms later, with {} {}.",
                      port_text(the_case), milliseconds(accepted.reply->at - accepted.exchange->at),
                      limit_word(the_case), accepted.reply->hop_limit.value),
          frames(*accepted.exchange, *accepted.reply)};
}

std::vector<FrameId> conversation(const Case& the_case, ReplyKind kind) {
  std::vector<FrameId> found;
  if (the_case.kernel_syn == nullptr) return found;
  for (const auto& reply : the_case.kernel_syn->replies)
    if (reply.kind == kind) found.push_back(reply.frame);
  return found;
}

std::vector<FrameId> ending(const Case& the_case) {
  auto found = conversation(the_case, ReplyKind::fin);
  for (const auto kind : {ReplyKind::reset, ReplyKind::reset_ack})
    for (const auto frame : conversation(the_case, kind)) found.push_back(frame);
  return found;
}

Explanation proxy(const Case& the_case, const Accepted& accepted, const Where& where) {
  const bool bare = is_bare(accepted);
  Explanation found{bare ? Mechanism::syn_proxy : Mechanism::transparent_proxy,
                    1,
                    where,
                    {handshake(the_case, accepted)},
                    {},
                    ""};
  const auto place = place_text(the_case, where);
  if (the_case.host.distance)
    found.because.push_back(
        {fmt::format("It comes from {}; the host's own answers come from hop {} with {} {}.", place,
                     *the_case.host.distance, limit_word(the_case),
                     the_case.host.witness->hop_limit.value),
         {the_case.host.witness->frame}});
  if (bare)
    found.because.push_back(
        {"The SYN/ACK announces a window of 0, as a SYN proxy does until the host "
         "behind it has accepted too.",
         {accepted.reply->frame}});
  found.settled_by = fmt::format("the proxy or SYN protection settings on {}.", place);
  return found;
}

/// The control flow's end, where the SYN/ACK came the same way: probes of an open port can meet our
/// own half-open connection and seem to end a hop too far.
std::optional<std::uint8_t> distance_of_end(const Case& the_case, const Accepted& accepted) {
  const auto& host = the_case.host;
  if (the_case.run.facts.vantage.target_is_local) return 0;
  if (host.distance && host.witness->hop_limit == accepted.reply->hop_limit) return host.distance;
  return accepted.place.last ? accepted.place.last : host.distance;
}

Explanation on_destination(Mechanism mechanism, const Case& the_case, const Accepted& accepted,
                           std::string settled_by) {
  return {mechanism,
          1,
          at_destination(the_case, distance_of_end(the_case, accepted)),
          {handshake(the_case, accepted)},
          {},
          std::move(settled_by)};
}

/// What servers say when they turn a client away before their protocol starts (measured with
/// OpenSSH 9.2 and 9.8; RFC 5321 section 4.2.1 and RFC 959 for 4yz and 5yz replies).
bool is_refusal(const Case& the_case, std::string_view greeting) {
  constexpr std::array phrases{"Exceeded MaxStartups", "Not allowed at this time",
                               "Too many connections", "too many connections", "Host is blocked"};
  for (const std::string_view phrase : phrases)
    if (greeting.find(phrase) != std::string_view::npos) return true;
  const auto service = known_service(the_case.run.goal.target.port);
  const bool numbered = service && service->greeting == "220";
  return numbered && (greeting.starts_with("421") || greeting.starts_with("5"));
}

Finding closed_early(const Case& the_case, const Accepted& accepted) {
  const auto& connect = *the_case.run.connect;
  const bool says_full = is_refusal(the_case, connect.greeting);
  auto found = on_destination(
      says_full ? Mechanism::connection_limit : Mechanism::accept_then_close, the_case, accepted,
      says_full
          ? "the service's own limits and its log (for ssh: MaxStartups, PerSourcePenalties)"
          : "the service's log on the host, and its access lists (`/etc/hosts.deny`, a proxy's "
            "backend)");
  const bool reset = connect.close_error == ECONNRESET || connect.error == ECONNRESET;
  const char* manner = reset ? "reset" : "closed";
  if (says_full) {
    found.because.push_back(
        {connect.closed ? "The service refused in words, see the banner, and ended the connection."
                        : "The service refused in words, see the banner.",
         conversation(the_case, ReplyKind::data)});
  } else {
    found.because.push_back(
        {fmt::format("The peer {} the connection {:.1f} ms after the handshake, {}.", manner,
                     milliseconds(*connect.closed - *connect.ended),
                     connect.spoke ? "with words that are not a greeting" : "without a word"),
         ending(the_case)});
  }
  return {Outcome::closed_early, {std::move(found)}, Confidence::strong};
}

/// The RST that ended the real connection, if the capture saw it.
const Reply* ending_reset(const Case& the_case) {
  if (the_case.kernel_syn == nullptr) return nullptr;
  for (const auto& reply : the_case.kernel_syn->replies)
    if (reply.kind == ReplyKind::reset || reply.kind == ReplyKind::reset_ack) return &reply;
  return nullptr;
}

const Reply* own_syn_ack(const Case& the_case) {
  if (the_case.kernel_syn == nullptr) return nullptr;
  for (const auto& reply : the_case.kernel_syn->replies)
    if (is_syn_ack(reply)) return &reply;
  return nullptr;
}

/// The connection was accepted by one box and reset by another: the ways back differ.
std::optional<Finding> reset_by_another(const Case& the_case, const Accepted& accepted) {
  const auto* reset = ending_reset(the_case);
  const auto* answer = own_syn_ack(the_case);
  if (!reset || !answer || reset->hop_limit == answer->hop_limit) return {};
  const auto host = distance_of_end(the_case, accepted);
  Where where{CulpritKind::between, 1, host, {}};
  const auto nearest = guessed_distance(reset->hop_limit);
  // Made before the host; no nearer than the routers it passed on its way back.
  if (host && nearest <= *host)
    where.first_hop = std::max<std::uint8_t>(1, static_cast<std::uint8_t>(nearest - 1));
  if (!host) where.kind = CulpritKind::unknown;
  const Evidence evidence{
      fmt::format("The connection was accepted with {0} {1}, and then ended by a RST with {0} {2}: "
                  "another box made it.",
                  limit_word(the_case), answer->hop_limit.value, reset->hop_limit.value),
      {answer->frame, reset->frame}};
  const std::string look =
      "captures on the host and on both sides of the named hops: does the host send "
      "this RST, and where does it appear first?";
  return Finding{
      Outcome::closed_early,
      {{Mechanism::injected_reset, 1, where, {handshake(the_case, accepted), evidence}, {}, look},
       {Mechanism::data_blocked, 1, where, {handshake(the_case, accepted), evidence}, {}, look}},
      Confidence::strong};
}

Finding silent_service(const Case& the_case, const Accepted& accepted) {
  const auto& connect = *the_case.run.connect;
  const auto add_silence = [&](Explanation explanation) {
    explanation.because.push_back(
        {fmt::format(
             "The handshake completed, then nothing came for {:.1f} s, although this service "
             "speaks first.",
             seconds(the_case.run.ended - *connect.ended)),
         the_case.kernel_syn ? the_case.kernel_syn->left : std::vector<FrameId>{}});
    return explanation;
  };
  return {Outcome::silent_service,
          {add_silence(
               on_destination(Mechanism::data_blocked, the_case, accepted,
                              "a capture on the host: does it send its greeting, and again and "
                              "again? Then the data is lost on the way. If not, its log says why")),
           add_silence(on_destination(Mechanism::tarpit, the_case, accepted,
                                      "what is really listening there: `ss -ltnp` on the host"))},
          Confidence::strong};
}

Finding open(const Case& the_case, const Accepted& accepted) {
  auto found = on_destination(Mechanism::listening, the_case, accepted, "nothing: it works");
  const auto& connect = the_case.run.connect;
  if (connect && connect->ended)
    found.because.push_back({"An ordinary connect() succeeded.", the_case.kernel_syn
                                                                     ? the_case.kernel_syn->left
                                                                     : std::vector<FrameId>{}});
  if (connect && connect->spoke)
    found.because.push_back({fmt::format("The service spoke {:.1f} ms after the handshake.",
                                         milliseconds(*connect->spoke - *connect->ended)),
                             conversation(the_case, ReplyKind::data)});
  found.where = {CulpritKind::none, {}, {}, {}};
  return {Outcome::open, {std::move(found)}, connect ? Confidence::certain : Confidence::strong};
}

/// Raw probes are answered and the application's own SYN is not, however often it is repeated.
Finding intermittent(const Case& the_case, const Accepted& accepted) {
  const auto& connect = *the_case.run.connect;
  auto limit = on_destination(Mechanism::rate_limit, the_case, accepted,
                              "the rules on the host or before it that count new connections");
  const auto tries = the_case.kernel_syn ? the_case.kernel_syn->left.size() : 0;
  limit.because.push_back(
      {fmt::format("An ordinary connect() to the same port was {} ({} SYN{}).",
                   connect.ended ? "refused" : "not answered", tries, tries == 1 ? "" : "s"),
       the_case.kernel_syn ? the_case.kernel_syn->left : std::vector<FrameId>{}});
  return {Outcome::intermittent, {std::move(limit)}, Confidence::weak};
}

Finding after_handshake(const Case& the_case, const Accepted& accepted) {
  const auto& connect = the_case.run.connect;
  if (!connect) return open(the_case, accepted);
  if (auto finding = reset_by_another(the_case, accepted)) return *finding;
  if (connect->error == ECONNRESET && own_syn_ack(the_case))
    return closed_early(the_case, accepted);
  if (!connect->ended || connect->error != 0) return intermittent(the_case, accepted);
  const auto service = known_service(the_case.run.goal.target.port);
  const bool speaks_first = service && service->speaks_first;
  const bool greeted =
      connect->spoke && (!service || connect->greeting.starts_with(service->greeting));
  const bool refused = connect->spoke && is_refusal(the_case, connect->greeting);
  // Who is turned away in words is not let in, even where the end that follows got lost.
  if (refused || (connect->closed && !greeted)) return closed_early(the_case, accepted);
  if (speaks_first && !connect->spoke) return silent_service(the_case, accepted);
  return open(the_case, accepted);
}

}  // namespace

std::optional<Finding> judge_accepted(const Case& the_case) {
  const auto accepted = accepted_of(the_case);
  if (!accepted) return {};
  auto finding = after_handshake(the_case, *accepted);
  if (const auto where = proxy_place(the_case, *accepted)) {
    finding.explanations = {proxy(the_case, *accepted, *where)};
    finding.confidence = Confidence::strong;
  }
  return finding;
}

}  // namespace hopblame
