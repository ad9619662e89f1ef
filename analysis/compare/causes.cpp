#include "analysis/compare/causes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/finding.hpp"
#include "analysis/compare/lost_request.hpp"

namespace hopblame::compare {
namespace {

class Judge : LostRequest {
 public:
  Judge(const AttemptFinding& finding, const Comparison& comparison, const Endpoint& target,
        const Analysis& alone)
      : LostRequest(finding, comparison, target, alone) {}

  Cause take() && {
    decide();
    const bool known = cause_.explanations.empty() || lists(cause_.explanations, M::port_forward);
    if (says_the_server_did(finding_) && inner_host() && !known) forwarded();
    return std::move(cause_);
  }

 private:
  void decide() {
    if (finding_.held) return held();
    if (finding_.spoiled) return spoiled_on_way();
    if (comparison_.midway && says_the_server_did(finding_)) return beyond();
    if (client_is_midway() && blames_client()) return before_capture();
    by_finding();
  }

  void by_finding() {
    switch (finding_.finding) {
      case Finding::request_lost: return request_lost();
      case Finding::answer_lost:
        if (finding_.perhaps_heard) return perhaps_heard();
        if (finding_.told) return told();
        return lost(M::answer_lost,
                    "counters and logs of the devices on "
                    "the way back: who drops the answer?");
      case Finding::answer_misaddressed: return misaddressed();
      case Finding::older_connection:
        return lost(
            M::filter_drop,
            "stateful rules on the way there that drop a RST as invalid: which one counts?");
      case Finding::data_lost:
        if (finding_.too_big) return unheeded();
        if (finding_.told) return finding_.way == Way::back ? told() : rejected();
        return data_lost();
      case Finding::unanswered: return host_drops();
      case Finding::refused_by_server:
        at_host({M::closed_port, M::host_firewall_reset},
                "on the server: does `ss -ltn` show a listener on the port?");
        // The client's handshake was with another: no second witness speaks of the server.
        if (finding_.stranger) blame(host(), Confidence::strong);
        return;
      case Finding::rejected_by_server:
        return at_host({M::icmp_reject_host}, "on the server: its firewall rules for the port");
      case Finding::closed_by_server:
        if (!finding_.bare) return at_host({M::accept_then_close}, "the log of the service");
        at_host({M::accept_then_close, M::host_firewall_reset},
                "the log of the service; the rules on the host that reject with a reset, and their "
                "idle limits");
        return also(
            "Its RST acknowledges nothing, as of who knows of no connection: a stateful rule of "
            "the "
            "host that has forgotten it, or a machine that has started anew.");
      case Finding::turned_away:
        return at_host({*finding_.told},
                       "what the service says itself, see the banner; its limits and its log");
      case Finding::answered_late: return came_late();
      case Finding::translated_anew: return forgotten();
      case Finding::server_silent: return says_nothing();
      case Finding::data_ignored:
        if (finding_.way == Way::back) return at_client();
        if (finding_.told)
          return at_host({*finding_.told}, "on the server: its firewall rules for the port");
        at_host({M::data_blocked},
                finding_.shut
                    ? "on the server: what does the program that listens wait for? `ss -tnp` shows "
                      "its Recv-Q full"
                    : "on the server: its firewall rules for established connections, and what the "
                      "program that listens waits for");
        return blame(host(), Confidence::strong);
      case Finding::answer_ignored: return at_client();
      case Finding::reset_instead: return made_on_way(M::middlebox_reset);
      case Finding::reset_injected: return made_on_way(M::injected_reset);
      case Finding::answer_invented: return proxied();
      case Finding::rejected_on_way: return rejected();
      case Finding::answered: return all_is_well();
      case Finding::not_covered:
      case Finding::not_shown:
      case Finding::unclear: return alone_says();
    }
  }

  /// The second capture was taken on the way: what passed there came from beyond, or was made
  /// there.
  void beyond() {
    if (alone_.verdict.outcome == Outcome::open && finding_.outcome != Outcome::open)
      return fault_beyond();
    alone_says_too();
    leave_out_before_capture();
    auto& where = cause_.culprit.where;
    if (where.kind == CulpritKind::destination && !finding_.passed) where = Where{};
    cause_.culprit.confidence = std::min(cause_.culprit.confidence, Confidence::strong);
  }

  /// The first capture was taken on the way too: what came there and not to the client got lost
  /// between those, or the client does not take it.
  void before_capture() {
    if (finding_.finding == Finding::answer_ignored) return alone_says_too();
    const Where before{CulpritKind::unknown, {}, std::uint8_t{0}, {}};
    const auto settle = "a capture on the client at the same time: does this arrive there?";
    add(M::data_blocked, before, settle);
    also(
        "The first capture was not taken on the client: they are lost on their way from there to "
        "it, or its acknowledgments on their way back.");
    add(M::local_input_filter, this_host, "the client's own firewall: `nft list ruleset`", 2);
    cause_.outcome = Outcome::silent_service;
    blame(before, Confidence::strong);
  }

  /// What comes spoiled through the router of the second capture was so before.
  void spoiled_on_way() {
    spoiled();
    const bool before = finding_.sent_spoiled && finding_.way == Way::back && comparison_.midway;
    if (!before) return;
    const Where beyond{CulpritKind::unknown, first_beyond(), {}, {}};
    cause_.explanations.front().where = beyond;
    blame(beyond, Confidence::strong);
  }

  /// By the hop limits the second capture is on the link before that hop, or at it.
  [[nodiscard]] std::optional<std::uint8_t> first_beyond() const {
    if (!comparison_.distance) return {};
    return static_cast<std::uint8_t>(*comparison_.distance - (comparison_.forwards ? 0 : 1));
  }

  /// The client's capture alone shows none: it is what both show, at the server or on the way to
  /// it.
  void fault_beyond() {
    by_finding();
    const Where beyond{CulpritKind::unknown, first_beyond(), {}, {}};
    for (auto& explanation : cause_.explanations)
      if (explanation.where.kind == CulpritKind::destination) explanation.where = beyond;
    blame(beyond, Confidence::strong);
  }

  /// Up to there the way was open.
  void leave_out_before_capture() {
    if (!comparison_.distance) return;
    const auto from = *first_beyond();
    const auto lies_before = [&](const Explanation& explanation) {
      return explanation.where.last_hop && *explanation.where.last_hop < from;
    };
    if (std::ranges::all_of(cause_.explanations, lies_before)) return;
    std::erase_if(cause_.explanations, lies_before);
    for (auto& explanation : cause_.explanations) begin_at(explanation.where, from);
    begin_at(cause_.culprit.where, from);
  }

  static void begin_at(Where& where, std::uint8_t hop) {
    if (where.first_hop && (!where.last_hop || *where.last_hop >= hop))
      where.first_hop = std::max(*where.first_hop, hop);
  }

  /// By the router where the second capture was taken.
  void held() {
    const auto hop = comparison_.distance;
    const Where router{CulpritKind::router, hop, hop, hop ? address_of(*hop) : std::nullopt};
    add(M::filter_drop, router,
        "the rule counters of the router where the second capture was taken: which one counts?");
    blame(router, Confidence::strong);
  }

  void data_lost() {
    if (finding_.half_made) return half_made();
    if (!finding_.small_lost)
      return lost(M::data_blocked,
                  "a ping with large packets and the don't-fragment bit: does the path take them?");
    lost(M::data_blocked,
         "the connection tables and the inspection of the devices between: which one has cut or "
         "forgotten the connection?");
    if (is_translated())
      also(
          "Something between the two translates the client's address (NAT): that forgets "
          "connections on which nothing is said for long, and then drops what follows.",
          translated());
  }

  /// Of the changed address, the packets that show it.
  [[nodiscard]] std::vector<Met> translated() const {
    std::vector<Met> shown;
    for (const auto& rewrite : comparison_.rewrites)
      if (rewrite.field == Field::source_address && rewrite.way == Way::there)
        shown.push_back({rewrite.client, rewrite.server});
    return shown;
  }

  /// Both captures show it, so somebody between them translated it and did not undo that.
  void misaddressed() {
    add(M::answer_lost, between(),
        "the address translation (NAT) of the devices on the way back: which one rewrites the "
        "sender?");
    blame(between(), Confidence::certain);
  }

  /// It may be the server, or a router before it: what comes from there would have told.
  [[nodiscard]] Where from_capture_on() const {
    return {CulpritKind::unknown, comparison_.distance, {}, {}};
  }

  [[nodiscard]] Where host_or_beyond() const {
    auto where = host();
    where.last_hop.reset();
    return where;
  }

  void host_drops() {
    const bool segments_pass =
        std::ranges::any_of(alone_.verdict.explanations, [](const Explanation& explanation) {
          return explanation.mechanism == M::syn_filter && explanation.rank == 1;
        });
    const auto settle =
        "on the server: its firewall rules, `ss -ltn` (Recv-Q above Send-Q: the "
        "queue is full), `nstat -az TcpExtListenDrops`";
    const auto where = finding_.mute ? from_capture_on() : host();
    add(segments_pass ? M::syn_filter : M::filter_drop, where, settle);
    add(M::accept_queue_full, finding_.mute ? host_or_beyond() : host(), settle);
    add(M::port_forward, finding_.mute ? host_or_beyond() : host(),
        "the port forwarding (DNAT) rules on the server: to which host or container does the port "
        "go, and is that alive?",
        2);
    // The client's handshake was with another.
    if (finding_.stranger) return blame(host(), Confidence::strong);
    if (finding_.mute) return nothing_comes_back(settle);
    const bool hears_answers = comparison_.at_server.back.service;
    if (comparison_.server_limit && !hears_answers)
      add(M::answer_lost, between(),
          "a capture on the server without a filter: does an answer leave?", 2);
    if (comparison_.server_limit) return blame(host(), Confidence::certain);
    // Nothing shows that what the server sends to this client leaves where the capture was made.
    add(M::host_silent, host(), settle);
    add(M::answer_lost, between(),
        "a capture on all interfaces of the server: does an answer leave?", 2);
    blame(host(), Confidence::strong);
  }

  /// Who holds clients up takes no request; a program that hangs has its kernel take it.
  void says_nothing() {
    const auto settle =
        "on the server: is the program that listens alive, and what does it wait for?";
    const std::initializer_list<M> both = {M::tarpit, M::data_blocked};
    at_host(both, settle);
    if (!finding_.asked || cause_.explanations.size() < both.size()) return;
    std::ranges::reverse(cause_.explanations);
    cause_.explanations.back().rank = 2;
  }

  /// Silence, or answers that leave by another way or that the capture does not show.
  void nothing_comes_back(const char* settle) {
    add(M::host_silent, host_or_beyond(), settle);
    add(M::answer_lost, between(),
        "a capture without a filter, on all interfaces of the server: does an answer leave?",
        finding_.leaves_out ? 1 : 2);
    if (finding_.leaves_out) return blame(Where{}, Confidence::weak);
    blame(from_capture_on(), Confidence::strong);
  }

  void at_host(std::initializer_list<M> mechanisms, const Text& settled_by) {
    for (const auto mechanism : mechanisms)
      if (!ruled_out(mechanism, mechanisms)) add(mechanism, host(), settled_by);
    blame(host(), Confidence::certain);
  }

  /// That is no guess: what is left is that the rule leads to the wrong place.
  void forwarded() {
    const auto inner = *inner_host();
    const auto shown =
        fmt::format("The captures show that {} port {} is passed on to {} port {}.",
                    to_string(target_.address), target_.port, to_string(inner.address), inner.port);
    also(shown);
    const Where outer{CulpritKind::destination, {}, comparison_.server_distance(), target_.address};
    add(M::port_forward, outer,
        fmt::format("the port forwarding (DNAT) rules of {}: is {} port {} the right place for "
                    "port {}?",
                    to_string(target_.address), to_string(inner.address), inner.port, target_.port),
        2);
    cause_.explanations.back().because.clear();
    also(shown);
  }

  /// A run of ours tells some of them apart; it may only choose among those that fit both captures.
  [[nodiscard]] bool ruled_out(M mechanism, std::initializer_list<M> mechanisms) const {
    const auto judged = [&](M wanted) {
      return std::ranges::any_of(alone_.verdict.explanations, [&](const Explanation& explanation) {
        return explanation.mechanism == wanted;
      });
    };
    return std::ranges::any_of(mechanisms, judged) && !judged(mechanism);
  }

  void at_client() {
    add(M::local_input_filter, this_host, "the client's own firewall: `nft list ruleset`");
    blame(this_host, Confidence::strong);
  }

  /// Who answers in the server's name and hands on the client's own SYN lets the connection pass;
  /// else he makes one himself, unless there is nothing behind.
  void proxied() {
    const bool works = finding_.outcome == Outcome::open, passes = !finding_.server_packets.empty();
    made_on_way(works && !passes ? M::transparent_proxy : M::syn_proxy);
    if (passes) cause_.culprit.confidence = std::min(cause_.culprit.confidence, Confidence::strong);
    if (works || passes) return;
    const auto& first = cause_.explanations.front();
    add(M::transparent_proxy, Where(first.where), first.settled_by.str());
  }

  /// The message names who sent it, unless that is the server, which did not.
  void rejected() {
    if (finding_.stranger_address == target_.address) return made_on_way(M::icmp_reject_router);
    const auto& known = alone_.verdict.explanations;
    if (known.empty()) return made_on_way(M::icmp_reject_router);
    if (std::ranges::none_of(known, is_told)) return told();
    alone_says_too();
    cause_.outcome.reset();
  }

  static bool is_told(const Explanation& explanation) {
    switch (explanation.mechanism) {
      case M::icmp_reject_host:
      case M::icmp_reject_router:
      case M::no_route:
      case M::route_prohibited:
      case M::routing_loop:
      case M::host_down: return true;
      default: return false;
    }
  }

  void all_is_well() {
    Where nobody;
    nobody.kind = CulpritKind::none;
    add(M::listening, host(), "");
    blame(nobody, Confidence::certain);
  }

  void alone_says_too() {
    alone_says();
    cause_.outcome = alone_.verdict.outcome;
    for (auto& explanation : cause_.explanations)
      explanation.because.push_back({finding_.text + server_citation(), finding_.client_packets});
  }

  void alone_says() {
    cause_.explanations = alone_.verdict.explanations;
    cause_.culprit = alone_.verdict.culprit;
  }
};

}  // namespace

Cause cause_of(const AttemptFinding& finding, const Comparison& comparison, const Endpoint& target,
               const Analysis& alone) {
  return Judge(finding, comparison, target, alone).take();
}

}  // namespace hopblame::compare
