#include "analysis/verdict/tarpit.hpp"

#include <algorithm>

#include "analysis/path/window.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

/// It had a window in its SYN/ACK, and took it back: a SYN proxy has none to begin with.
const Reply* taken_back(const Case& the_case, const Accepted& accepted) {
  const auto* call = the_case.kernel_syn;
  if (call == nullptr || has_no_window(accepted) || !is_window_shut(*call)) return nullptr;
  const auto found = std::ranges::find_if(call->replies, shuts_window);
  return found->kind == ReplyKind::syn_ack ? nullptr : &*found;
}

bool has_opened(const Case& the_case) {
  return the_case.kernel_syn != nullptr && opening_of_window(*the_case.kernel_syn) != nullptr;
}

}  // namespace

bool is_made_up(const Accepted& accepted) {
  const auto& segment = accepted.reply->segment;
  return segment && is_made_up(*segment);
}

Evidence made_up(const Reply& syn_ack) {
  return {say("The SYN/ACK has no options and a window of a few bytes: no ordinary stack answers "
              "like that, a tarpit does."),
          {syn_ack.frame}};
}

bool is_like_tarpit(const Case& the_case, const Accepted& accepted) {
  if (taken_back(the_case, accepted) != nullptr) return true;
  return is_made_up(accepted) && !has_opened(the_case);
}

Explanation tarpit(const Case& the_case, const Accepted& accepted, const Where& where) {
  const bool at_host = where.kind == CulpritKind::destination;
  auto found = explain(Mechanism::tarpit, the_case, accepted, where,
                       at_host ? say("what is really listening there: `ss -ltnp` on the host")
                               : say("the tarpit rules on {}", place_named(the_case, where)));
  if (is_made_up(accepted)) found.because.push_back(made_up(*accepted.reply));
  if (const auto* shut = taken_back(the_case, accepted))
    found.because.push_back({say("After the handshake it announces a window of 0, and opens none "
                                 "in {} s: the client can say nothing.",
                                 Seconds{the_case.run.ended - shut->at}),
                             {shut->frame}});
  return found;
}

void add_tarpit(Finding& finding, const Case& the_case, const Accepted& accepted,
                const Where& where) {
  auto held = tarpit(the_case, accepted, where);
  if (finding.outcome == Outcome::open) {
    finding.confidence = Confidence::weak;
    finding.explanations.push_back(std::move(held));
    return;
  }
  if (is_made_up(accepted))
    for (auto& other : finding.explanations) other.rank = 2;
  finding.explanations.insert(finding.explanations.begin(), std::move(held));
}

}  // namespace hopblame
