#include "analysis/offline/other_family.hpp"

#include <algorithm>

namespace hopblame::offline {
namespace {

constexpr std::size_t most_targets = 64;
/// RFC 8305 section 8: 250 ms, and 2 s at most.
constexpr Duration longest_delay = std::chrono::seconds(2);
/// Section 5: who was refused goes on at once, who has heard nothing after 100 ms at least.
constexpr Duration shortest_delay = std::chrono::milliseconds(100);

/// The last may still have waited when the capture ended.
bool is_in_vain(const Attempt& attempt) {
  const bool undecided = attempt.outcome == Outcome::inconclusive;
  return attempt.outcome == Outcome::dropped || (undecided && !attempt.exchange.answered());
}

bool follows(const Attempt& open, const Attempt& silent) {
  const auto after = open.exchange.at - silent.exchange.at;
  return open.outcome == Outcome::open && after > Duration{} && after <= longest_delay;
}

/// When a program went on after it had asked here.
std::optional<Duration> delay_after(const Attempt& silent, const std::vector<Attempt>& others) {
  std::optional<Duration> delay;
  for (const auto& open : others)
    if (follows(open, silent)) {
      const auto after = open.exchange.at - silent.exchange.at;
      delay = std::min(delay.value_or(after), after);
    }
  return delay;
}

/// The shortest; none: not after each.
std::optional<Duration> delay_after_each(const std::vector<Attempt>& sample,
                                         const std::vector<Attempt>& others) {
  std::optional<Duration> shortest;
  for (const auto& silent : sample) {
    if (!is_in_vain(silent)) continue;
    if (silent.exchange.left.size() > 1) return {};
    const auto delay = delay_after(silent, others);
    if (!delay) return {};
    shortest = std::min(shortest.value_or(*delay), *delay);
  }
  return shortest;
}

Text went_on_after(Duration delay, const Endpoint& end) {
  const auto text =
      say("Each SYN in vain was sent once, and moments later a connection to {} port {} was made: "
          "a program "
          "that tries both families (RFC 8305) went on with that one, and did not wait here.",
          end.address, end.port);
  if (delay < shortest_delay) return text;
  return text.str() +
         say(" It went on after {} ms at the earliest, as it does where nothing at all "
             "has come by then, no RST and no message: what fails at once it leaves at "
             "once.",
             Milliseconds{delay})
             .str();
}

}  // namespace

std::optional<Text> went_on_by_other_family(const Book& book, const Target& target,
                                            const std::vector<Attempt>& sample) {
  if (book.targets().size() > most_targets || sample.empty()) return {};
  for (const auto& other : book.targets()) {
    const auto& end = other.endpoint;
    if (end.port != target.endpoint.port || other.attempts.open == 0) continue;
    if (end.address.family == target.endpoint.address.family) continue;
    if (const auto delay = delay_after_each(sample, book.sample_of(other)))
      return went_on_after(*delay, end);
  }
  return {};
}

}  // namespace hopblame::offline
