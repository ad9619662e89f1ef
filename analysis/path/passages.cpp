#include "analysis/path/passages.hpp"

#include "analysis/model/in_order.hpp"
#include "analysis/path/loss.hpp"

namespace hopblame {

std::vector<Passage> passages_beyond(std::span<const Exchange> exchanges, std::uint8_t hop,
                                     std::optional<Aim> aim) {
  std::vector<Passage> passages;
  for (const auto& exchange : exchanges) {
    const auto& question = exchange.spec.question;
    if (question.kind != ProbeKind::syn || !exchange.sent()) continue;
    if (question.hop_limit.value <= hop || (aim && question.aim != *aim)) continue;
    const bool repeated = silent_copies(exchange) > 0;
    if (!exchange.answered() || repeated) passages.push_back({exchange.at, false});
    if (exchange.answered())
      passages.push_back({repeated ? exchange.replies.front().at : exchange.at, true});
  }
  put_in_order(passages, &Passage::at);
  return passages;
}

}  // namespace hopblame
