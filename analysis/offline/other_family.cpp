#include "analysis/offline/other_family.hpp"

#include <algorithm>

namespace hopblame::offline {
namespace {

constexpr std::size_t most_targets = 64;
/// RFC 8305 section 8: 250 ms, and 2 s at most.
constexpr Duration longest_delay = std::chrono::seconds(2);

bool asked_in_vain_once(const Attempt& attempt) {
  return attempt.outcome == Outcome::dropped && attempt.exchange.left.size() == 1;
}

bool follows(const Attempt& open, const Attempt& silent) {
  const auto after = open.exchange.at - silent.exchange.at;
  return open.outcome == Outcome::open && after > Duration{} && after <= longest_delay;
}

}  // namespace

std::optional<Text> went_on_by_other_family(const Book& book, const Target& target,
                                            const std::vector<Attempt>& sample) {
  if (book.targets().size() > most_targets || sample.empty()) return {};
  if (!std::ranges::all_of(sample, asked_in_vain_once)) return {};
  for (const auto& other : book.targets()) {
    const auto& end = other.endpoint;
    if (end.port != target.endpoint.port || other.attempts.open == 0) continue;
    if (end.address.family == target.endpoint.address.family) continue;
    const auto others = book.sample_of(other);
    const bool each = std::ranges::all_of(sample, [&](const Attempt& silent) {
      return std::ranges::any_of(others,
                                 [&](const Attempt& open) { return follows(open, silent); });
    });
    if (each)
      return say(
          "Each SYN was sent once, and moments later a connection to {} port {} was made: a "
          "program "
          "that tries both families (RFC 8305) went on with that one, and did not wait here.",
          end.address, end.port);
  }
  return {};
}

}  // namespace hopblame::offline
