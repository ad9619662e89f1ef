#include "analysis/verdict/diverted.hpp"

#include <algorithm>
#include <set>

#include "analysis/path/branching.hpp"
#include "analysis/path/distance.hpp"
#include "analysis/verdict/forward.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/rejection_place.hpp"
#include "analysis/verdict/resets.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// It put the owner's name on this message as it does on all that comes back of that flow; to the
/// control flow, which it leaves alone, it gave its own. The same way back: it is one router, not
/// the owner nearer on another path. The owner's answers come another way, from farther on.
bool is_one_router(const Case& the_case, const Reply& renamed, const Reply& own_name) {
  const auto back = return_hops(renamed.hop_limit);
  return own_name.from != the_case.owner() && back == return_hops(own_name.hop_limit) &&
         back != return_hops(the_case.host.witness->hop_limit);
}

/// Where its word to the control flow is missing: it is nearer than the owner by as many routers on
/// the way there as on the way back.
bool is_as_much_nearer(const Case& the_case, std::uint8_t hop, const Reply& renamed) {
  return return_hops(the_case.host.witness->hop_limit) - return_hops(renamed.hop_limit) ==
         *the_case.host.distance - hop;
}

/// The first that writes the owner's name, or one before it that said nothing; what bears its own
/// name let the port pass as it was.
Where place_of(const Case& the_case, std::uint8_t known) {
  std::uint8_t first = 1, last = known;
  for (std::uint8_t hop = 1; hop < known && last == known; ++hop) {
    const auto* told = the_case.target.time_exceeded_at(hop);
    if (told == nullptr) continue;
    if (told->from == the_case.owner())
      last = hop;
    else
      first = static_cast<std::uint8_t>(hop + 1);
  }
  auto where = within(the_case, first, last);
  if (where.address == the_case.owner()) where.address.reset();
  return where;
}

/// One flow may take a way of its own, as several equal ones do; three hardly take it all of them,
/// and three others none.
bool is_of_several_flows(const std::vector<const Exchange*>& asked) {
  std::set<std::uint16_t> ports;
  for (const auto* one : asked)
    if (one->origin == Origin::raw) ports.insert(one->spec.flow.source.port);
  return ports.size() >= 3;
}

std::vector<const Exchange*> asked_of(const Resets& resets) {
  std::vector<const Exchange*> asked;
  for (const auto& reset : resets.all)
    if (reset.exchange->origin == Origin::raw) asked.push_back(reset.exchange);
  return asked;
}

/// Flows to the comparison port that got their answers from where its owner stands.
std::vector<const Exchange*> answered_by_owner(const Case& the_case) {
  std::vector<const Exchange*> asked;
  const auto is_its = [&](const Reply& reply) {
    return reply.segment && reply.hop_limit == the_case.host.witness->hop_limit;
  };
  for (const auto* one : the_case.probes(ProbeKind::syn, Aim::control))
    if (std::ranges::any_of(one->replies, is_its)) asked.push_back(one);
  return asked;
}

/// A port that is sent elsewhere is so on all its flows. One that gets its answer from where the
/// owner stands shows that others take another way, or meet another machine of that address.
bool some_meet_owner(const Case& the_case) {
  const auto back = return_hops(the_case.host.witness->hop_limit);
  const auto of_owner = [&](const Reply& reply) {
    return reply.kind == ReplyKind::syn_ack && return_hops(reply.hop_limit) == back;
  };
  return std::ranges::any_of(the_case.probes(ProbeKind::syn, Aim::target), [&](const auto* one) {
    return std::ranges::any_of(one->replies, of_owner);
  });
}

/// A stack's own RST bears the mark of the probe, a rule's does not (measured). Where one comes
/// from a router, at the hop limit that just reaches it, that router has taken the port to itself,
/// or sends it to somebody right there, as one that redirects a port does.
std::optional<Diversion> taken_by_stack(const Case& the_case) {
  const auto& host = the_case.host;
  if (!host.control_answers || the_case.divided) return {};
  const auto resets = gather_resets(the_case);
  if (resets.all.empty() || !resets.marked || !resets.place.walked || !resets.place.steady)
    return {};
  if (resets.raced || resets.odd_window || resets.unverified) return {};  // no stack's
  const auto hop = resets.place.exact();
  if (!hop || hop != resets.place.last || *hop >= *host.distance) return {};
  // Over as many routers as the owner's: lost answers made one of the two walks seem longer.
  if (return_hops(resets.first.reply->hop_limit) == return_hops(host.witness->hop_limit)) return {};
  if (!is_of_several_flows(asked_of(resets)) || !is_of_several_flows(answered_by_owner(the_case)) ||
      take_other_ways(the_case.target, the_case.control))
    return {};
  return Diversion{place_of(the_case, *hop), *hop, nullptr, nullptr, resets.first.reply};
}

/// The same of a message that the kernel of a router wrote.
std::optional<Diversion> told_by_kernel(const Case& the_case) {
  const auto rejection = deciding_rejection(the_case);
  if (!rejection) return {};
  const auto facts = rejection_facts(the_case, *rejection);
  if (!is_translated(the_case, facts) || some_meet_owner(the_case)) return {};
  const auto hop = *facts.place.last;
  return Diversion{place_of(the_case, hop), hop, nullptr, nullptr, rejection->reply};
}

Evidence by_stack(const Case& the_case, const Diversion& diversion) {
  const auto& answer = *diversion.of_stack;
  std::vector packets{answer.frame};
  if (const auto* own = the_case.time_exceeded_at(diversion.hop)) packets.push_back(own->frame);
  if (answer.icmp)
    return {say("The message bears the name of {} and comes from {}, whose own system wrote it: a "
                "rule that forges messages writes them otherwise.",
                the_case.owner(), hop_named(the_case, diversion.hop)),
            std::move(packets)};
  return {
      say("A SYN to port {} that just reaches {} meets a RST in the name of {}. It arrives with "
          "{} {}, as from there, and bears the mark of our probe, as a TCP stack copies it and "
          "a firewall rule does not.",
          port_of(the_case), hop_named(the_case, diversion.hop), the_case.owner(),
          limit_word(the_case), answer.hop_limit.value),
      std::move(packets)};
}

Evidence in_whose_names(const Case& the_case, const Diversion& diversion) {
  const auto port = port_of(the_case);
  if (diversion.of_stack) return by_stack(the_case, diversion);
  if (diversion.own_name == nullptr)
    return {say("A SYN to port {} that dies at hop {} draws time exceeded in the name of {}, over "
                "fewer routers than the answers of {} itself.",
                port, diversion.hop, the_case.owner(), the_case.owner()),
            {diversion.renamed->frame}};
  return {say("A SYN to port {} that dies at hop {} draws time exceeded in the name of {}; for "
              "port {} the same router says so in its own, {}.",
              port, diversion.hop, the_case.owner(), the_case.run.goal.control_port,
              diversion.own_name->from),
          {diversion.renamed->frame, diversion.own_name->frame}};
}

/// Its word to the other port is missing: that one may be passed on as well, the whole address.
/// Not where a machine is missing that is there for the other port.
bool may_forward_all(const Diversion& diversion, Outcome outcome) {
  return diversion.own_name == nullptr && diversion.of_stack == nullptr &&
         outcome != Outcome::unreachable;
}

enum class Passed : std::uint8_t { port, perhaps_all };

Evidence owner_is_farther(const Case& the_case, Passed passed) {
  if (passed == Passed::perhaps_all)
    return {say("{} itself answers other ports from hop {}. Of those the router said nothing: port "
                "{} alone may be given another destination, or the whole address be passed on.",
                the_case.owner(), *the_case.host.distance, port_of(the_case)),
            {the_case.host.witness->frame}};
  return {say("{} itself answers other ports from hop {}: port {} is given another destination on "
              "the way, and what comes back on it gets that name (address translation).",
              the_case.owner(), *the_case.host.distance, port_of(the_case)),
          {the_case.host.witness->frame}};
}

Explanation diverter(const Case& the_case, const Diversion& diversion,
                     Passed passed = Passed::port) {
  const auto place = place_named(the_case, diversion.where);
  return {Mechanism::transparent_proxy,
          1,
          diversion.where,
          list_of(in_whose_names(the_case, diversion), owner_is_farther(the_case, passed)),
          {},
          say("the address translation (DNAT) rules on {}: to which host and port does port {} of "
              "{} go, and is that meant?",
              place, port_of(the_case), the_case.owner())};
}

/// Where the owner's own answers come from: the port may be sent to another one of that very host.
/// But it is not down.
bool may_be_owner(const Case& the_case, const Explanation& explanation) {
  return explanation.mechanism != Mechanism::host_down &&
         explanation.where.last_hop == the_case.host.distance;
}

/// No address is known of whom it is sent to.
void move_from_owner(const Case& the_case, const Diversion& diversion, Explanation& explanation) {
  auto& where = explanation.where;
  where.kind = CulpritKind::router;
  where.address.reset();
  if (where.first_hop != where.last_hop) where = within(the_case, *where.first_hop, where.last_hop);
  explanation.settled_by =
      say("the host to which {} sends port {}: is it the right one, and what "
          "answers there?",
          place_named(the_case, diversion.where), port_of(the_case));
}

/// One answer, and it follows from where the port was sent. Silence, limits and words come from
/// somewhere behind, wherever that is.
bool follows_from_it(const Case& the_case, Outcome outcome, const Explanation& explanation) {
  const bool without_a_word = !the_case.run.connect || !the_case.run.connect->spoke;
  return outcome == Outcome::refused || outcome == Outcome::rejected ||
         outcome == Outcome::unreachable ||
         (without_a_word && explanation.mechanism == Mechanism::accept_then_close);
}

/// One port that is sent elsewhere, or an address that is passed on as a whole. Who is asked comes
/// after what was heard; of a port that works there is nothing to ask.
void tell_either(const Case& the_case, const Diversion& diversion, Finding& finding) {
  finding.confidence = std::min(finding.confidence, Confidence::strong);
  if (finding.outcome == Outcome::open) return;
  auto& found = finding.explanations;
  if (!lists(found, Mechanism::port_forward))
    found.push_back(port_forward(the_case, at_destination(the_case, the_case.host.distance),
                                 {in_whose_names(the_case, diversion)}));
  found.push_back(diverter(the_case, diversion, Passed::perhaps_all));
}

bool is_about_port(Outcome outcome) {
  return outcome != Outcome::local && outcome != Outcome::inconclusive;
}

}  // namespace

std::optional<Diversion> diversion_of(const Case& the_case) {
  if (!the_case.host.distance || !the_case.host.witness) return {};
  for (const auto& [hop, step] : the_case.target.steps) {
    if (hop >= *the_case.host.distance) break;
    const auto* renamed = the_case.target.time_exceeded_at(hop);
    if (!renamed || renamed->from != the_case.owner()) continue;
    const auto* own_name = the_case.control.time_exceeded_at(hop);
    if (own_name ? !is_one_router(the_case, *renamed, *own_name)
                 : !is_as_much_nearer(the_case, hop, *renamed))
      continue;
    return Diversion{place_of(the_case, hop), hop, renamed, own_name};
  }
  auto taken = taken_by_stack(the_case);
  return taken ? taken : told_by_kernel(the_case);
}

bool is_sent_to(const Case& the_case, const Where& where) {
  const auto diversion = diversion_of(the_case);
  return diversion && diversion->where.last_hop < where.first_hop;
}

void tell_diversion(const Case& the_case, Finding& finding) {
  if (!the_case.host.distance || !is_about_port(finding.outcome)) return;
  const auto diversion = diversion_of(the_case);
  auto& found = finding.explanations;
  if (!diversion || lists(found, Mechanism::transparent_proxy)) return;
  if (may_forward_all(*diversion, finding.outcome))
    return tell_either(the_case, *diversion, finding);
  std::erase_if(found,
                [](const Explanation& one) { return one.mechanism == Mechanism::port_forward; });
  for (auto& explanation : found) {
    // What a stack sent is no rule's.
    if (diversion->of_stack && explanation.mechanism == Mechanism::middlebox_reset)
      explanation.rank = 2;
    if (explanation.where.kind != CulpritKind::destination || may_be_owner(the_case, explanation))
      continue;
    move_from_owner(the_case, *diversion, explanation);
    if (follows_from_it(the_case, finding.outcome, explanation)) explanation.rank = 2;
  }
  finding.confidence = std::min(finding.confidence, Confidence::strong);
  if (finding.outcome == Outcome::open)
    found.push_back(diverter(the_case, *diversion));
  else
    found.insert(found.begin(), diverter(the_case, *diversion));
}

}  // namespace hopblame
