#include "analysis/offline/shelf.hpp"

#include <random>

#include "analysis/offline/attempt.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::offline;

namespace {

/// Attempts of every kind, with numbers of every size.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  Ends ends() {
    Ends ends;
    ends.family = chance() ? Family::ipv4 : Family::ipv6;
    fill(ends.client, ends.family);
    fill(ends.server, ends.family);
    return ends;
  }

  TrailId trail(Trails& trails, const Ends& ends) {
    const auto id = trails.take();
    auto& trail = trails[id];
    Flow flow{chance() ? Transport::tcp : Transport::udp,
              {{ends.family, ends.client}, number<std::uint16_t>()},
              {{ends.family, ends.server}, number<std::uint16_t>()}};
    if (chance()) fill(flow.source.address.bytes, ends.family);
    const auto key = key_of(flow);
    trail.key = key.key;
    trail.from_low = key.from_low;
    trail.kind = static_cast<ProbeKind>(random_() % 4);
    trail.hop_limit = {number<std::uint8_t>()};
    trail.traffic_class = number<std::uint8_t>();
    trail.unacknowledged = number<std::uint8_t>();
    trail.said_in_vain = number<std::uint8_t>();
    trail.shut = number<std::uint8_t>() & 0x7f;
    trail.sequence = number<std::uint32_t>();
    trail.number = number<std::uint32_t>();
    trail.at = moment();
    trail.frame = {number<std::uint64_t>() >> 20};
    if (chance()) trail.outcome = static_cast<Outcome>(random_() % 10);
    trail.joined = chance();
    trail.by_stack = chance();
    trail.heard = chance();
    trail.gave_up = random_() & 1;
    trail.lacks = chance();
    trail.passed_on = random_() & 1;
    for (auto copies = random_() % (Trails::most_copies + 1), i = copies; i > 0; --i)
      trails.add_copy(trail, {trail.frame.value + 7 * (copies - i)});
    trail.touched = trail.copies > 1 ? moment() : trail.at;
    for (auto answers = random_() % (Trails::most_answers + 1); answers > 0; --answers)
      trails.add_answer(trail, answer());
    if (chance()) add_rest(trails, trail);
    return id;
  }

 private:
  bool chance() { return random_() % 2 == 0; }
  template <class Number>
  Number number() {
    return static_cast<Number>(random_() >> random_() % 64);
  }
  TimePoint moment() { return TimePoint(Duration(number<std::int64_t>() >> 2)); }
  void fill(AddressBytes& bytes, Family family) {
    for (std::size_t i = 0; i < (family == Family::ipv4 ? 4u : 16u); ++i)
      bytes[i] = number<std::uint8_t>();
  }

  Answer answer() {
    Answer answer;
    answer.frame = {number<std::uint64_t>() >> 20};
    answer.at = moment();
    answer.kind = static_cast<ReplyKind>(random_() % 10);
    answer.hop_limit = {number<std::uint8_t>()};
    answer.traffic_class = number<std::uint8_t>();
    answer.ip_id_or_flow_label = number<std::uint32_t>();
    answer.dont_fragment = chance();
    answer.passed_on = chance();
    if (chance())
      answer.what = SeenSegment{number<std::uint32_t>(),
                                number<std::uint32_t>(),
                                number<std::uint32_t>(),
                                number<std::uint16_t>(),
                                number<std::uint8_t>(),
                                number<std::uint8_t>(),
                                {{}, chance(), chance(), chance(), chance()}};
    else if (chance())
      answer.what = rejection();
    else if (chance())
      answer.what = elsewhere();
    auto* segment = std::get_if<SeenSegment>(&answer.what);
    if (segment && chance()) segment->options.mss = number<std::uint16_t>();
    return answer;
  }

  Elsewhere elsewhere() {
    Elsewhere other;
    fill(other.sender, Family::ipv4);
    other.flags = number<std::uint8_t>();
    return other;
  }

  Rejection rejection() {
    Rejection error;
    fill(error.sender, Family::ipv4);
    error.mtu = number<std::uint32_t>();
    error.ip_id_or_flow_label = number<std::uint32_t>();
    error.bytes = number<std::uint16_t>();
    error.type = number<std::uint8_t>();
    error.code = number<std::uint8_t>();
    error.hop_limit = number<std::uint8_t>();
    error.traffic_class = number<std::uint8_t>();
    error.flags = number<std::uint8_t>();
    error.has_flags = chance();
    error.of_server = chance();
    return error;
  }

  void add_rest(Trails& trails, Trail& trail) {
    auto& rest = trails.rest_of(trail);
    rest.connected = moment();
    rest.spoke = moment();
    rest.client_closed = moment();
    rest.closed = moment();
    rest.end = {number<std::uint64_t>() >> 20};
    rest.witness = {number<std::uint64_t>() >> 20};
    rest.end_hop_limit = {number<std::uint8_t>()};
    if (trail.talking && !trail.joined && trail.number != 0) {
      rest.asked = number<std::uint16_t>();
      rest.asked_after = number<std::uint32_t>() & 0x7fff'ffff;
    }
    trail.talking = chance();
    trail.client_closed = chance();
    trail.closed = chance();
    trail.reset = chance();
    trail.own_reset = chance();
    trail.spoke = chance();
    const std::vector<std::uint8_t> text(random_() % 200, 'x');
    if (trail.spoke) trails.add_greeting(trail, text);
  }

  std::mt19937_64 random_;
};

std::vector<Attempt> on(const Shelf& shelf, PoolId newest, const Ends& ends) {
  std::vector<Attempt> attempts;
  shelf.each(newest, ends, [&](const Trails& trails, const Trail& trail) {
    attempts.push_back(unfolded(trails, trail));
  });
  return attempts;
}

}  // namespace

TEST_CASE("shelf: what is taken out is what was put there") {
  Maker maker(1);
  Trails trails;
  Shelf shelf;
  for (int round = 0; round < 3000; ++round) {
    const auto ends = maker.ends();
    const auto older = maker.trail(trails, ends), newer = maker.trail(trails, ends);
    const auto before = shelf.put(trails, trails[older], ends, nothing);
    const auto first = shelf.put(trails, trails[newer], ends, before);
    const auto kept = on(shelf, first, ends);
    REQUIRE(kept.size() == 2);
    REQUIRE((kept[0] == unfolded(trails, trails[newer])));
    REQUIRE((kept[1] == unfolded(trails, trails[older])));
    CHECK(shelf.label(first).hop_limit == trails[newer].hop_limit);
    CHECK(shelf.label(first).outcome == trails[newer].outcome);
    shelf.remove(before);
    if (round % 2 == 0) shelf.remove(first);
    trails.give_back(older);
    trails.give_back(newer);
  }
}

TEST_CASE("shelf: a place that was left is used again") {
  Maker maker(2);
  Trails trails;
  Shelf shelf;
  const auto ends = maker.ends();
  const auto id = maker.trail(trails, ends);
  const auto first = shelf.put(trails, trails[id], ends, nothing);
  shelf.remove(first);
  CHECK(shelf.put(trails, trails[id], ends, nothing) == first);
}
