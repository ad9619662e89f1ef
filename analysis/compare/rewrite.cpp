#include "analysis/compare/rewrite.hpp"

#include <algorithm>
#include <map>

namespace hopblame::compare {
namespace {

constexpr int most_routers = 64;
constexpr std::uint8_t dscp_bits = 0xfc;  ///< the rest is ECN, which routers may set (RFC 3168)

const Observation& sent(const Journey& journey) {
  return journey.way == Way::there ? *journey.client : *journey.server;
}
const Observation& received(const Journey& journey) {
  return journey.way == Way::there ? *journey.server : *journey.client;
}

int decrement(const Journey& journey) {
  return int{sent(journey).hop_limit.value} - int{received(journey).hop_limit.value};
}

/// Which of them a SYN has.
struct Options {
  explicit Options(const TcpSegment& segment)
      : mss(segment.mss.has_value()),
        sack(segment.sack_permitted),
        timestamps(segment.timestamps),
        window_scale(segment.window_scale) {}
  bool mss, sack, timestamps, window_scale;
  bool operator==(const Options&) const = default;
};

std::string text_of(const Options& options) {
  std::string text;
  const auto add = [&](bool there, const char* name) {
    if (there) text += (text.empty() ? "" : ", ") + std::string(name);
  };
  add(options.mss, "MSS");
  add(options.sack, "SACK");
  add(options.timestamps, "timestamps");
  add(options.window_scale, "window scale");
  return text.empty() ? "none" : text;
}

std::string text_of(const IpAddress& address) { return to_string(address); }
std::string text_of(std::uint32_t number) { return std::to_string(number); }

class Collector {
 public:
  void see(const Journey& journey, std::optional<std::uint8_t> routers) {
    journey_ = &journey;
    const auto &before = sent(journey), &after = received(journey);
    addresses(before.flow, after.flow);
    const int passed = decrement(journey);
    if (routers && passed != *routers && passed != 0)
      note(Field::hop_limit, std::to_string(before.hop_limit.value),
           std::to_string(after.hop_limit.value));
    compare(Field::traffic_class, std::uint32_t{before.traffic_class} & dscp_bits,
            std::uint32_t{after.traffic_class} & dscp_bits);
    const auto *left = segment_of(before), *arrived = segment_of(after);
    if (left && arrived) segments(*left, *arrived);
  }
  std::vector<Rewrite> take() { return std::move(found_); }

 private:
  void addresses(const Flow& before, const Flow& after) {
    compare(Field::source_address, before.source.address, after.source.address);
    compare(Field::source_port, before.source.port, after.source.port);
    compare(Field::destination_address, before.destination.address, after.destination.address);
    compare(Field::destination_port, before.destination.port, after.destination.port);
  }

  void segments(const TcpSegment& before, const TcpSegment& after) {
    compare(Field::sequence, before.sequence, after.sequence);
    if (before.has(tcp_flag::ack))
      compare(Field::acknowledgment, before.acknowledgment, after.acknowledgment);
    compare(Field::window, before.window, after.window);
    if (before.mss && after.mss) compare(Field::mss, *before.mss, *after.mss);
    if (before.has(tcp_flag::syn)) compare(Field::options, Options{before}, Options{after});
  }

  template <class Value>
  void compare(Field field, const Value& before, const Value& after) {
    if (before != after) note(field, text_of(before), text_of(after));
  }

  void note(Field field, std::string before, std::string after) {
    const bool known = std::ranges::any_of(found_, [&](const Rewrite& rewrite) {
      return rewrite.field == field && rewrite.way == journey_->way;
    });
    if (!known)
      found_.push_back({field, journey_->way, std::move(before), std::move(after),
                        journey_->client->frame, journey_->server->frame});
  }

  const Journey* journey_ = nullptr;
  std::vector<Rewrite> found_;
};

bool arrived(const Journey& journey) { return journey.fate == Fate::arrived; }

/// Where no packet lost a plausible number, something sets the hop limit of them all.
struct Routers {
  explicit Routers(std::span<const Journey> journeys)
      : there(routers_passed(journeys, Way::there).value_or(most_routers)),
        back(routers_passed(journeys, Way::back).value_or(most_routers)) {}
  [[nodiscard]] std::uint8_t of(const Journey& journey) const {
    return journey.way == Way::there ? there : back;
  }
  std::uint8_t there, back;
};

}  // namespace

std::optional<std::uint8_t> routers_passed(std::span<const Journey> journeys, Way way) {
  std::map<int, unsigned> counts;
  for (const auto& journey : journeys)
    if (arrived(journey) && journey.way == way)
      if (const int passed = decrement(journey); passed >= 0 && passed < most_routers)
        ++counts[passed];
  if (counts.empty()) return {};
  const auto most =
      std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  return static_cast<std::uint8_t>(most->first);
}

std::optional<std::uint8_t> routers_between(std::span<const Journey> journeys) {
  const auto there = routers_passed(journeys, Way::there);
  return there.value_or(0) > 0 ? there : std::max(there, routers_passed(journeys, Way::back));
}

std::vector<Rewrite> rewrites_of(const std::vector<Journey>& journeys) {
  Collector collector;
  const Routers routers(journeys);
  for (const auto& journey : journeys)
    if (arrived(journey)) collector.see(journey, routers.of(journey));
  return collector.take();
}

std::vector<std::vector<Field>> changes_by_packet(std::span<const Journey> journeys) {
  std::vector<std::vector<Field>> changes(journeys.size());
  const Routers routers(journeys);
  for (std::size_t i = 0; i < journeys.size(); ++i) {
    if (!arrived(journeys[i])) continue;
    Collector collector;
    collector.see(journeys[i], routers.of(journeys[i]));
    for (const auto& rewrite : collector.take()) changes[i].push_back(rewrite.field);
  }
  return changes;
}

}  // namespace hopblame::compare
