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

/// Of this machine itself neither the network nor a cloud is to blame.
bool applies(const Advice& step, const Circumstances& now) {
  const bool here = (now.holds & only::elsewhere) == 0;
  if (here && (step.who == Reader::network || step.who == Reader::cloud)) return false;
  return (step.when & ~now.holds) == 0;
}

NextStep next_step_of(const Advice& step, const Facts& facts) {
  return {step.who, fill(step.text, facts), lines_of(fill(step.commands, facts)), step.change};
}

std::vector<std::span<const Advice>> sources(const Circumstances& now) {
  std::vector<std::span<const Advice>> found;
  for (const auto cause : now.causes) found.push_back(article(cause).steps);
  // A forwarding device comes first: what else is to be done is to be done behind it.
  const auto& forward = article(Mechanism::port_forward).steps;
  std::stable_partition(found.begin(), found.end(),
                        [&](const auto& steps) { return steps.data() == forward.data(); });
  if (found.empty()) found.push_back(article(now.outcome).steps);
  return found;
}

bool same(const Advice& one, const Advice& other) {
  return one.who == other.who && one.text == other.text && one.commands == other.commands &&
         one.change == other.change;
}

void add(std::vector<const Advice*>& chosen, const Advice& step) {
  const auto is_known = [&](const Advice* other) { return same(*other, step); };
  if (std::ranges::none_of(chosen, is_known)) chosen.push_back(&step);
}

/// The first step of every cause, then the second of every cause, and so on; each once.
std::vector<const Advice*> in_turn(const Circumstances& now) {
  const auto from = sources(now);
  std::size_t longest = 0;
  for (const auto& steps : from) longest = std::max(longest, steps.size());
  std::vector<const Advice*> chosen;
  for (std::size_t i = 0; i < longest; ++i)
    for (const auto& steps : from) {
      if (i < steps.size() && applies(steps[i], now)) add(chosen, steps[i]);
    }
  return chosen;
}

/// The first two of each: whoever mends the one fault meets the other next. Steps speak of the
/// culprit, or of the destination; of a second device on the way none would.
void add_those_of_beside(const Circumstances& now, std::vector<const Advice*>& chosen) {
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
std::string_view place_of(const Advice& step) { return step.text.substr(0, step.text.find(':')); }

/// Everything that it shows another one shows as well, there or on the same told more exactly ("On
/// the last router that answers").
bool is_part_of(const Advice& step, const Advice& other) {
  if (step.commands.empty() || step.who != other.who) return false;
  if (!place_of(other).starts_with(place_of(step))) return false;
  const auto known = lines_of(other.commands);
  return std::ranges::all_of(lines_of(step.commands), [&](const std::string& line) {
    return std::ranges::find(known, line) != known.end();
  });
}

/// Of those that show the same the first is told; a whole takes the place of its part.
void leave_out_parts(std::vector<const Advice*>& chosen) {
  std::vector<const Advice*> kept;
  for (const auto* step : chosen) {
    if (std::ranges::any_of(kept, [&](const Advice* other) { return is_part_of(*step, *other); }))
      continue;
    const auto part = [&](const Advice* other) { return is_part_of(*other, *step); };
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
constexpr Advice use_other_address{
    Reader::user,
    "Until this is mended: use the other address of {host}, {works}, which connects. Programs that "
    "try one address after the other get there by themselves, after a while."};

/// What a bridge, a bond or traffic control does below the capture is this machine's doing.
constexpr Advice look_below{
    Reader::host,
    "On this machine: {interface} stands on other links (a bridge's ports, say). See whether the "
    "packets leave by that link too; if not, a rule of this machine stops them.",
    "ip -brief link show\nsudo tcpdump -ni LINK 'host {address} and tcp port {port}'\n"
    "sudo nft list ruleset\ntc filter show dev LINK egress"};

/// From in here only that program is seen, and it knows why its own connection failed.
constexpr Advice run_outside{
    Reader::user,
    "If this is a virtual machine or container: run hopblame on the machine that runs it, not in "
    "here. All answers seen in here are made by the program that is its network.",
    "hopblame {address} {port}"};

/// It looks the same where somebody on the gateway answers for all who are behind it.
constexpr Advice log_in{
    Reader::user,
    "If it is neither: the gateway {gateway} answers in everybody's name, as a portal for guests "
    "or an access control (NAC) does until you have logged in. Open a page in a browser: does one "
    "to log in come?"};

/// Its messages are limited to so many for each who asks.
constexpr Advice ask_rested{
    Reader::user,
    "If somebody tried {address} from here in the ten seconds before: let it rest for ten seconds, "
    "then run hopblame again. A router that has no route says so a few times, then keeps silent."};

/// Packets of others show how far it is, and not who stands there.
constexpr Advice ask_who_they_are{
    Reader::user, "Find out which devices these hops are: run hopblame on {client}.",
    "sudo hopblame {address} {port}"};

/// Only one of them ought to have the address.
constexpr Advice find_both_owners{
    Reader::user,
    "Two hardware addresses answer for {gateway}. See who answers now, then have the network team "
    "look up in the switch's MAC address table where each of them is:",
    "ip neigh show {gateway}\nsudo arping -b -c 3 -I {interface} {gateway}"};
constexpr Advice find_both_owners6{find_both_owners.who, find_both_owners.text,
                                   "ip neigh show {gateway}\nndisc6 -m {gateway} {interface}"};

/// It has no hop of its own: packets cannot tell it from hop 1.
constexpr Advice look_at_first_link{
    Reader::network,
    "Or between this machine and hop 1: a switch, bridge, hypervisor or security group that this "
    "machine is attached to may do it. Look for rules about {address} port {port} there, too. On "
    "a Linux bridge:",
    "sudo nft list ruleset\nsudo ebtables -L --Lc"};

void put_first(const std::vector<FirstLook>& looks, std::vector<const Advice*>& chosen) {
  std::vector<const Advice*> first;
  for (const auto look : looks)
    for (const auto& step : steps_of(look)) first.push_back(&step);
  chosen.insert(chosen.begin(), first.begin(), first.end());
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

std::vector<const Advice*> steps_for(const Circumstances& situation) {
  auto chosen = in_turn(situation);
  add_those_of_beside(situation, chosen);
  leave_out_parts(chosen);
  if ((situation.holds & only::below) != 0 && !chosen.empty())
    chosen.insert(chosen.begin() + 1, &look_below);
  if ((situation.holds & only::spent) != 0 && !chosen.empty())
    chosen.insert(chosen.begin() + 1, &ask_rested);
  if ((situation.holds & only::first_link) != 0 && !chosen.empty())
    chosen.insert(chosen.begin() + 1, &look_at_first_link);
  if ((situation.holds & only::unheard) != 0 && !chosen.empty())
    chosen.insert(chosen.begin() + 1, &article(Mechanism::local_neighbour).steps.front());
  put_first(situation.first, chosen);
  if ((situation.holds & only::nameless) != 0) chosen.insert(chosen.begin(), &ask_who_they_are);
  if ((situation.holds & only::two_owners) != 0)
    chosen.insert(chosen.begin(),
                  (situation.holds & only::ipv6) != 0 ? &find_both_owners6 : &find_both_owners);
  if (situation.other_address) chosen.insert(chosen.begin(), &use_other_address);
  if ((situation.holds & only::inside) != 0) chosen.insert(chosen.begin(), {&run_outside, &log_in});
  if (situation.capture_again) chosen.insert(chosen.begin(), &knowledge::record_both_ends);
  std::stable_partition(chosen.begin(), chosen.end(),
                        [](const Advice* step) { return !step->change; });
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
