#include "src/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/report/document.hpp"
#include "src/report/knowledge.hpp"

namespace hopblame {
namespace {

std::string responder_text(const Path& path, std::uint8_t distance) {
  for (const Hop& hop : path.hops)
    if (hop.distance == distance && !hop.responders.empty())
      return to_string(hop.responders.front().address);
  const auto asked = [&](const Hop& hop) { return hop.distance == distance && hop.asked > 0; };
  return std::ranges::any_of(path.hops, asked) ? "no answer" : "not asked";
}

std::string hop_text(const Path& path, std::uint8_t distance) {
  if (distance == 0) return "this machine";
  return "hop " + std::to_string(distance) + " (" + responder_text(path, distance) + ")";
}

/// "hop 2 (192.0.2.1) and hop 3 (no answer)", "hop 2 (192.0.2.1) to hop 4 (192.0.2.9)", "hop 3 and
/// hop 4 (both 192.0.2.9)"
std::string span_text(const Where& where, const Path& path) {
  const auto first = *where.first_hop, last = *where.last_hop;
  const auto* join = last - first == 1 ? "and" : "to";
  const auto name = responder_text(path, first);
  const bool answered = std::ranges::any_of(
      path.hops, [&](const Hop& hop) { return hop.distance == first && !hop.responders.empty(); });
  if (first > 0 && answered && name == responder_text(path, last))
    return fmt::format("hop {} {} hop {} (both {})", first, join, last, name);
  return fmt::format("{} {} {}", hop_text(path, first), join, hop_text(path, last));
}

std::string interval_text(unsigned first, unsigned last) {
  if (first == 0 && last == 0) return "this machine";
  if (first == last) return fmt::format("hop {}", first);
  if (first == 0) return fmt::format("between this machine and hop {}", last);
  return fmt::format("between hop {} and hop {}", first, last);
}

/// What lies before a destination that may be to blame itself: " or the device before it (hop 3)".
std::string or_before(const Where& where) {
  const unsigned first = *where.first_hop, last = *where.last_hop;
  if (first == 0) return " or what lies between";
  return last - first == 1 ? fmt::format(" or the device before it (hop {})", first)
                           : fmt::format(" or a device from hop {} on", first);
}

/// "the router 198.51.100.77 (hop 3)", or only the place where nobody can be named.
std::string who_and_where(const Where& where) {
  const std::string who = who_text(where), place = where_text(where);
  const bool end_of_several = where.kind == CulpritKind::destination && where.first_hop &&
                              where.last_hop && *where.first_hop < *where.last_hop;
  if (end_of_several) return fmt::format("{} (hop {}){}", who, *where.last_hop, or_before(where));
  if (who.empty() || who == place) return place;
  return place.empty() ? who : fmt::format("{} ({})", who, place);
}

bool is_place_only(const Where& where) { return who_text(where).empty(); }

std::string with_preposition(std::string_view verb, const Where& where) {
  if (!is_place_only(where)) return fmt::format("{} by {}", verb, who_and_where(where));
  const std::string place = where_text(where);
  return fmt::format("{} {}{}", verb, place.starts_with("hop") ? "at " : "", place);
}

std::string lies_at(const Where& where) {
  if (where.kind == CulpritKind::this_host) return "the cause is on this machine";
  if (!is_place_only(where)) return "the cause is at " + who_and_where(where);
  return "the cause lies " + where_text(where);
}

std::string open_text(const ReportInput& input) {
  const Endpoint& target = input.run.goal.target;
  // One flow may take a shorter way than the other, and a lost answer makes either seem longer.
  const auto& path = input.analysis.path;
  const auto is_met_nearer = [&](const Hop& at) {
    return at.distance == path.distance.target_flow && at.distance < path.distance.destination &&
           std::ranges::count(at.responders, target.address, &Responder::address) > 0;
  };
  const auto hop = std::ranges::any_of(path.hops, is_met_nearer) ? path.distance.target_flow
                                                                 : path.distance.destination;
  if (const auto impostor = impostor_of(input.analysis.verdict))
    return fmt::format("open: {} answers for {} port {}", hop_text(input.analysis.path, *impostor),
                       to_string(target.address), target.port);
  return fmt::format("open: {} port {} answers{}", to_string(target.address), target.port,
                     hop ? fmt::format(" (hop {})", *hop) : "");
}

/// The last router heard of got no answer from the next machine, which need not be the last one.
bool finds_no_next(const Verdict& verdict) {
  const Where& where = verdict.culprit.where;
  return verdict.outcome == Outcome::unreachable && where.kind == CulpritKind::destination &&
         where.last_hop.value_or(0) > 1 && verdict.explanations.size() == 1 &&
         verdict.explanations.front().mechanism == Mechanism::host_down;
}

std::string no_next_text(const ReportInput& input) {
  const std::string place = where_text(input.analysis.verdict.culprit.where);
  return fmt::format("unreachable: nobody {}{}, the destination {} or a router before it",
                     place.starts_with("hop") ? "at " : "", place,
                     to_string(input.run.goal.target.address));
}

std::string inconclusive_text(const Where& where) {
  if (!where.first_hop && !where.last_hop) return "inconclusive: the packets do not tell who";
  return fmt::format("inconclusive: the packets do not tell who; it is {}", where_text(where));
}

std::string answer(const ReportInput& input) {
  const Verdict& verdict = input.analysis.verdict;
  const Where& where = verdict.culprit.where;
  switch (verdict.outcome) {
    case Outcome::open: return open_text(input);
    case Outcome::refused:
    case Outcome::rejected:
    case Outcome::dropped:
    case Outcome::closed_early: return with_preposition(to_string(verdict.outcome), where);
    case Outcome::inconclusive: return inconclusive_text(where);
    case Outcome::unreachable:
      if (finds_no_next(verdict)) return no_next_text(input);
      break;
    case Outcome::silent_service:
    case Outcome::intermittent:
    case Outcome::local: break;
  }
  return fmt::format("{}: {}", to_string(verdict.outcome), lies_at(where));
}

std::vector<const Explanation*> best_ranked(const Verdict& verdict) {
  std::vector<const Explanation*> best;
  for (const auto& explanation : verdict.explanations)
    if (explanation.rank == 1) best.push_back(&explanation);
  return best;
}

std::string several_text(const std::vector<const Explanation*>& best) {
  std::string titles;
  for (const auto* explanation : best)
    titles += fmt::format("{}{}", titles.empty() ? "" : "; ", title_of(*explanation));
  return fmt::format("{} causes fit these packets equally well: {}.", best.size(), titles);
}

bool is_by(const Verdict& verdict, Mechanism mechanism) {
  return !verdict.explanations.empty() && verdict.explanations.front().mechanism == mechanism;
}

/// Says whose equipment an interval is, where it names nobody.
std::string interval_sentence(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  if (!is_place_only(where) || where.kind == CulpritKind::none || !where.first_hop) return {};
  const Path& path = input.analysis.path;
  if (!where.last_hop || *where.first_hop == *where.last_hop)
    return fmt::format("It is {}.", device_text(where, path));
  const std::string devices = span_text(where, path);
  if (is_by(input.analysis.verdict, Mechanism::routing_loop))
    return fmt::format("They are {}.", devices);
  if (input.both && *where.first_hop == 0)
    return "It is a device or a link on the way between the two; a third capture half-way tells "
           "which half.";
  const bool neighbours = *where.last_hop - *where.first_hop == 1;
  return fmt::format("It is {} {}, or {} link between them; packets from here cannot tell which.",
                     neighbours ? "one of" : "a device from", devices, neighbours ? "the" : "a");
}

}  // namespace

std::string where_text(const Where& where) {
  if (where.kind == CulpritKind::this_host) return "this machine";
  if (where.kind == CulpritKind::none) return {};
  if (where.first_hop && where.last_hop) return interval_text(*where.first_hop, *where.last_hop);
  if (where.first_hop == 0) return "on this machine or beyond";
  if (where.first_hop) return fmt::format("at hop {} or beyond", *where.first_hop);
  if (where.last_hop) return fmt::format("at or before hop {}", *where.last_hop);
  return where.kind == CulpritKind::destination || where.address ? "" : "somewhere on the path";
}

std::string who_text(const Where& where) {
  const std::string address = where.address ? fmt::format(" {}", to_string(*where.address)) : "";
  switch (where.kind) {
    case CulpritKind::destination: return "the destination" + address;
    case CulpritKind::router: return address.empty() ? "a router" : "the router" + address;
    case CulpritKind::this_host: return "this machine";
    case CulpritKind::between:
    case CulpritKind::unknown: return address.empty() ? "" : "the router" + address;
    case CulpritKind::none: break;
  }
  return {};
}

std::string device_text(const Where& where, const Path& path) {
  if (!is_place_only(where)) return who_and_where(where);
  if (!where.first_hop) return "the devices on the path";
  if (where.first_hop == 0 && !where.last_hop) return "this machine, or any device beyond";
  if (!where.last_hop) return hop_text(path, *where.first_hop) + " and beyond";
  if (*where.first_hop == *where.last_hop) return hop_text(path, *where.first_hop);
  const bool neighbours = *where.last_hop - *where.first_hop == 1;
  return (neighbours ? "" : "each device from ") + span_text(where, path);
}

std::string_view title_of(const Explanation& explanation) {
  if (explanation.mechanism == Mechanism::transparent_proxy && explanation.where == this_host)
    return "a rule of this machine turns the connection elsewhere";
  return article(explanation.mechanism).title;
}

bool have_few_hops(const Verdict& verdict) {
  const bool leave = verdict.outcome == Outcome::unreachable || verdict.outcome == Outcome::dropped;
  return leave && is_by(verdict, Mechanism::local_output_filter);
}

bool are_sent_back(const Verdict& verdict) {
  return verdict.outcome == Outcome::dropped && is_by(verdict, Mechanism::routing_loop);
}

bool came_wrong(const Verdict& verdict) {
  if (!is_by(verdict, Mechanism::answer_lost)) return false;
  const auto& where = verdict.explanations.front().where;
  return where.kind == CulpritKind::router && where.last_hop == 1;
}

std::string headline(const ReportInput& input) {
  const Culprit& culprit = input.analysis.verdict.culprit;
  return fmt::format("{}. How sure: {}.", answer(input), to_string(culprit.confidence));
}

/// Open by the probes alone: the real connection, or its greeting, was lost with other packets.
std::string_view open_in_doubt(const Verdict& verdict) {
  const bool doubtful =
      verdict.outcome == Outcome::open && verdict.culprit.confidence == Confidence::weak;
  return doubtful ? "The port answers probes. Packets get lost on the path, and part of the real "
                    "connection was not seen to arrive: whether the service speaks is not known."
                  : "";
}

/// A SYN/ACK is all that was asked for.
std::string_view open_without_handshake(const ReportInput& input) {
  if (input.run.goal.handshake || input.analysis.verdict.outcome != Outcome::open) return {};
  return "The port accepts connections. None was completed, as asked for, so whether the service "
         "then speaks is not known.";
}

/// Two captures know on which way, and to whom, a connection that had worked was lost.
std::string_view as_compared(const ReportInput& input, Mechanism mechanism) {
  const auto* both = input.both;
  if (!both || !both->decisive) return {};
  const auto& attempt = both->attempts[*both->decisive];
  const bool back = attempt.way == compare::Way::back;
  if (mechanism == Mechanism::icmp_reject_router && back &&
      attempt.finding != compare::Finding::rejected_on_way)
    return "A router or firewall on the way refuses what the server sends, and says so to the "
           "server with an ICMP message. The client hears nothing of it.";
  if (mechanism == Mechanism::middlebox_reset && attempt.outcome != Outcome::refused)
    return attempt.way == compare::Way::there
               ? "A device on the way does not pass on any more what the server says. It sends a "
                 "TCP reset to the server with the address that the client has there; the client "
                 "hears nothing."
               : "A device on the way does not pass on any more what the client says. It sends a "
                 "TCP reset with the destination's address as sender, so that it looks as if the "
                 "server had ended the connection.";
  if (mechanism != Mechanism::data_blocked) return {};
  if (attempt.finding == compare::Finding::data_ignored && !back)
    return "The connection was made; then what the client said arrived, and nothing there took it: "
           "a rule on the host that drops it, or a program that hangs.";
  if (attempt.small_lost)
    return "The connection was made; then nothing got through any more on one way, small packets "
           "neither: a device on the way has cut or forgotten the connection.";
  return {};
}

bool hangs_on_host(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  return verdict.outcome == Outcome::silent_service && is_foreign(input.run) &&
         verdict.culprit.where.kind == CulpritKind::destination;
}

/// Of a connection that had worked before it ended.
std::string_view ended_midstream(const ReportInput& input, Mechanism mechanism) {
  if (const auto known = as_compared(input, mechanism); !known.empty()) return known;
  const auto& connect = input.run.connect;
  const auto outcome = input.analysis.verdict.outcome;
  if (hangs_on_host(input) && mechanism == Mechanism::data_blocked)
    return "The connection was made, and the host acknowledges what it is sent. The program there "
           "does not read it, or takes too long to answer.";
  if (!connect || !connect->spoke) return {};
  // Of somebody else's capture the connection that is told of is one of those that fail.
  const bool at_times = outcome == Outcome::intermittent && is_foreign(input.run);
  const bool closed = outcome == Outcome::closed_early || (at_times && connect->closed);
  if (closed && mechanism == Mechanism::accept_then_close && connect->close_error != 0)
    return "The connection worked; then the service, or the machine it runs on, reset it: a crash, "
           "a restart, a time limit, or data that it would not take.";
  const bool silent = outcome == Outcome::silent_service || (at_times && !connect->closed);
  if (silent && mechanism == Mechanism::data_blocked && !connect->ssh)
    return "The connection worked at first; then nothing got through any more: a device on the way "
           "has cut or forgotten it, large packets are lost, or the peer is gone.";
  return {};
}

/// What the article of its mechanism says of others only.
std::string_view of_this_kind(const Verdict& verdict) {
  if (are_sent_back(verdict))
    return "A router sends the packets back to this machine instead of on to the destination: its "
           "route to it leads here, or this machine's own route leads to the wrong router.";
  if (came_wrong(verdict))
    return "The server answers, and the router next to this machine sends the answers to a wrong "
           "hardware address: they come by here, and the program does not get them.";
  if (verdict.probes_fare_otherwise && is_by(verdict, Mechanism::local_route))
    return "This machine gives the packets of its programs too few hops (TTL) to get to the "
           "server: they end on the way, and it has not seen them.";
  if (have_few_hops(verdict))
    return "A rule on this machine gives the packets too few hops (TTL) to get to the server: they "
           "end on the way, and it has not seen them.";
  return {};
}

/// A limit or a ban is itself the reason why some get through.
bool needs_a_contrast(const Verdict& verdict, Mechanism mechanism) {
  return verdict.outcome == Outcome::intermittent && mechanism != Mechanism::rate_limit &&
         mechanism != Mechanism::probe_ban && mechanism != Mechanism::path_loss;
}

std::vector<std::string> summary(const ReportInput& input) {
  const Verdict& verdict = input.analysis.verdict;
  const auto best = best_ranked(verdict);
  std::vector<std::string> sentences;
  const bool heard = input.run.connect && input.run.connect->spoke;
  const auto doubt = heard || best.size() > 1 ? std::string_view() : open_in_doubt(verdict);
  if (!doubt.empty()) return {std::string(doubt)};
  if (const auto known = open_without_handshake(input); !known.empty()) return {std::string(known)};
  if (best.size() > 1) sentences.push_back(several_text(best));
  if (best.size() == 1) {
    const auto mechanism = best.front()->mechanism;
    auto known = ended_midstream(input, mechanism);
    if (known.empty()) known = of_this_kind(verdict);
    if (needs_a_contrast(verdict, mechanism))
      sentences.emplace_back("Some connections get through; the others are stopped like this.");
    sentences.emplace_back(known.empty() ? article(mechanism).what : known);
  }
  if (best.empty()) sentences.emplace_back(article(verdict.outcome).what);
  const std::string place = interval_sentence(input);
  if (!place.empty()) sentences.push_back(place);
  if (verdict.probes_fare_otherwise)
    sentences.emplace_back(
        "This is what ordinary programs meet. Our probes differ from what those send, in a mark, "
        "in options, ECN or TTL, and fare otherwise.");
  return sentences;
}

std::string_view confidence_text(Confidence confidence) {
  switch (confidence) {
    case Confidence::certain:
      return "two independent witnesses agree, none disagrees, nothing else fits elsewhere";
    case Confidence::strong: return "one good witness; what would lie elsewhere is rarer";
    case Confidence::weak: break;
  }
  return "the packets allow other places as well";
}

std::string citation(const std::vector<FrameId>& packets, std::string_view whose) {
  constexpr std::size_t most = 8;
  std::set<FrameId> ordered(packets.begin(), packets.end());
  ordered.erase(FrameId{});  // told by the kernel, not seen
  if (ordered.empty()) return {};
  std::string numbers;
  std::size_t count = 0;
  for (const FrameId frame : ordered)
    if (count++ < most) numbers += fmt::format("{}{}", count == 1 ? "" : ", ", frame.value);
  if (count > most) numbers += fmt::format(" and {} more", count - most);
  return fmt::format(" ({}packet{} {})", whose, count == 1 ? "" : "s", numbers);
}

}  // namespace hopblame
