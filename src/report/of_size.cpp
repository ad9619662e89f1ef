#include "src/report/of_size.hpp"

#include "analysis/compare/decisive.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

/// A RST that ended somebody else's connection in mid-course is no matter of size.
bool may_be_forgotten(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  return !compared(input) && is_foreign(input.run) && verdict.outcome == Outcome::closed_early &&
         lists(verdict.explanations, Mechanism::data_blocked);
}

/// Of a run of our own: did the peer acknowledge all that was said to it?
std::optional<bool> was_heard(const Run& run) {
  const auto& connect = run.connect;
  if (is_foreign(run) || !connect || !connect->ssh || !connect->ssh->said) return {};
  std::optional<std::uint32_t> first;
  std::uint32_t heard = 0;
  for (const auto& seen : run.observations) {
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    if (!segment || segment->is_reset()) continue;
    if (seen.flow == connect->flow && segment->is_syn()) first = segment->sequence + 1;
    if (first && seen.flow == connect->flow.reversed() && segment->has(tcp_flag::ack))
      heard = std::max(heard, segment->acknowledgment - *first);
  }
  return heard >= connect->ssh->said_bytes;
}

}  // namespace

bool is_lost_on_way(const ReportInput& input) {
  const auto* attempt = compared(input);
  return attempt && (attempt->finding == compare::Finding::data_lost ||
                     attempt->finding == compare::Finding::translated_anew);
}

bool was_cut(const ReportInput& input) {
  if (const auto* attempt = compared(input)) return is_lost_on_way(input) && attempt->small_lost;
  const auto& connect = input.run.connect;
  return may_be_forgotten(input) ||
         (connect && connect->spoke && (connect->small_lost || connect->pause));
}

bool may_be_of_size(const ReportInput& input) {
  if (const auto* attempt = compared(input); attempt && compare::tells(*attempt))
    return is_lost_on_way(input) && !attempt->small_lost;
  const auto& connect = input.run.connect;
  return connect && connect->spoke && !connect->small_lost && !may_be_forgotten(input);
}

bool is_told_too_big(const ReportInput& input) {
  const auto& explanations = input.analysis.verdict.explanations;
  return input.analysis.verdict.outcome == Outcome::silent_service &&
         lists(explanations, Mechanism::local_input_filter) &&
         lists(explanations, Mechanism::data_blocked);
}

[[gnu::noinline]] only::Bits large_ways(const ReportInput& input) {
  const auto* attempt = compared(input);
  const auto way = attempt && is_lost_on_way(input) ? attempt->way : std::nullopt;
  if (way) return *way == compare::Way::back ? only::large_back : only::large_there;
  const bool ended = input.analysis.verdict.outcome != Outcome::silent_service;
  if (ended || is_told_too_big(input) || input.both) return only::large_there;
  const auto heard = was_heard(input.run);
  if (!heard) return only::large_there | only::large_back;
  return *heard ? only::large_back : only::large_there;
}

}  // namespace hopblame
