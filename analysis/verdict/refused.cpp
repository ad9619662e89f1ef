#include "analysis/verdict/refused.hpp"

#include <algorithm>
#include <cerrno>
#include <functional>

#include "analysis/path/distance.hpp"
#include "analysis/verdict/answered_nearby.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/reset_causes.hpp"
#include "analysis/verdict/reset_witnesses.hpp"
#include "analysis/verdict/tries.hpp"

namespace hopblame {
namespace {

/// On the host: its own stack or a rule in front of it.
std::vector<Explanation> on_host(const Case& the_case, const Resets& resets, const Where& where) {
  if (resets.marked) return list_of(closed_port(the_case, resets, where));
  const bool host_would_mark = the_case.host.echoes_class && !resets.mark_lost && !resets.forwarded;
  const bool filter = host_would_mark || resets.first.reply->traffic_class == pf_class;
  if (filter) return list_of(host_firewall(the_case, resets, where));
  return list_of(closed_port(the_case, resets, where), host_firewall(the_case, resets, where));
}

/// The RST came back over as few routers as the messages of a hop before the end, which lets the
/// SYN pass when it dies there, as a rule does that rejects while forwarding. It bears no stack's
/// mark.
std::optional<Where> rule_before_end(const Case& the_case, const Resets& resets) {
  const auto& fitting = resets.place.fitting;
  const auto last = resets.place.last;
  if (resets.marked || !resets.place.walked || fitting.empty() || fitting.front() >= *last)
    return {};
  const auto end = std::ranges::lower_bound(fitting, *last);
  return within(the_case, fitting.front(), *std::prev(end));
}

/// On the host behind the owner of the address, of whose own stack nothing is known; or on a device
/// between the two, or the owner itself.
std::vector<Explanation> behind_forward(const Case& the_case, const Resets& resets) {
  auto where = at_destination(the_case, resets.place.last);
  auto explanations = on_host(the_case, resets, where);
  explanations.push_back(reset_behind_forward(the_case, resets, where));
  const auto before = rule_before_end(the_case, resets);
  if (!before) return explanations;
  // Then a host there must have a shorter way back than its place tells.
  if (resets.place.fitting.back() < *resets.place.last)
    for (auto& other : explanations) other.rank = 2;
  explanations.insert(explanations.begin(), middlebox(the_case, resets, *before));
  return explanations;
}

/// Whoever leaves all else unanswered may be a device on the way as well as the host; not on the
/// own link, which only a bridge could watch.
bool may_answer_no_other(const Case& the_case, std::uint8_t hop) {
  const bool on_link = hop == 1 && !the_case.run.facts.vantage.gateway;
  return !on_link &&
         the_case.control.steps.find(full_hop_limit.value) != the_case.control.steps.end();
}

/// Nothing else is known of the host: the walk and the way back must do.
std::vector<Explanation> without_host(const Case& the_case, const Resets& resets) {
  const auto exact = resets.place.exact();
  const auto end = resets.place.last;
  if (exact && end && *exact < *end && !resets.marked) {
    // A host without Linux's mark whose answers take a shorter way back would look the same.
    auto host = closed_port(the_case, resets, at_destination(the_case, end));
    host.rank = 2;
    return list_of(middlebox(the_case, resets, at_hop(the_case, CulpritKind::router, *exact)),
                   std::move(host));
  }
  // Somebody passes other probes on at the very distance where this flow ends: not the host.
  const bool router_there = end && the_case.control.time_exceeded_at(*end) != nullptr;
  if (exact && router_there)
    return list_of(middlebox(the_case, resets, at_hop(the_case, CulpritKind::router, *exact)));
  auto explanations = on_host(the_case, resets, at_destination(the_case, end ? end : exact));
  if (resets.marked) return explanations;  // no rule copies the mark
  auto box = middlebox(the_case, resets, within(the_case, resets.place.first, end));
  if (exact) box.where = at_hop(the_case, CulpritKind::router, *exact);
  if (exact && !may_answer_no_other(the_case, *exact)) box.rank = 2;
  if (exact && box.rank == 1) box.where = {CulpritKind::unknown, exact, exact, {}};
  explanations.push_back(std::move(box));
  return explanations;
}

/// What no rule of Linux answers, a wrong checksum, a box without an address may: on the link
/// before that router it meets the same probes, and its RST passes as many routers.
Where box_by_way_back(const Case& the_case, const Resets& resets, std::uint8_t hop) {
  const bool before_count = resets.place.last == hop && hop > 1;
  if (resets.unverified && before_count)
    return within(the_case, static_cast<std::uint8_t>(hop - 1), hop);
  return at_hop(the_case, CulpritKind::router, hop);
}

/// Where nothing but ping speaks for the host (its way back may be another one than TCP's), or it
/// need not be one machine.
void add_host(std::vector<Explanation>& found, const Case& the_case, const Resets& resets,
              unsigned rank) {
  for (auto& other : on_host(the_case, resets, at_destination(the_case, resets.place.last))) {
    other.rank = rank;
    found.push_back(std::move(other));
  }
}

/// A flow to the control port was answered from as far away as the port: another machine behind the
/// address may stand there. Or a flow to the port from as far as the host: the way back of its
/// answers goes by the flow.
bool comes_like_other_flow(const Case& the_case, const Resets& resets) {
  const auto comes_as = [](HopLimit limit) {
    return [=](const Reply* reply) { return reply->hop_limit == limit; };
  };
  const auto of_host = comes_as(the_case.host.witness->hop_limit);
  return std::ranges::any_of(control_resets(the_case), comes_as(resets.first.reply->hop_limit)) ||
         std::ranges::any_of(resets.all, of_host, &Reset::reply);
}

std::vector<Explanation> elsewhere(const Case& the_case, const Resets& resets) {
  const auto exact = resets.place.exact();
  const auto& host = the_case.host;
  if (exact && (!host.distance || *exact < *host.distance)) {
    auto found = list_of(middlebox(the_case, resets, box_by_way_back(the_case, resets, *exact)));
    // A stack made it: that of a router which takes the port to itself, or the host's own on a path
    // of another length.
    if (resets.marked)
      found.push_back(closed_port(the_case, resets, at_destination(the_case, resets.place.last)));
    else if (!host.distance || (the_case.divided && !the_case.target.time_exceeded_at(*exact)))
      add_host(found, the_case, resets, 2);
    else if (comes_like_other_flow(the_case, resets))
      add_host(found, the_case, resets, 1);
    return found;
  }
  const auto received = resets.first.reply->hop_limit;
  if (exact && could_come_over(received, return_hops(host.witness->hop_limit))) {
    // The host's own place, another initial hop limit: a rule on it or a box right before it.
    auto found = list_of(host_firewall(the_case, resets, at_destination(the_case, host.distance)));
    if (resets.marked || resets.place.first == *exact) return found;
    found.push_back(middlebox(the_case, resets, within(the_case, resets.place.first, exact)));
    if (!resets.unverified) return found;
    std::ranges::reverse(found);  // no rule of Linux answers a wrong checksum
    found.back().rank = 2;
    return found;
  }
  const auto last = last_hop_of(the_case, resets.place, received);
  auto box =
      middlebox(the_case, resets, within(the_case, exact.value_or(resets.place.first), last));
  // The way back of the host's own answers: the port's flow may take a shorter way to it. A stack's
  // mark besides leaves a device only that takes the connection to itself.
  const bool like_host = comes_like_other_flow(the_case, resets);
  if (like_host && resets.marked) {
    auto found =
        list_of(closed_port(the_case, resets, at_destination(the_case, resets.place.last)));
    box.rank = 2;
    found.push_back(std::move(box));
    return found;
  }
  auto found = list_of(std::move(box));
  if (like_host || !host.distance)
    add_host(found, the_case, resets, like_host || resets.marked ? 1 : 2);
  return found;
}

/// A stack's own RST was drawn by a probe that went so far and no farther, whatever the other flow
/// lost on its walk.
std::optional<std::uint8_t> end_of_walks(const Case& the_case, const Resets& resets) {
  const auto &host = the_case.host.distance, &own = resets.place.last;
  if (!host || !own) return host ? host : own;
  if (the_case.port_goes_farther()) return own;
  return resets.marked ? std::min(*host, *own) : *host;
}

/// The end of the walks; when the hop before it never answered and the way back speaks for a nearer
/// one, the answers of the true end may have been lost: both then bound the place.
Where host_place(const Case& the_case, const Resets& resets) {
  const auto distance = end_of_walks(the_case, resets);
  auto where = at_destination(the_case, distance);
  if (!distance || *distance < 2) return where;
  if (the_case.time_exceeded_at(static_cast<std::uint8_t>(*distance - 1))) return where;
  const auto guess = guessed_distance(resets.first.reply->hop_limit);
  const auto passed = the_case.target.last_passed().value_or(0);
  if (guess > passed && guess < *distance) where.first_hop = guess;
  return where;
}

/// The way back is no witness for the host where a router before it has just as long a one: answers
/// of the host that come over other routers make it so. Without the mark it may be either's, and
/// that of a mute router: from nearer than the first probe that draws one. So is the host's, by
/// loss.
std::vector<Explanation> on_host_or_before(const Case& the_case, const Resets& resets) {
  const auto where = host_place(the_case, resets);
  auto found = on_host(the_case, resets, where);
  if (resets.marked || !where.first_hop) return found;
  const auto& fitting = resets.place.fitting;
  const auto end = std::ranges::lower_bound(fitting, *where.last_hop);
  if (end == fitting.begin()) return found;
  auto box = middlebox(the_case, resets, within(the_case, fitting.front(), *std::prev(end)));
  const bool lossy = at_destination(the_case, where.last_hop).first_hop < where.last_hop;
  const bool mute = fitting.front() >= *where.first_hop;
  if (lossy && mute) box.rank = 2;
  found.insert(mute && !lossy ? found.begin() : found.end(), std::move(box));
  return found;
}

/// Hop limits tell nothing: without the mark of a stack a rule on the host and one on the way fit.
std::vector<Explanation> anywhere(const Case& the_case, const Resets& resets) {
  auto found = on_host(the_case, resets, at_destination(the_case, resets.place.last));
  if (!resets.marked)
    found.push_back(
        middlebox(the_case, resets, within(the_case, resets.place.first, resets.place.last)));
  return found;
}

/// It looks like the host's, but a SYN with a wrong checksum got it too: a transparent device right
/// before the host. A host whose network card or driver vouches for every checksum is rarer.
std::vector<Explanation> before_host(const Case& the_case, const Resets& resets,
                                     const Where& on_path) {
  auto found = list_of(middlebox(the_case, resets, on_path));
  found.push_back(host_firewall(the_case, resets, host_place(the_case, resets)));
  found.back().rank = 2;
  return found;
}

/// Injectors write any window; small stacks (lwIP) leave theirs in a RST, also in that of another
/// closed port.
std::vector<Explanation> with_window(const Case& the_case, const Resets& resets,
                                     const Where& on_path) {
  auto found = list_of(injected(the_case, resets, on_path));
  const bool host_fits = !the_case.host.witness || resets.like_host;
  if (host_fits && control_resets(the_case).empty())
    found.push_back(closed_port(the_case, resets, at_destination(the_case, resets.place.last)));
  return found;
}

/// Nothing but the way back of the RST is known: whoever is so many hops away may have sent it.
bool says_nothing_of_whom(const Case& the_case, const Resets& resets) {
  return !resets.place.walked && !the_case.host.witness &&
         !the_case.run.facts.vantage.target_is_local;
}

std::vector<Explanation> suspects(const Case& the_case, const Resets& resets) {
  if (the_case.answered_nearby) return refused_beyond(the_case, resets);
  const auto& host = the_case.host;
  const auto end = resets.place.last;
  // A box in the path cannot stand behind the host it speaks for, however late its RST gets back.
  const auto farthest = host.distance && (!end || *end > *host.distance) ? host.distance : end;
  const auto on_path = within(the_case, resets.place.first, farthest);
  if (resets.raced) return list_of(injected(the_case, resets, on_path));
  if (resets.odd_window) return with_window(the_case, resets, on_path);
  if (resets.place.copied) {
    return list_of(middlebox(the_case, resets, on_path), injected(the_case, resets, on_path));
  }
  if (the_case.run.facts.vantage.target_is_local)
    return on_host(the_case, resets, at_destination(the_case, 0));
  if (the_case.hop_limits_rewritten()) return anywhere(the_case, resets);
  if (resets.forwarded) return behind_forward(the_case, resets);
  if (resets.like_host && resets.unverified && !resets.marked)
    return before_host(the_case, resets, on_path);
  if (resets.like_host) return on_host_or_before(the_case, resets);
  if (says_nothing_of_whom(the_case, resets)) return anywhere(the_case, resets);
  if (!host.witness) return without_host(the_case, resets);
  return elsewhere(the_case, resets);
}

/// Every SYN, connect()'s too, met the same answer, from as far away.
bool is_unanimous(const Case& the_case, const Resets& resets) {
  const auto tally = tally_of(the_case, Aim::target);
  const auto comes_as_first = [&](const Reset& reset) {
    return reset.reply->hop_limit == resets.first.reply->hop_limit;
  };
  if (!std::ranges::all_of(resets.all, comes_as_first)) return false;
  const auto& connect = the_case.run.connect;
  const bool connect_agrees = !connect || !connect->ended || connect->error == ECONNREFUSED;
  return connect_agrees && tally.silent == 0 && tally.accepted == 0;
}

/// That the mark comes back is a stack's echo only where a RST to a SYN without it comes without:
/// else the path may write it.
bool is_echo_tested(const Resets& resets) {
  if (has_label(*resets.first.reply)) return true;
  return std::ranges::any_of(resets.all, [](const Reset& reset) {
    return reset.exchange->spec.traffic_class != probe_traffic_class &&
           reset.reply->traffic_class != probe_traffic_class;
  });
}

/// Nothing else speaks for the host, and a device on the way is as likely.
bool may_be_box_or_host(const Case& the_case, const std::vector<Explanation>& found) {
  const auto is_likely_box = [](const Explanation& one) {
    return one.mechanism == Mechanism::middlebox_reset && one.rank == 1;
  };
  return !the_case.host.witness && found.front().where.kind == CulpritKind::destination &&
         std::ranges::any_of(found, is_likely_box);
}

/// Certain only for the host's own stack: the walk, the way back (of the control port and of ping)
/// and the mark are independent and agree. A device on the way is known by two witnesses that
/// asymmetric ways back or a chosen initial hop limit could fool together.
Confidence sure(const Case& the_case, const Resets& resets, const std::vector<Explanation>& found) {
  const auto& where = found.front().where;
  if (where.kind == CulpritKind::unknown || says_nothing_of_whom(the_case, resets) ||
      may_be_box_or_host(the_case, found))
    return Confidence::weak;
  if (found.size() != 1 || found.front().mechanism != Mechanism::closed_port)
    return Confidence::strong;
  if (!is_unanimous(the_case, resets)) return Confidence::strong;
  if (the_case.run.facts.vantage.target_is_local) return Confidence::certain;
  const auto& host = the_case.host;
  const auto end = resets.place.last;
  if (!end || host.distance != end || !resets.like_host || resets.place.samples < 2)
    return Confidence::strong;
  const bool on_link = !the_case.run.facts.vantage.gateway;
  // Time exceeded from right before the host: neither a lost answer nor a new hop limit has moved
  // its place. An address that is not on this link and answers at hop 1 may be a box that answers
  // for everybody.
  const bool tight =
      *end == 1 ? on_link : the_case.right_behind_the_hop_before(*end, *resets.first.reply);
  const bool echo_agrees = host.echo && host.echo->hop_limit == resets.first.reply->hop_limit;
  const bool class_echoed = resets.marked && is_echo_tested(resets) &&
                            resets.first.reply->traffic_class == probe_traffic_class;
  return tight && echo_agrees && class_echoed ? Confidence::certain : Confidence::strong;
}

/// What makes RSTs without a flow label comes before what gives them one.
bool is_of_rule(const Explanation& one) { return one.mechanism != Mechanism::closed_port; }

/// What meets RSTs is not what programs meet.
bool is_served(const Case& the_case) {
  const auto& connect = the_case.run.connect;
  const bool spoke = connect && connect->error == 0 && connect->spoke && !connect->closed;
  return spoke && the_case.kernel_syn != nullptr;  // of all SYNs that are judged here
}

}  // namespace

std::optional<Finding> judge_refused(const Case& the_case) {
  const auto resets = gather_resets(the_case);
  if (resets.all.empty()) return {};
  Finding finding{Outcome::refused, suspects(the_case, resets), Confidence::weak};
  if (lacks_label(the_case, resets))
    std::ranges::stable_sort(finding.explanations, std::greater<>(), is_of_rule);
  finding.confidence = sure(the_case, resets, finding.explanations);
  if (is_served(the_case)) {
    finding.outcome = Outcome::intermittent;
    finding.confidence = Confidence::weak;
  }
  return finding;
}

}  // namespace hopblame
