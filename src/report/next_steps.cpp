// Who can do what now: the steps of the best explanations, as far as they fit this run.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/compare/decisive.hpp"
#include "analysis/model/services.hpp"
#include "src/report/document.hpp"
#include "src/report/knowledge_tables.hpp"
#include "src/report/placeholders.hpp"
#include "src/report/steps.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

constexpr std::size_t most_steps = 8;

const compare::AttemptFinding* compared(const ReportInput& input) {
  const auto* both = input.both;
  return both && both->decisive ? &both->attempts[*both->decisive] : nullptr;
}

/// Two captures show that it got lost between them.
bool is_lost_on_way(const ReportInput& input) {
  const auto* attempt = compared(input);
  return attempt && attempt->finding == compare::Finding::data_lost;
}

bool reaches_host(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  const auto& destination = input.analysis.path.distance.destination;
  if (where.kind == CulpritKind::destination) return true;
  if (where.kind == CulpritKind::router || where.kind == CulpritKind::this_host) return false;
  if (is_lost_on_way(input)) return false;
  return !destination || !where.last_hop || *where.last_hop >= *destination;
}

bool reaches_path(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  return where.kind != CulpritKind::destination && where.kind != CulpritKind::this_host;
}

/// Of this machine itself neither the network nor a cloud is to blame.
bool applies(const Step& step, const Situation& now) {
  const bool here = (now.holds & only::elsewhere) == 0;
  if (here && (step.who == Reader::network || step.who == Reader::cloud)) return false;
  return (step.when & ~now.holds) == 0;
}

NextStep next_step_of(const Step& step, const Facts& facts) {
  return {step.who, fill(step.text, facts), lines_of(fill(step.commands, facts)), step.change};
}

std::vector<std::span<const Step>> sources(const Situation& now) {
  std::vector<std::span<const Step>> found;
  for (const auto cause : now.causes) found.push_back(article(cause).steps);
  // A forwarding device comes first: what else is to be done is to be done behind it.
  const auto& forward = article(Mechanism::port_forward).steps;
  std::stable_partition(found.begin(), found.end(),
                        [&](const auto& steps) { return steps.data() == forward.data(); });
  if (found.empty()) found.push_back(article(now.outcome).steps);
  return found;
}

bool same(const Step& one, const Step& other) {
  return one.who == other.who && one.text == other.text && one.commands == other.commands &&
         one.change == other.change;
}

void add(std::vector<const Step*>& chosen, const Step& step) {
  const auto is_known = [&](const Step* other) { return same(*other, step); };
  if (std::ranges::none_of(chosen, is_known)) chosen.push_back(&step);
}

/// The first step of every cause, then the second of every cause, and so on; each once.
std::vector<const Step*> in_turn(const Situation& now) {
  const auto from = sources(now);
  std::size_t longest = 0;
  for (const auto& steps : from) longest = std::max(longest, steps.size());
  std::vector<const Step*> chosen;
  for (std::size_t i = 0; i < longest; ++i)
    for (const auto& steps : from) {
      if (i < steps.size() && applies(steps[i], now)) add(chosen, steps[i]);
    }
  return chosen;
}

/// The first two of each: whoever mends the one fault meets the other next. Steps speak of the
/// culprit, or of the destination; of a second device on the way none would.
void add_those_of_beside(const Situation& now, std::vector<const Step*>& chosen) {
  auto there = now;
  there.holds = (now.holds | only::at_host) & ~only::before_host;
  for (const auto cause : now.beside) {
    unsigned added = 0;
    for (const auto& step : article(cause).steps) {
      if (added == 2) break;
      if (!applies(step, there)) continue;
      add(chosen, step);
      ++added;
    }
  }
}

/// "{on_host}", "If {address} is in a cloud": whose machine the commands are for.
std::string_view place_of(const Step& step) { return step.text.substr(0, step.text.find(':')); }

/// Everything that it shows another one shows as well.
bool is_part_of(const Step& step, const Step& other) {
  if (step.commands.empty() || step.who != other.who || place_of(step) != place_of(other))
    return false;
  const auto known = lines_of(other.commands);
  return std::ranges::all_of(lines_of(step.commands), [&](const std::string& line) {
    return std::ranges::find(known, line) != known.end();
  });
}

/// Of those that show the same the first is told; a whole takes the place of its part.
void leave_out_parts(std::vector<const Step*>& chosen) {
  std::vector<const Step*> kept;
  for (const auto* step : chosen) {
    if (std::ranges::any_of(kept, [&](const Step* other) { return is_part_of(*step, *other); }))
      continue;
    const auto part = [&](const Step* other) { return is_part_of(*other, *step); };
    const auto place = std::ranges::find_if(kept, part);
    if (place == kept.end()) {
      kept.push_back(step);
    } else {
      *place = step;
      kept.erase(std::remove_if(place + 1, kept.end(), part), kept.end());
    }
  }
  chosen = std::move(kept);
}

/// The first that connects.
constexpr Step use_other_address{
    Reader::user,
    "Until this is mended: use the other address of {host}, {works}, which connects. Programs that "
    "try one address after the other get there by themselves, after a while."};

/// What a bridge, a bond or traffic control does below the capture is this machine's doing.
constexpr Step look_below{
    Reader::host,
    "On this machine: {interface} stands on other links (a bridge's ports, say). See whether the "
    "packets leave by that link too; if not, a rule of this machine stops them.",
    "ip -brief link show\nsudo tcpdump -ni LINK 'host {address} and tcp port {port}'\n"
    "sudo nft list ruleset\ntc filter show dev LINK egress"};

bool may_be_below(const ReportInput& input) {
  const auto& found = input.analysis.verdict.explanations;
  return input.run.facts.vantage.on_other_links && (lists(found, Mechanism::local_output_filter) ||
                                                    lists(found, Mechanism::local_input_filter));
}

bool is_on_link(const ReportInput& input) {
  const auto& destination = input.analysis.path.distance.destination;
  const Where& where = input.analysis.verdict.culprit.where;
  return destination == 1 || (where.kind == CulpritKind::destination && where.last_hop == 1);
}

/// Two captures show whether it is large packets that do not arrive; else it may be, where small
/// ones were answered.
bool may_be_of_size(const ReportInput& input) {
  if (const auto* attempt = compared(input); attempt && compare::tells(*attempt))
    return is_lost_on_way(input) && !attempt->small_lost;
  return input.run.connect && input.run.connect->spoke;
}

/// That it does not get a router's message about its packets is listed beside what small links do.
bool is_told_too_big(const ReportInput& input) {
  const auto& explanations = input.analysis.verdict.explanations;
  return input.analysis.verdict.outcome == Outcome::silent_service &&
         lists(explanations, Mechanism::local_input_filter) &&
         lists(explanations, Mechanism::data_blocked);
}

/// The server's capture shows what was the matter on the host.
bool is_proven_of_host(const ReportInput& input) {
  const auto* attempt = compared(input);
  const auto kind = input.analysis.verdict.culprit.where.kind;
  return attempt && compare::tells(*attempt) && kind == CulpritKind::destination;
}

/// It refused in words, or spoke neither so nor as the service of this port begins.
[[gnu::noinline]] only::Bits told_by_words(const ReportInput& input) {
  const auto& run = input.run;
  const auto& connect = run.connect;
  if (!connect || !connect->spoke) return only::wordless;
  if (lists(input.analysis.verdict.explanations, Mechanism::connection_limit))
    return only::in_words;
  if (turns_away(run.goal.target.port, connect->greeting)) return only::in_words;
  const auto service = known_service(run.goal.target.port);
  const bool as_expected = !service || service->greeting.empty() ||
                           connect->greeting.starts_with(service->greeting) ||
                           (connect->ssh && connect->ssh->identified);
  return as_expected ? only::wordless : only::wordless | only::other_protocol;
}

bool is_turned_here(const ReportInput& input) {
  return std::ranges::any_of(input.analysis.verdict.explanations, [](const Explanation& one) {
    return one.mechanism == Mechanism::transparent_proxy && one.where == this_host;
  });
}

/// Nothing shows that the next device is there.
bool is_gateway_unheard(const Verdict& verdict) {
  return verdict.outcome == Outcome::dropped &&
         lists(verdict.explanations, Mechanism::local_neighbour);
}

only::Bits circumstances(const ReportInput& input) {
  const Goal& goal = input.run.goal;
  only::Bits holds = only::always;
  const auto choose = [&](bool which, only::Bits one, only::Bits other) {
    holds |= which ? one : other;
  };
  choose(reaches_host(input), only::at_host, only::before_host);
  choose(reaches_path(input), only::on_path, only::always);
  choose(goal.target.port == 22, only::ssh, only::not_ssh);
  choose(hides_source(input.run), only::always, only::no_nat);
  choose(input.analysis.verdict.outcome == Outcome::intermittent, only::now_and_then, only::steady);
  choose(input.run.facts.vantage.target_is_local, only::always, only::elsewhere);
  choose(is_named(goal), only::named, only::unnamed);
  choose(is_on_link(input), only::on_link, only::routed);
  choose(lists(input.analysis.verdict.explanations, Mechanism::port_forward), only::forwarded,
         only::unforwarded);
  const bool hangs = hangs_on_host(input);
  const bool oversize = is_told_too_big(input);
  choose(oversize, only::oversize, only::of_any_size);
  choose(oversize || (!hangs && may_be_of_size(input)), only::large, only::always);
  choose(is_lost_on_way(input) && compared(input)->small_lost, only::cut, only::always);
  choose(input.both != nullptr, only::always, only::unwatched);
  choose(input.analysis.verdict.outcome == Outcome::open, only::works, only::fails);
  choose(hangs || is_proven_of_host(input), only::always, only::unproven);
  choose(input.analysis.verdict.probes_fare_otherwise, only::by_form, only::alike);
  choose(is_turned_here(input), only::here, only::not_here);
  choose(have_few_hops(input.analysis.verdict), only::few_hops, only::far_enough);
  choose(is_gateway_unheard(input.analysis.verdict), only::unheard, only::always);
  choose(may_be_below(input), only::below, only::always);
  choose(came_wrong(input.analysis.verdict), only::came_wrong, only::came_not);
  choose(are_sent_back(input.analysis.verdict), only::sent_back, only::circling);
  choose(input.run.facts.interrupted, only::cut_short, only::whole_run);
  return holds;
}

bool needs_better_captures(const ReportInput& input) {
  if (!input.both) return false;
  return !input.both->clock.offset ||
         std::ranges::any_of(input.both->attempts, [](const auto& attempt) {
           return attempt.finding == compare::Finding::not_covered ||
                  attempt.finding == compare::Finding::not_shown;
         });
}

/// What is to be done on the host is done where the port was passed on to.
Facts facts_of_host(const ReportInput& input, Facts facts) {
  const auto* attempt = compared(input);
  const bool blamed = input.analysis.verdict.culprit.where.kind == CulpritKind::destination;
  if (!blamed || !attempt || !attempt->at_server) return facts;
  const auto& inner = attempt->at_server->destination;
  if (inner == attempt->at_client.destination) return facts;
  facts.address = to_string(inner.address);
  facts.on_host = "On " + facts.address;
  facts.port = std::to_string(inner.port);
  return facts;
}

}  // namespace

/// "Network team: find the rule that rejects." A clause that leads to commands is left out.
std::string ask_of(const std::vector<NextStep>& steps) {
  if (steps.empty()) return {};
  std::string text = steps.front().text;
  if (text.ends_with(':')) {
    const auto sentence = text.rfind(". ");
    text.resize(sentence == std::string::npos ? text.size() - 1 : sentence);
    text += '.';
  }
  return fmt::format("{}: {}", title(steps.front().who), text);
}

Situation situation_of(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  Situation now{{},
                {},
                verdict.outcome,
                circumstances(input),
                needs_better_captures(input),
                address_that_works(input.run).has_value()};
  now.holds |= now.outcome == Outcome::closed_early ? told_by_words(input) : only::wordless;
  now.causes.reserve(verdict.explanations.size());
  for (const auto& explanation : verdict.explanations)
    if (explanation.rank == 1)
      now.causes.push_back(explanation.mechanism);
    else if (explanation.beside && explanation.where.kind == CulpritKind::destination)
      now.beside.push_back(explanation.mechanism);
  return now;
}

std::vector<const Step*> steps_for(const Situation& situation) {
  auto chosen = in_turn(situation);
  add_those_of_beside(situation, chosen);
  leave_out_parts(chosen);
  if ((situation.holds & only::below) != 0 && !chosen.empty())
    chosen.insert(chosen.begin() + 1, &look_below);
  if ((situation.holds & only::unheard) != 0 && !chosen.empty())
    chosen.insert(chosen.begin() + 1, &article(Mechanism::local_neighbour).steps.front());
  if (situation.other_address) chosen.insert(chosen.begin(), &use_other_address);
  if (situation.capture_again) chosen.insert(chosen.begin(), &knowledge::record_both_ends);
  std::stable_partition(chosen.begin(), chosen.end(),
                        [](const Step* step) { return !step->change; });
  if (chosen.size() > most_steps) chosen.resize(most_steps);
  return chosen;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

std::vector<NextStep> next_steps(const ReportInput& input) {
  const auto facts = facts_of(input), of_host = facts_of_host(input, facts);
  std::vector<NextStep> steps;
  for (const auto* step : steps_for(situation_of(input))) {
    const bool there = step->who == Reader::service || step->who == Reader::host;
    steps.push_back(next_step_of(*step, there ? of_host : facts));
  }
  return steps;
}

}  // namespace hopblame
