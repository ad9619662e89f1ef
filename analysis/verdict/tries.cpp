#include "analysis/verdict/tries.hpp"

#include <algorithm>

#include "analysis/model/in_order.hpp"
#include "analysis/path/loss.hpp"

namespace hopblame {
namespace {

TryResult result_of(const Exchange& exchange) {
  if (!exchange.answered()) return TryResult::silent;
  switch (exchange.replies.front().kind) {
    case ReplyKind::syn_ack: return TryResult::accepted;
    case ReplyKind::reset:
    case ReplyKind::reset_ack: return TryResult::reset;
    // A challenge ACK (RFC 5961) acknowledges an earlier SYN and answers none.
    case ReplyKind::other_segment: return TryResult::silent;
    default: return TryResult::other;
  }
}

template <class Each>
void each_try(const Case& the_case, Aim aim, Each each) {
  for (const auto* exchange : the_case.probes(ProbeKind::syn, aim)) {
    const bool kernel = exchange->origin == Origin::kernel;
    if (!kernel && exchange->spec.question.hop_limit != full_hop_limit) continue;
    const auto silent = silent_copies(*exchange);
    for (unsigned copy = 0; copy < silent; ++copy)
      each(Try{exchange->at, TryResult::silent, exchange});
    const bool late = exchange->answered() && exchange->left.size() > 1;
    const Try last{late ? exchange->replies.front().at : exchange->at, result_of(*exchange),
                   exchange};
    for (std::size_t copy = silent; copy < std::max<std::size_t>(exchange->left.size(), 1); ++copy)
      each(last);
  }
}

}  // namespace

std::vector<Try> tries_of(const Case& the_case, Aim aim) {
  std::vector<Try> tries;
  each_try(the_case, aim, [&](const Try& one) { tries.push_back(one); });
  put_in_order(tries, &Try::at);
  return tries;
}

Tally tally_of(const Case& the_case, Aim aim) {
  Tally tally;
  each_try(the_case, aim, [&](const Try& one) {
    ++tally.asked;
    if (one.result == TryResult::accepted) ++tally.accepted;
    if (one.result == TryResult::reset) ++tally.reset;
    if (one.result == TryResult::silent) ++tally.silent;
  });
  return tally;
}

}  // namespace hopblame
