#include "analysis/verdict/diverted.hpp"

#include <algorithm>

#include "analysis/path/distance.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/place.hpp"
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

Evidence in_whose_names(const Case& the_case, const Diversion& diversion) {
  const auto port = port_of(the_case);
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

Evidence owner_is_farther(const Case& the_case) {
  return {say("{} itself answers other ports from hop {}: port {} is given another destination on "
              "the way, and what comes back on it gets that name (address translation).",
              the_case.owner(), *the_case.host.distance, port_of(the_case)),
          {the_case.host.witness->frame}};
}

Explanation diverter(const Case& the_case, const Diversion& diversion) {
  const auto place = place_named(the_case, diversion.where);
  return {Mechanism::transparent_proxy,
          1,
          diversion.where,
          list_of(in_whose_names(the_case, diversion), owner_is_farther(the_case)),
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
bool is_turned_away(Outcome outcome) {
  return outcome == Outcome::refused || outcome == Outcome::rejected ||
         outcome == Outcome::unreachable;
}

bool is_about_port(Outcome outcome) {
  return outcome != Outcome::local && outcome != Outcome::inconclusive;
}

}  // namespace

std::optional<Diversion> diversion_of(const Case& the_case) {
  if (!the_case.host.distance || !the_case.host.witness) return {};
  for (const auto& [hop, step] : the_case.target.steps) {
    if (hop >= *the_case.host.distance) return {};
    const auto* renamed = the_case.target.time_exceeded_at(hop);
    if (!renamed || renamed->from != the_case.owner()) continue;
    const auto* own_name = the_case.control.time_exceeded_at(hop);
    if (own_name ? !is_one_router(the_case, *renamed, *own_name)
                 : !is_as_much_nearer(the_case, hop, *renamed))
      continue;
    return Diversion{place_of(the_case, hop), hop, renamed, own_name};
  }
  return {};
}

void tell_diversion(const Case& the_case, Finding& finding) {
  if (!the_case.host.distance || !is_about_port(finding.outcome)) return;
  const auto diversion = diversion_of(the_case);
  auto& found = finding.explanations;
  if (!diversion || lists(found, Mechanism::transparent_proxy)) return;
  std::erase_if(found,
                [](const Explanation& one) { return one.mechanism == Mechanism::port_forward; });
  for (auto& explanation : found) {
    if (explanation.where.kind != CulpritKind::destination || may_be_owner(the_case, explanation))
      continue;
    move_from_owner(the_case, *diversion, explanation);
    if (is_turned_away(finding.outcome)) explanation.rank = 2;
  }
  finding.confidence = std::min(finding.confidence, Confidence::strong);
  if (finding.outcome == Outcome::open)
    found.push_back(diverter(the_case, *diversion));
  else
    found.insert(found.begin(), diverter(the_case, *diversion));
}

}  // namespace hopblame
