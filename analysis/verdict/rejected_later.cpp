#include "analysis/verdict/rejected_later.hpp"

#include <algorithm>
#include <cerrno>

#include "analysis/model/icmp_codes.hpp"
#include "analysis/verdict/place.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

bool rejects_later(const Reply& reply) {
  if (!reply.to_later_segment || reply.kind != ReplyKind::icmp_error || !reply.icmp) return false;
  const int error = icmp_errno(reply.from.family, reply.icmp->type, reply.icmp->code);
  return error != 0 && error != EMSGSIZE;
}

Where place_of(const Case& the_case, const IpAddress& sender) {
  if (const auto hop = the_case.hop_of(sender)) {
    auto where = at_hop(the_case, CulpritKind::router, *hop);
    where.address = sender;
    return where;
  }
  auto where = within(the_case, 1, the_case.host.distance);
  if (sender != the_case.owner()) where.address = sender;
  return where;
}

}  // namespace

const Reply* first_later_rejection(const Case& the_case) {
  if (!the_case.kernel_syn) return nullptr;
  const auto& replies = the_case.kernel_syn->replies;
  const auto first = std::ranges::find_if(replies, rejects_later);
  return first == replies.end() ? nullptr : &*first;
}

std::optional<Explanation> rejected_later(const Case& the_case) {
  const auto* first = first_later_rejection(the_case);
  if (!first) return {};
  const auto count =
      static_cast<unsigned>(std::ranges::count_if(the_case.kernel_syn->replies, rejects_later));
  const bool by_host = first->from == the_case.owner();
  Explanation found{
      by_host ? Mechanism::icmp_reject_host : Mechanism::icmp_reject_router,
      1,
      place_of(the_case, first->from),
      {},
      {},
      say("the rule counters and logs on {}: which rule rejects what is no SYN, as one "
          "does that knows only one direction of the connection?",
          first->from)};
  found.because.push_back(
      {say("{} rejects what this machine sends after the handshake with ICMP \"{}\" ({} "
           "message{}). "
           "connect() has succeeded by then, so nobody tells the program.",
           first->from, IcmpCode{the_case.owner().family, first->icmp->type, first->icmp->code},
           count, plural(count)),
       {first->frame}});
  return found;
}

}  // namespace hopblame
