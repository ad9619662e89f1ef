#include "analysis/compare/causes.hpp"

#include <algorithm>

#include "analysis/compare/finding.hpp"
#include "analysis/compare/on_the_way.hpp"

namespace hopblame::compare {
namespace {

class Judge : OnTheWay {
 public:
  Judge(const AttemptFinding& finding, const Comparison& comparison, const Endpoint& target,
        const Analysis& alone)
      : OnTheWay(finding, comparison, target, alone) {}

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

  /// The second capture was taken on the way: what passed there came from beyond, or was made
  /// there. Where the client's capture alone shows no fault, it is what both show.
  void beyond() {
    if (alone_.verdict.outcome != Outcome::open || finding_.outcome == Outcome::open)
      return from_beyond();
    by_finding();
    move_beyond();
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
            "the host that has forgotten it, or a machine that has started anew.");
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
    if (known.empty() && !finding_.rejected_beyond) return made_on_way(M::icmp_reject_router);
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
};

}  // namespace

Cause cause_of(const AttemptFinding& finding, const Comparison& comparison, const Endpoint& target,
               const Analysis& alone) {
  return Judge(finding, comparison, target, alone).take();
}

}  // namespace hopblame::compare
