// What two captures show together, as sentences: the clocks, the attempts, what was rewritten.
#include <fmt/format.h>

#include <cstdlib>

#include "analysis/compare/telling.hpp"
#include "src/report/document.hpp"
#include "src/report/timestamp.hpp"

namespace hopblame {
namespace {

using namespace compare;

constexpr std::size_t most_attempts = 12;

std::string span_text(Duration span) {
  const auto size = span < Duration{0} ? -span : span;
  if (size >= std::chrono::seconds(1)) return fmt::format("{:.3f} s", seconds(size));
  return fmt::format("{:.3f} ms", milliseconds(size));
}

/// "11:20:00.250"
std::string time_text(TimePoint at) { return timestamp(at).substr(11, 12); }

Point clock_point(const Clock& clock) {
  if (!clock.offset)
    return {"Clocks: no packet was seen at both ends, so how far they are apart is not known."};
  const auto ahead = *clock.offset < Duration{0} ? "behind" : "ahead of";
  if (clock.drift != 0)
    return {fmt::format(
        "Clocks: the server's is {} {} the client's at {} UTC and {} {:.1f} ms a minute ({:.1f} "
        "ppm), give or take {} ({} packets seen at both ends).",
        span_text(*clock.offset), ahead, time_text(clock.measured),
        clock.drift < 0 ? "loses" : "gains", static_cast<double>(std::abs(clock.drift)) * 60 / 1e6,
        static_cast<double>(std::abs(clock.drift)) / 1e3, span_text(*clock.uncertainty),
        clock.packets)};
  const auto sure = clock.uncertainty
                        ? fmt::format("give or take {}", span_text(*clock.uncertainty))
                        : "less the time of one way, which no packet tells";
  return {fmt::format(
      "Clocks: the server's is {} {} the client's, {} ({} packet{} seen at both "
      "ends).",
      span_text(*clock.offset), ahead, sure, clock.packets, clock.packets == 1 ? "" : "s")};
}

Point overlap_point(const Comparison& comparison) {
  const bool covered = comparison.from && comparison.until;
  if (!covered && comparison.lost_there + comparison.lost_back > 0)
    return {
        "The clocks leave no time that both captures cover for certain. What was sent between "
        "packets that both have is looked for all the same."};
  if (!covered)
    return {"The two captures have no time in common for certain, so nothing is called lost."};
  return {fmt::format("Both captures ran from {} to {} UTC, by the client's clock.",
                      time_text(*comparison.from), time_text(*comparison.until))};
}

std::string end_text(const Endpoint& end) {
  return end.address.family == Family::ipv4
             ? fmt::format("{}:{}", to_string(end.address), end.port)
             : fmt::format("[{}]:{}", to_string(end.address), end.port);
}

Point attempt_point(const AttemptFinding& attempt) {
  const auto numbers = cited(attempt.client_packets, attempt.server_packets);
  return {fmt::format("{} UTC, from {}: {}. {}{}", time_text(attempt.at),
                      end_text(attempt.at_client.source), to_string(attempt.outcome), attempt.text,
                      numbers)};
}

const char* field_text(Field field) {
  switch (field) {
    case Field::source_address: return "the source address";
    case Field::source_port: return "the source port";
    case Field::destination_address: return "the destination address";
    case Field::destination_port: return "the destination port";
    case Field::mss: return "the MSS";
    case Field::hop_limit: return "the TTL, other than routers do,";
    case Field::traffic_class: return "the type of service byte (four times the DSCP)";
    case Field::sequence: return "the sequence number";
    case Field::acknowledgment: return "the acknowledgment number";
    case Field::options: return "the TCP options";
    case Field::window: break;
  }
  return "the window";
}

Point rewrite_point(const Rewrite& rewrite) {
  return {fmt::format("On the way {} something changed {} from {} to {}{}.", to_string(rewrite.way),
                      field_text(rewrite.field), rewrite.sent, rewrite.received,
                      cited({rewrite.client}, {rewrite.server}))};
}

}  // namespace

std::vector<Point> both_ends(const ReportInput& input) {
  if (!input.both) return {};
  const auto& comparison = *input.both;
  std::vector<Point> points{clock_point(comparison.clock), overlap_point(comparison)};
  const auto& attempts = comparison.attempts;
  for (std::size_t i = 0; i < std::min(attempts.size(), most_attempts); ++i)
    points.push_back(attempt_point(attempts[i]));
  if (attempts.size() > most_attempts)
    points.push_back(
        {fmt::format("{} attempts more: --json has them all.", attempts.size() - most_attempts)});
  for (const auto& rewrite : comparison.rewrites) points.push_back(rewrite_point(rewrite));
  return points;
}

}  // namespace hopblame
