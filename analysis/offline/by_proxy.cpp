#include "analysis/offline/by_proxy.hpp"

#include <algorithm>

#include "analysis/model/in_order.hpp"
#include "analysis/offline/stuck.hpp"

namespace hopblame::offline {
namespace {

bool is_of_who_accepted(const Attempt& attempt) {
  const auto* syn_ack = first_of(attempt, ReplyKind::syn_ack);
  const auto& end = attempt.talk.end;
  if (!syn_ack || attempt.gapped || is_stuck(attempt)) return false;
  if (end && (end->disowned || end->outlived)) return false;
  return !end || !end->reset || end->hop_limit == syn_ack->hop_limit;
}

}  // namespace

bool by_proxy(const Attempt& attempt) {
  const auto* syn_ack = first_of(attempt, ReplyKind::syn_ack);
  return syn_ack && syn_ack->segment && syn_ack->segment->window == 0 && !attempt.talk.asked;
}

void keep_proxy(const Verdict& judged, const Attempt* example, Verdict& found) {
  const auto proxy =
      std::ranges::find(judged.explanations, Mechanism::transparent_proxy, &Explanation::mechanism);
  if (proxy == judged.explanations.end() || !example || !is_of_who_accepted(*example)) return;
  found.explanations.push_back(*proxy);
  found.explanations.back().rank = 1;
  put_in_order(found.explanations, &Explanation::rank);
  found.culprit = {{CulpritKind::unknown, 1, {}, {}}, Confidence::weak};
}

}  // namespace hopblame::offline
