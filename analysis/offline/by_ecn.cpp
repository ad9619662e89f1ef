#include "analysis/offline/by_ecn.hpp"

#include <cmath>

#include "analysis/model/level.hpp"
#include "analysis/path/distance.hpp"

namespace hopblame::offline {
namespace {

/// The first answer came after the second SYN and before the third.
bool is_answered_second(const Exchange& exchange) {
  const auto& asked = exchange.left;
  if (asked.size() < 2 || !exchange.answered()) return false;
  const auto answer = exchange.replies.front().frame;
  return asked[1] < answer && (asked.size() == 2 || answer < asked[2]);
}

bool is_answered_first(const Exchange& exchange) {
  return exchange.answered() &&
         (exchange.left.size() < 2 || exchange.replies.front().frame < exchange.left[1]);
}

struct Sorted {
  std::vector<const Attempt*> late;  ///< the SYN with ECN in vain, the next one without answered
  unsigned plain = 0;                ///< a first SYN without, answered at once
  bool otherwise = false;            ///< loss, or a path that lets SYNs with ECN pass
};

Sorted sorted(const std::vector<Attempt>& sample, const IpAddress& client) {
  Sorted found;
  for (const auto& attempt : sample) {
    const auto& exchange = attempt.exchange;
    if (!is_call_of(attempt, client)) continue;
    if (attempt.fell_back && is_answered_second(exchange))
      found.late.push_back(&attempt);
    else if (!attempt.asks_ecn && is_answered_first(exchange))
      ++found.plain;
    else
      found.otherwise = true;
  }
  return found;
}

/// Of loss at the rate at which it would most often lose just these SYNs and no other.
double chance_of_loss(double lost, double answered) {
  const double rate = lost / (lost + answered);
  return std::pow(rate, lost) * std::pow(1 - rate, answered);
}

Evidence told(const Sorted& found) {
  std::vector<FrameId> cited;
  for (const auto* attempt : found.late)
    for (std::size_t i = 0; i < 2; ++i) cited.push_back(attempt->exchange.left[i]);
  const auto count = found.late.size();
  if (found.plain > 0)
    return {say("{} connections looked at began with a SYN that asks for ECN (ECE and CWR are set) "
                "and got "
                "no answer; the next one, without, was answered, and so were {} that never asked "
                "for it. Something on the way drops SYNs that do; each such connection begins a "
                "second late. With ECN off on the client (`sudo sysctl net.ipv4.tcp_ecn=0`) it "
                "would not.",
                count, found.plain),
            std::move(cited)};
  return {say("{} connections looked at began with a SYN that asks for ECN (ECE and CWR are set) "
              "and got no "
              "answer; the next one, without, was answered each time. Something on the way drops "
              "SYNs that ask for it, or the first SYN of every connection (protection against SYN "
              "floods); each begins a second late. If it does not with ECN off on the client "
              "(`sudo sysctl net.ipv4.tcp_ecn=0`), the two flags decide.",
              count),
          std::move(cited)};
}

}  // namespace

std::optional<Explanation> drops_ecn(const std::vector<Attempt>& sample, const IpAddress& client) {
  const auto found = sorted(sample, client);
  const auto late = found.late.size();
  if (late < 2 || found.otherwise) return {};
  const auto lost = static_cast<double>(late);
  if (chance_of_loss(lost, lost + found.plain) >= level::by_form) return {};
  const auto answer = as_passed_on(*found.late.back()).replies.front();
  Explanation rule{Mechanism::syn_filter,
                   2,
                   {CulpritKind::between, 1, guessed_distance(answer.hop_limit), {}},
                   {told(found)},
                   {},
                   say("rules on what TCP flags or the ToS of a SYN hold, and those against SYN "
                       "floods, on each hop: which one counts with every connection?")};
  if (rule.where.last_hop <= 1) rule.where = {CulpritKind::destination, 1, 1, answer.from};
  return rule;
}

}  // namespace hopblame::offline
