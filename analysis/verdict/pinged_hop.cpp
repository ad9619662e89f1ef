#include "analysis/verdict/pinged_hop.hpp"

#include "analysis/verdict/chance.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

bool died_at_router(const Exchange& ping, const IpAddress& owner) {
  if (ping.spec.question.hop_limit == full_hop_limit || !ping.answered()) return false;
  const auto& reply = ping.replies.front();
  return reply.kind == ReplyKind::time_exceeded && reply.from != owner;
}

}  // namespace

const Exchange* ping_beyond(const Case& the_case, std::uint8_t passed) {
  for (const auto* ping : the_case.probes(ProbeKind::echo, Aim::none)) {
    const auto hop = ping->spec.question.hop_limit.value;
    if (hop <= passed || the_case.time_exceeded_at(hop)) continue;
    if (!died_at_router(*ping, the_case.owner())) continue;
    const auto unheard =
        fair_tries(the_case, the_case.target, hop) + fair_tries(the_case, the_case.control, hop);
    if (!could_be_chance(loss_beyond(the_case, passed), unheard)) return ping;
  }
  return nullptr;
}

std::optional<Evidence> only_pings_get_there(const Case& the_case, std::uint8_t passed) {
  const auto* ping = ping_beyond(the_case, passed);
  if (!ping) return {};
  const auto& router = ping->replies.front();
  const auto hop = ping->spec.question.hop_limit.value;
  return Evidence{say("A ping with {} {} ends at {}, which says so; of the SYNs with {} {} nobody "
                      "says anything: they do not get there.",
                      limit_word(the_case), hop, router.from, limit_word(the_case), hop),
                  frames(*ping, router)};
}

}  // namespace hopblame
