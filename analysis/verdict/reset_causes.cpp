#include "analysis/verdict/reset_causes.hpp"

#include "analysis/verdict/copied_words.hpp"
#include "analysis/verdict/forward.hpp"
#include "analysis/verdict/link_before.hpp"
#include "analysis/verdict/lists.hpp"
#include "analysis/verdict/reset_witnesses.hpp"
#include "analysis/verdict/reset_words.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

Text host_capture(const Case& the_case) {
  return say(
      "`sudo tcpdump -ni any tcp port {}` on {} while somebody connects: does the SYN arrive, and "
      "does the RST leave there?",
      port_of(the_case), the_case.owner());
}

/// When and how it came, and what it says itself.
std::vector<Evidence> coming_of(const Case& the_case, const Resets& resets) {
  auto because = list_of(arrival(the_case, resets));
  add(because, words_of(*resets.first.reply));
  return because;
}

/// The mark speaks for whoever makes such RSTs.
enum class Mark : std::uint8_t { speaks_for, speaks_against };

std::vector<Evidence> host_witnesses(const Case& the_case, const Resets& resets, Mark which) {
  auto because = coming_of(the_case, resets);
  if (resets.like_host) because.push_back(like_host(the_case));
  add(because, boundary(the_case, resets));
  if (which == Mark::speaks_for) because.push_back(mark(the_case, resets));
  if (resets.repaired) add(because, unverified(resets));
  return because;
}

}  // namespace

Explanation closed_port(const Case& the_case, const Resets& resets, const Where& where) {
  const bool unlabelled = lacks_label(the_case, resets);
  Explanation found{
      Mechanism::closed_port,
      1,
      where,
      host_witnesses(the_case, resets, unlabelled ? Mark::speaks_against : Mark::speaks_for),
      {},
      say("`ss -ltn 'sport = :{}'` on {}: is anything listening, and on which address?",
          port_of(the_case), the_case.owner())};
  if (unlabelled) found.against.push_back(mark(the_case, resets));
  return found;
}

Explanation host_firewall(const Case& the_case, const Resets& resets, const Where& where) {
  auto because = host_witnesses(the_case, resets, Mark::speaks_for);
  add(because, behind_the_rule(the_case, resets));
  return {Mechanism::host_firewall_reset, 1, where, std::move(because), {}, host_capture(the_case)};
}

Explanation middlebox(const Case& the_case, const Resets& resets, const Where& where) {
  auto because = coming_of(the_case, resets);
  add(because, boundary(the_case, resets));
  if (where.kind == CulpritKind::router && where.first_hop)
    add(because, way_back(the_case, *where.first_hop, resets));
  add_copied(the_case, resets, because);
  add(because, host_is_elsewhere(the_case, resets));
  if (lacks_label(the_case, resets)) because.push_back(mark(the_case, resets));
  add(because, unverified(resets));
  add(because, behind_the_rule(the_case, resets));
  const auto look = [&](const auto& place) {
    return say("the rule counters and logs on {}: which rule rejects TCP to port {} with a reset?",
               place, port_of(the_case));
  };
  Explanation found{Mechanism::middlebox_reset,
                    1,
                    where,
                    std::move(because),
                    {},
                    where.address ? look(*where.address) : look("the devices named above")};
  tell_link_before(the_case, found);
  return found;
}

Explanation injected(const Case& the_case, const Resets& resets, const Where& where) {
  auto because = coming_of(the_case, resets);
  if (resets.raced)
    because.push_back({say("One SYN got several answers that contradict or repeat each other: no "
                           "single TCP stack "
                           "sends these."),
                       cited(resets)});
  add_copied(the_case, resets, because);
  if (resets.odd_window)
    because.push_back(
        {say("The RST announces a window of {}; most stacks and firewalls leave it 0.",
             resets.first.reply->segment->window),
         cited(resets)});
  if (resets.odd_window) add(because, code_of(*resets.first.reply));
  add(because, boundary(the_case, resets));
  return {Mechanism::injected_reset,
          1,
          where,
          std::move(because),
          {},
          say("captures on both sides of the named hops: on which one does the RST appear first?")};
}

Explanation reset_behind_forward(const Case& the_case, const Resets& resets, const Where& where) {
  auto because = coming_of(the_case, resets);
  add(because, boundary(the_case, resets));
  return port_forward(the_case, where, std::move(because));
}

}  // namespace hopblame
