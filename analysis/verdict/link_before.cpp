#include "analysis/verdict/link_before.hpp"

#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

bool is_met_before_count(const Case& the_case, const Where& where) {
  const auto& [kind, first, last, address] = where;
  if (kind != CulpritKind::router && kind != CulpritKind::destination) return false;
  if (!last || first != last || *last == 0) return false;
  return the_case.target.asked_at(*last) > 0 && !the_case.target.time_exceeded_at(*last);
}

}  // namespace

Evidence link_before(const Case& the_case, std::uint8_t hop) {
  const auto between = [&](const auto& before) {
    return say(
        "A bridge, switch or hypervisor on the link between {} and hop {} has no hop of its own: "
        "if it does this, it looks the same.",
        before, hop);
  };
  if (hop == 1) return {between(this_machine), {}};
  return {between(hop_named(the_case, static_cast<std::uint8_t>(hop - 1))), {}};
}

void tell_link_before(const Case& the_case, Explanation& found) {
  if (!is_met_before_count(the_case, found.where)) return;
  found.or_link_before = true;
  found.because.push_back(link_before(the_case, *found.where.last_hop));
}

}  // namespace hopblame
