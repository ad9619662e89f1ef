// The answer in whole sentences.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/verdict/lists.hpp"
#include "src/report/document.hpp"
#include "src/report/first_looks.hpp"
#include "src/report/knowledge.hpp"
#include "src/report/place_words.hpp"
#include "src/report/placeholders.hpp"

namespace hopblame {
namespace {

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

/// Nothing shows where it ends.
std::string open_interval(const ReportInput& input) {
  const auto& path = input.analysis.path;
  const auto first = *input.analysis.verdict.culprit.where.first_hop;
  if (path.hops.empty() && first == 1)
    return "It may be any device on the way, the destination included.";
  auto text = fmt::format("It is {} or a device beyond it.", hop_text(path, first));
  const unsigned most = input.run.goal.max_hops;
  if (!is_foreign(input.run) && !path.hops.empty() && path.hops.back().distance >= most)
    text += fmt::format(" Hops beyond {} were not asked: so --max-hops says.", most);
  return text;
}

/// Says whose equipment an interval is, where it names nobody.
std::string interval_sentence(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  if (!is_place_only(where) || where.kind == CulpritKind::none || !where.first_hop) return {};
  const Path& path = input.analysis.path;
  if (!where.last_hop && *where.first_hop > 0) return open_interval(input);
  if (!where.last_hop || *where.first_hop == *where.last_hop)
    return fmt::format("It is {}.", device_text(where, path));
  const std::string devices = span_text(where, path);
  if (is_by(input.analysis.verdict, Mechanism::routing_loop))
    return fmt::format("They are {}.", devices);
  if (input.both && *where.first_hop == 0 && input.both->client_midway && *where.last_hop == 2)
    return "The hop limits say that one router stands between the two captures: it is that one, or "
           "a device without a hop of its own beside it.";
  if (input.both && *where.first_hop == 0)
    return "It is a device or a link on the way between the two; a third capture half-way tells "
           "which half.";
  const bool neighbours = *where.last_hop - *where.first_hop == 1;
  return fmt::format("It is {} {}, or {} link between them; packets from here cannot tell which.",
                     neighbours ? "one of" : "a device from", devices, neighbours ? "the" : "a");
}

/// Open by the probes alone: the real connection, or its greeting, was lost with other packets. In
/// a capture of others: nobody acts on the SYN/ACKs. Or the handshake is one that a tarpit makes.
std::string_view open_in_doubt(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  if (verdict.outcome != Outcome::open || verdict.culprit.confidence != Confidence::weak) return {};
  const auto& explanations = verdict.explanations;
  if (lists(explanations, Mechanism::tarpit) && !lists(explanations, Mechanism::data_blocked))
    return "The SYN is answered as by something that only holds connections (a tarpit): whether a "
           "service is there is not known.";
  if (is_foreign(input.run))
    return "The SYNs are answered, and the client does not act on the answers: whether they reach "
           "its program, and whether the service works, is not known.";
  return "The port answers probes. Packets get lost on the path, and part of the real connection "
         "was not seen to arrive: whether the service speaks is not known.";
}

/// A SYN/ACK is all that was asked for, or all that a capture of others shows.
std::string_view open_without_handshake(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  if (verdict.outcome != Outcome::open) return {};
  if (is_foreign(input.run))
    return has(verdict, CaveatId::no_handshake)
               ? "The SYN is answered. Nobody completed a connection, so whether the service works "
                 "is not known."
               : "";
  if (input.run.goal.handshake) return {};
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
  if (attempt.finding == compare::Finding::data_ignored && !back && !attempt.shut)
    return "The connection was made; then what the client said arrived, and nothing there took it: "
           "a rule on the host that drops it, or a program that hangs.";
  if (attempt.finding == compare::Finding::translated_anew)
    return "The connection was made; then an address translation (NAT) on the way forgot it and "
           "went on under another port, of which the server knows no connection.";
  if (attempt.half_made)
    return "The SYN and the SYN/ACK get through; nothing that the client sends after that arrives, "
           "the smallest packets neither. So does a stateful firewall on the way that sees one "
           "direction only: it drops what belongs to no connection that it knows.";
  if (attempt.small_lost)
    return "The connection was made; then nothing got through any more on one way, small packets "
           "neither: a device on the way has cut or forgotten the connection.";
  return {};
}

/// Of a connection that had worked before it ended.
std::string_view ended_midstream(const ReportInput& input, Mechanism mechanism) {
  if (const auto known = as_compared(input, mechanism); !known.empty()) return known;
  const auto& connect = input.run.connect;
  const auto outcome = input.analysis.verdict.outcome;
  if (hangs_on_host(input) && mechanism == Mechanism::data_blocked)
    return "The connection was made, and the host acknowledges what it is sent. The program there "
           "does not read it, or takes too long to answer.";
  if (outcome == Outcome::silent_service && connect && connect->ended) {
    if (mechanism == Mechanism::icmp_reject_router)
      return "The connection was made. A router or firewall on the way then refuses what is sent "
             "on "
             "it, and says so with ICMP messages, of which the program is not told.";
    if (mechanism == Mechanism::icmp_reject_host)
      return "The connection was made. A rule on the host then refuses what is sent on it, and "
             "says "
             "so with ICMP messages, of which the program is not told.";
  }
  if (!connect || !connect->spoke) return {};
  // Of somebody else's capture the connection that is told of is one of those that fail.
  const bool at_times = outcome == Outcome::intermittent && is_foreign(input.run);
  const bool closed = outcome == Outcome::closed_early || (at_times && connect->closed);
  if (closed && mechanism == Mechanism::accept_then_close && connect->close_error != 0)
    return "The connection worked; then the service, or the machine it runs on, reset it: a crash, "
           "a restart, a time limit, or data that it would not take.";
  if (closed && mechanism == Mechanism::accept_then_close && has_identified(input.run))
    return "The connection worked and the service greeted; then it ended it: a crash, a restart, a "
           "time limit, or data that it would not take.";
  const bool silent = outcome == Outcome::silent_service || (at_times && !connect->closed);
  if (silent && mechanism == Mechanism::data_blocked && connect->small_lost)
    return "The connection worked at first; then nothing got through any more, small packets "
           "neither: a device on the way has cut or forgotten it, or the peer is gone.";
  if (silent && mechanism == Mechanism::data_blocked && !connect->ssh)
    return "The connection worked at first; then nothing got through any more: a device on the way "
           "has cut or forgotten it, large packets are lost, or the peer is gone.";
  return {};
}

/// What the article of its mechanism says of others only.
std::string_view of_this_kind(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  if (are_sent_back(verdict))
    return "A router sends the packets back to this machine instead of on to the destination: its "
           "route to it leads here, or this machine's own route leads to the wrong router.";
  if (came_wrong(verdict))
    return "The server answers, and the router next to this machine sends the answers to a wrong "
           "hardware address: they come by here, and the program does not get them.";
  if (is_source_refused(input))
    return "A router or firewall refuses the address that this machine sends from: to its rules "
           "or routes that address may not come this way. The port has no part in it.";
  if (is_by(verdict, Mechanism::local_input_filter) && input.run.connect &&
      input.run.connect->ended && input.run.connect->error == 0 &&
      !has(verdict, CaveatId::answers_elsewhere))
    return "The connection was made, and what the server then said reached this machine. One of "
           "its rules dropped it before the application could see it.";
  if (is_by(verdict, Mechanism::local_route) && leaves_by_loopback(input.run))
    return "The packets leave by the loopback interface, where no other machine can answer them: "
           "the routing table of this machine knows no better way, or the option -i or -s sends "
           "them there.";
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

}  // namespace

bool has_identified(const Run& run) {
  return run.connect && run.connect->ssh && run.connect->ssh->identified;
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

bool hangs_on_host(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  return verdict.outcome == Outcome::silent_service && is_foreign(input.run) &&
         verdict.culprit.where.kind == CulpritKind::destination;
}

std::vector<std::string> summary(const ReportInput& input) {
  const Verdict& verdict = input.analysis.verdict;
  const auto best = best_ranked(verdict);
  std::vector<std::string> sentences;
  const bool heard = input.run.connect && input.run.connect->spoke;
  const auto doubt = heard || best.size() > 1 ? std::string_view() : open_in_doubt(input);
  if (!doubt.empty()) return {std::string(doubt)};
  if (const auto known = open_without_handshake(input); !known.empty()) return {std::string(known)};
  if (best.size() > 1) sentences.push_back(several_text(best));
  if (best.size() == 1) {
    const auto mechanism = best.front()->mechanism;
    auto known = ended_midstream(input, mechanism);
    if (known.empty()) known = of_this_kind(input);
    if (needs_a_contrast(verdict, mechanism))
      sentences.emplace_back(
          none_works(input) ? "No connection gets through, though not all fail in the same way."
                            : "Some connections get through; the others are stopped like this.");
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

}  // namespace hopblame
