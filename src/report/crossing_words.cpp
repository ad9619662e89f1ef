#include "src/report/crossing_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hopblame {
namespace {

using namespace compare;

const char* short_name(Field field) {
  switch (field) {
    case Field::source_address:
    case Field::source_port: return "source";
    case Field::destination_address:
    case Field::destination_port: return "destination";
    case Field::mss: return "MSS";
    case Field::hop_limit: return "TTL";
    case Field::traffic_class: return "DSCP";
    case Field::sequence: return "sequence";
    case Field::acknowledgment: return "acknowledgment";
    case Field::options: return "options";
    case Field::window: break;
  }
  return "window";
}

std::string since_text(Duration since) {
  const double ms = milliseconds(since);
  return std::abs(ms) < 1000 ? fmt::format("{:.2f} ms", ms) : fmt::format("{:.3f} s", ms / 1000);
}

}  // namespace

std::string changed_text(const Crossing& crossing) {
  std::vector<std::string> names;
  for (const auto field : crossing.changed)
    if (std::ranges::find(names, short_name(field)) == names.end())
      names.emplace_back(short_name(field));
  return names.empty() ? "" : fmt::format("changed: {}", fmt::join(names, ", "));
}

std::string left_out_text(const Comparison& comparison) {
  const auto [all, arrived] = comparison.left_out;
  return fmt::format("{} packet{} more{}", all, all == 1 ? "" : "s",
                     arrived == all ? " that arrived"
                     : arrived == 0 ? ""
                                    : fmt::format(", {} of which arrived", arrived));
}

/// A capture that misses some packets of a connection and shows others.
const char* missed_text(const Crossing& crossing) {
  const bool seen_leaving = (crossing.way == Way::there) == crossing.client.has_value();
  return seen_leaving ? "arrived unseen" : "left unseen";
}

std::string fate_text(const Crossing& crossing) {
  if (crossing.missed) return missed_text(crossing);
  if (crossing.made_by) return fmt::format("by {}", to_string(*crossing.made_by));
  switch (crossing.fate) {
    case Fate::lost: return "never arrived";
    case Fate::stranger: return "nobody sent it";
    case Fate::unknown:
    case Fate::unshown: return "nobody looked";
    case Fate::arrived: break;
  }
  return {};
}

std::string passage_text(const std::optional<Passage>& passage, TimePoint begun) {
  if (!passage) return {};
  return fmt::format("#{} at {}", passage->frame.value, since_text(passage->at - begun));
}

TimePoint begun(const Comparison& comparison) {
  auto first = TimePoint::max();
  for (const auto& crossing : comparison.crossings)
    for (const auto& end : {crossing.client, crossing.server})
      if (end) first = std::min(first, end->at);
  return first;
}

}  // namespace hopblame
