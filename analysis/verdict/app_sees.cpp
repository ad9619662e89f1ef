#include "analysis/verdict/app_sees.hpp"

#include <cerrno>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/path/rejection.hpp"
#include "analysis/verdict/rejected.hpp"

namespace hopblame {
namespace {

/// Where it does not end connect() at once, the one to the next SYN does, a second later.
constexpr Duration ends_connect = std::chrono::milliseconds(1500);

/// The message that ends a connect() of IPv4 at once, or a second later, came to this machine and
/// did not end it: something here keeps it away.
bool was_told_and_waits(const Case& the_case) {
  if (the_case.owner().family == Family::ipv6 || !the_case.run.connect) return false;
  if (!connect_left(the_case)) return false;
  const auto& replies = the_case.kernel_syn->replies;
  return !replies.empty() && replies.front().kind == ReplyKind::icmp_error &&
         waited_until(the_case.run) - replies.front().at > ends_connect;
}

/// What was to end connect() comes in and does not reach it.
bool is_kept_away(const Finding& finding) {
  const auto& found = finding.explanations;
  const bool told = finding.outcome == Outcome::rejected || finding.outcome == Outcome::unreachable;
  return lists(found, Mechanism::local_input_filter) ||
         (told && lists(found, Mechanism::answer_lost));
}

/// Linux asks for a neighbour three times, a second apart, and tells a second later.
constexpr Duration neighbour_gives_up = std::chrono::milliseconds(3500);

/// How connect() ends where the neighbour is not found. The kernel tells by ICMP to its own
/// address, which it cannot do where that is link-local in IPv6 (measured).
std::optional<int> end_without_neighbour(const Case& the_case) {
  const auto& local = the_case.run.facts.vantage.local;
  if (local.family == Family::ipv6 && local.is_link_local()) return ETIMEDOUT;
  const auto& connect = the_case.run.connect;
  const bool untold = connect && waited_until(the_case.run) - connect->at > neighbour_gives_up;
  return untold ? std::nullopt : std::optional(EHOSTUNREACH);
}

std::optional<int> inferred(const Case& the_case, const Finding& finding) {
  const bool called = the_case.run.connect && connect_left(the_case);
  if (called && is_kept_away(finding)) return ETIMEDOUT;
  switch (finding.outcome) {
    case Outcome::open:
    case Outcome::silent_service:
    case Outcome::closed_early: return 0;
    case Outcome::refused: return ECONNREFUSED;
    // Too few hops are given to it: the router where it ends may yet say so.
    case Outcome::dropped:
      return lists(finding.explanations, Mechanism::local_route) ? std::nullopt
                                                                 : std::optional(ETIMEDOUT);
    case Outcome::local: {
      const auto error = the_case.run.facts.vantage.route_error;
      if (error != 0) return error;
      // A rule of IPv6 that rejects is heard of when the SYN is sent again only.
      const bool v6 = the_case.owner().family == Family::ipv6;
      if (v6 && the_case.run.connect && lists(finding.explanations, Mechanism::local_output_filter))
        return {};
      // A link without carrier ends connect() like a neighbour that is not found (measured).
      const auto found = finding.explanations.front().mechanism;
      const bool no_way_on =
          found == Mechanism::local_neighbour || found == Mechanism::local_interface;
      // Where nobody is asked for a hardware address nobody is missed (measured, tun).
      const bool asks = !the_case.run.facts.vantage.point_to_point;
      return no_way_on && asks ? EHOSTUNREACH : ETIMEDOUT;
    }
    case Outcome::rejected:
    case Outcome::unreachable: {
      if (was_told_and_waits(the_case)) return ETIMEDOUT;
      const auto rejection = deciding_rejection(the_case);
      if (!rejection)  // ARP that fails on this link, or a loop
        return lists(finding.explanations, Mechanism::host_down) ? end_without_neighbour(the_case)
                                                                 : EHOSTUNREACH;
      if (is_of_no_socket(*rejection->exchange, *rejection->reply)) return ETIMEDOUT;
      // In somebody else's capture the port was asked as long as it was asked, and told nothing.
      if (is_foreign(the_case.run) && rejection->exchange->spec.question.aim == Aim::control)
        return ETIMEDOUT;
      const auto& reply = *rejection->reply;
      return icmp_errno(reply.from.family, reply.icmp->type, reply.icmp->code);
    }
    default: return {};
  }
}

}  // namespace

AppSees app_sees(const Case& the_case, const Finding& finding) {
  const auto& connect = the_case.run.connect;
  if (connect && connect->ended) {
    if (connect->error == 0 && connect->closed && connect->close_error != 0)
      return {connect->close_error, false};
    return {connect->error, false};
  }
  return {inferred(the_case, finding), true};
}

}  // namespace hopblame
