#include "src/report/document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/model/icmp_codes.hpp"
#include "src/report/errno_words.hpp"
#include "src/report/their_words.hpp"
#include "src/report/untrusted.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

/// A capture of somebody else, without another port to compare with.
bool has_no_control(const Goal& goal) { return goal.host.empty() && goal.control_port == 0; }

std::string legend_of(const Goal& goal, const Verdict& verdict) {
  if (verdict.probes_fare_otherwise)
    return fmt::format(
        "Did probes to port {} get through, and to another port of the same address? Ordinary "
        "programs fare otherwise.",
        goal.target.port);
  if (has_no_control(goal))
    return fmt::format("Did packets to port {} get through, and others to the same address?",
                       goal.target.port);
  return fmt::format(
      "Did packets to port {} get through, and, for comparison, to another port of the same "
      "address?",
      goal.target.port);
}

std::string sentence(std::string_view text) {
  const bool ended = text.empty() || text.ends_with('.') || text.ends_with('?');
  return fmt::format("{}{}", text, ended ? "" : ".");
}

std::vector<Point> attempts_point(const Attempts& attempts) {
  if (attempts.total < 2) return {};
  std::string text = fmt::format("{} attempts", attempts.total);
  const auto add = [&](unsigned count, std::string_view word) {
    if (count > 0) text += fmt::format(", {} {}", count, word);
  };
  add(attempts.open, "open");
  add(attempts.refused, "refused");
  add(attempts.rejected, "rejected");
  add(attempts.dropped, "dropped");
  add(attempts.other, "with another end");
  return {{text + "."}};
}

std::vector<Point> other_addresses(const Run& run) {
  std::vector<Point> points;
  for (const auto& other : run.others) {
    const std::string end = !other.error        ? "no answer in time"
                            : *other.error == 0 ? "connects"
                                                : errno_text(*other.error);
    points.push_back({fmt::format("{}: {}", to_string(other.address), end)});
  }
  return points;
}

/// What `compare` says may end with packets of the server's capture: "(server packets 1, 6)". Those
/// of the client's join them in one bracket.
Point with_citation(std::string text, std::string numbers) {
  const auto other = text.rfind(" (server packet");
  if (!numbers.empty() && text.ends_with(')') && other != std::string::npos) {
    numbers.back() = ';';
    numbers += ' ' + text.substr(other + 2);
    text.resize(other);
  }
  return {text + numbers, numbers.size()};
}

/// `whose`: of two captures, the one whose packets are cited.
std::vector<Point> points_of(const std::vector<Evidence>& evidence, std::string_view whose) {
  std::vector<Point> points;
  for (const auto& item : evidence) {
    points.push_back(with_citation(item.text.str(), citation(item.packets, whose)));
  }
  return points;
}

bool cites(const std::vector<Explanation>& explanations, FrameId frame) {
  for (const auto& explanation : explanations)
    for (const auto& item : explanation.because)
      if (std::find(item.packets.begin(), item.packets.end(), frame) != item.packets.end())
        return true;
  return false;
}

/// The message itself, where no reason speaks of it.
std::vector<Point> icmp_point(const Analysis& analysis) {
  if (!analysis.icmp || cites(analysis.verdict.explanations, analysis.icmp->frame)) return {};
  const DecidingIcmp& icmp = *analysis.icmp;
  return {{fmt::format("The message that decided: ICMP{} type {} code {}, {}, from {}{}",
                       icmp.from.family == Family::ipv6 ? "v6" : "", icmp.type, icmp.code,
                       icmp_text(icmp.from.family, icmp.type, icmp.code), to_string(icmp.from),
                       citation({icmp.frame}))}};
}

std::vector<Evidence> without(const std::vector<Evidence>& evidence,
                              const std::vector<Evidence>& known) {
  std::vector<Evidence> rest;
  for (const auto& item : evidence)
    if (std::find(known.begin(), known.end(), item) == known.end()) rest.push_back(item);
  return rest;
}

/// Where no hop is known, the one who is meant has a name.
std::string place_or_name(const Where& where) {
  const auto place = where_text(where);
  return place.empty() ? who_text(where) : place;
}

Alternative alternative_of(const Explanation& other, const Explanation& best,
                           std::string_view whose) {
  const Article& text = article(other.mechanism);
  return {std::string(to_string(other.mechanism)),
          std::string(title_of(other)),
          place_or_name(other.where),
          sentence(other.settled_by.empty() ? std::string(text.check) : other.settled_by.str()),
          other.rank,
          other.beside,
          points_of(without(other.because, best.because), whose),
          points_of(without(other.against, best.against), whose)};
}

void add_explanations(Document& document, const ReportInput& input) {
  const Verdict& verdict = input.analysis.verdict;
  const std::string_view whose = input.both ? "client " : "";
  if (verdict.explanations.empty()) return;
  const Explanation& best = verdict.explanations.front();
  const auto because = points_of(best.because, whose);
  document.because.insert(document.because.begin(), because.begin(), because.end());
  document.against = points_of(best.against, whose);
  if (verdict.outcome != Outcome::open) document.settled_by = sentence(best.settled_by.str());
  const bool placed = verdict.outcome != Outcome::open;
  // Who passes a port on is no rival of what is behind it.
  const auto equal = std::ranges::count_if(verdict.explanations, [](const Explanation& each) {
    return each.rank == 1 && each.mechanism != Mechanism::port_forward;
  });
  document.sure_of = placed ? "How sure of the place" : "How sure";
  document.confidence = fmt::format(
      "{} ({}).{}", to_string(verdict.culprit.confidence),
      confidence_text(verdict.culprit.confidence),
      placed && equal > 1 ? " Which of the causes it is, these packets do not tell." : "");
  for (std::size_t i = 1; i < verdict.explanations.size(); ++i)
    document.alternatives.push_back(alternative_of(verdict.explanations[i], best, whose));
}

std::vector<Point> caveats_of(const Verdict& verdict) {
  std::vector<Point> points;
  for (const Caveat& caveat : verdict.caveats)
    points.push_back({fmt::format(
        "{}: {}", to_string(caveat.id),
        caveat.text.empty() ? std::string(article(caveat.id).what) : caveat.text.str())});
  return points;
}

std::vector<std::string> words_of(const Verdict& verdict) {
  std::vector<std::string> words;
  for (const auto& explanation : verdict.explanations)
    words.emplace_back(to_string(explanation.mechanism));
  if (words.empty()) words.emplace_back(to_string(verdict.outcome));
  return words;
}

std::string count_of(std::uint64_t number, std::string_view thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

std::string counted(const ReportInput& input) {
  if (input.run.connect_only) return "Only connect() was asked, packets were not seen";
  const PacketCounts& counts = input.analysis.packets;
  // Of many attempts a few are looked at, of a connection what asks and what answers.
  if (is_foreign(input.run) && input.command == "read")
    return fmt::format("Looked at: {} that ask{}, {} that answer{}",
                       count_of(counts.sent, "packet"), counts.sent == 1 ? "s" : "",
                       counts.received, counts.received == 1 ? "s" : "");
  return fmt::format("{} sent, {} received",
                     count_of(counts.sent, is_foreign(input.run) ? "packet" : "probe"),
                     count_of(counts.received, "packet"));
}

std::string footer_of(const ReportInput& input) {
  const PacketCounts& counts = input.analysis.packets;
  std::string text =
      fmt::format("{}, {}", counted(input), duration_text(input.run.ended - input.run.started));
  if (counts.rejected_as_forged > 0)
    text += fmt::format(", {} ignored as forged", count_of(counts.rejected_as_forged, "answer"));
  if (counts.capture_drops > 0)
    text += fmt::format(", {} packets lost by the capture", counts.capture_drops);
  if (input.excerpt_of)
    text += fmt::format(". Packet numbers are those of trace.pcapng, an excerpt of {}",
                        input.excerpt_of->empty() ? std::string("the capture read")
                                                  : Untrusted(*input.excerpt_of).printable(255));
  if (input.redacted) text += ". Addresses are anonymised, names left out";
  return text + fmt::format(". hopblame {}.", input.version);
}

}  // namespace

bool has(const Verdict& verdict, CaveatId id) {
  return std::ranges::find(verdict.caveats, id, &Caveat::id) != verdict.caveats.end();
}

bool impersonates(Mechanism mechanism) {
  return mechanism == Mechanism::middlebox_reset || mechanism == Mechanism::injected_reset ||
         mechanism == Mechanism::syn_proxy || mechanism == Mechanism::transparent_proxy;
}

std::optional<std::uint8_t> impostor_of(const Verdict& verdict) {
  if (verdict.explanations.empty()) return {};
  const Explanation& best = verdict.explanations.front();
  if (!impersonates(best.mechanism) || best.where.first_hop != best.where.last_hop) return {};
  return best.where.last_hop;
}

std::string target_title(const Goal& goal) {
  const std::string address = to_string(goal.target.address);
  const std::string host = Untrusted(goal.host).printable(255);
  if (host.empty() || host == address) return fmt::format("{} port {}", address, goal.target.port);
  return fmt::format("{} ({}) port {}", host, address, goal.target.port);
}

std::string source_title(const Vantage& vantage) {
  std::string from = vantage.local.is_unspecified()
                         ? std::string("this machine, which has no route")
                         : to_string(vantage.local);
  if (!vantage.interface.empty()) from += " on " + Untrusted(vantage.interface).printable(32);
  return from;
}

std::string_view how_likely(const Alternative& other) {
  if (other.beside) return "beside the first";
  return other.rank > 1 ? "a rarer cause" : "just as likely";
}

Document document_of(const ReportInput& input) {
  const Verdict& verdict = input.analysis.verdict;
  Document document;
  document.title = target_title(input.run.goal);
  document.target = to_string(input.run.goal.target.address);
  document.source = source_title(input.run.facts.vantage);
  document.legend = legend_of(input.run.goal, verdict);
  document.target_column = fmt::format("port {}", input.run.goal.target.port);
  document.control_column = has_no_control(input.run.goal) ? "others" : "other port";
  document.rows = path_rows(input);
  document.outcome = to_string(verdict.outcome);
  document.headline = headline(input);
  const Where& where = verdict.culprit.where;
  if (where.first_hop != where.last_hop) document.blamed_up_to = where.last_hop;
  if (input.analysis.icmp) document.icmp_from = to_string(input.analysis.icmp->from);
  document.impostor = impostor_of(verdict);
  document.forged =
      !verdict.explanations.empty() && impersonates(verdict.explanations.front().mechanism);
  document.answer_dropped_here =
      !verdict.explanations.empty() &&
      verdict.explanations.front().mechanism == Mechanism::local_input_filter;
  document.loop = !verdict.explanations.empty() &&
                  verdict.explanations.front().mechanism == Mechanism::routing_loop;
  document.summary = summary(input);
  document.because = icmp_point(input.analysis);
  add_explanations(document, input);
  for (auto& point : attempts_point(input.analysis.attempts)) document.because.push_back(point);
  document.app_sees = app_sees(input);
  document.other_addresses = other_addresses(input.run);
  document.both_ends = both_ends(input);
  document.steps = next_steps(input);
  document.ask = ask_of(document.steps);
  document.caveats = caveats_of(verdict);
  document.more = words_of(verdict);
  document.facts = run_facts(input);
  document.footer = footer_of(input);
  in_their_words(document, input.run, input.both && input.both->client_midway);
  return document;
}

}  // namespace hopblame
