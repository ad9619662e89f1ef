// Somebody off the path answers in other people's names while a diagnosis runs. He knows the
// addresses and the ports, but sees none of our packets: nothing of his is believed, all that has
// our tuple is counted, and the verdict is the one without him.

#include <algorithm>
#include <functional>
#include <random>
#include <tuple>

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

/// Which ports he knows, and so which flows he aims at.
enum class Knows { no_ports, all_ports, connection };

class Attacker {
 public:
  Attacker(unsigned per_step, unsigned most, Knows knows)
      : per_step_(per_step), left_(most), knows_(knows) {}

  std::vector<Observation> operator()(std::span<const Flow> flows, TimePoint now) {
    std::vector<Observation> forged;
    if (knows_ == Knows::connection) flows = flows.first(flows.empty() ? 0 : 1);
    for (unsigned i = 0; i < per_step_ && left_ > 0 && !flows.empty(); ++i, --left_) {
      forged.push_back(forge(flows[random_() % flows.size()]));
      forged.back().at = now;
    }
    return forged;
  }
  [[nodiscard]] unsigned left() const { return left_; }

 private:
  std::uint32_t number() { return static_cast<std::uint32_t>(random_()); }

  Observation forge(Flow flow) {
    if (knows_ == Knows::no_ports)
      flow.source.port = static_cast<std::uint16_t>(1024 + random_() % 64512);
    Observation seen;
    seen.hop_limit = {static_cast<std::uint8_t>(40 + random_() % 30)};
    seen.flow = flow.reversed();
    if (flow.transport == Transport::tcp && random_() % 3 != 0)
      seen.message = segment();
    else
      seen.message = error(flow);
    return seen;
  }

  TcpSegment segment() {
    constexpr std::uint8_t kinds[] = {tcp_flag::rst, tcp_flag::rst | tcp_flag::ack,
                                      tcp_flag::syn | tcp_flag::ack, tcp_flag::ack,
                                      tcp_flag::fin | tcp_flag::ack};
    TcpSegment segment;
    segment.flags = kinds[random_() % std::size(kinds)];
    segment.sequence = number();
    if (segment.has(tcp_flag::ack)) segment.acknowledgment = number();
    segment.payload = random_() % 4 == 0 ? 20 : 0;
    return segment;
  }

  IcmpError error(const Flow& flow) {
    constexpr std::pair<std::uint8_t, std::uint8_t> kinds[] = {{3, 1}, {3, 3}, {3, 13}, {11, 0}};
    IcmpError error;
    std::tie(error.type, error.code) = kinds[random_() % std::size(kinds)];
    error.quote.emplace();
    error.quote->flow = flow;
    error.quote->hop_limit = {1};
    if (flow.transport == Transport::tcp) error.quote->tcp_sequence = number();
    return error;
  }

  std::mt19937_64 random_{7};
  unsigned per_step_, left_;
  Knows knows_;
};

/// One of each way to end, and a connection that stays open to be forged into.
std::vector<Chain> chains() {
  Chain open, reset, silent;
  reset.fault_hop = silent.fault_hop = 2;
  reset.fault = "forward reset tcp 22";
  silent.fault = "forward drop tcp 22";
  return {open, reset, silent};
}

sim::Session run(const Chain& chain, Family family, Attacker* attacker) {
  sim::SessionOptions options;
  if (attacker != nullptr) options.intruder = std::ref(*attacker);
  return sim::probe(sim::parse_scenario(text_of(chain), family), options);
}

bool warns(const Verdict& verdict) {
  return std::ranges::any_of(verdict.caveats,
                             [](const Caveat& c) { return c.id == CaveatId::forged_replies; });
}

/// But for that one caveat.
std::string essence(Verdict verdict) {
  std::erase_if(verdict.caveats, [](const Caveat& c) { return c.id == CaveatId::forged_replies; });
  return in_short(verdict);
}

/// The attack changes nothing but the count; returns the count.
std::uint64_t endured(const Chain& chain, Family family, Attacker& attacker) {
  const auto quiet = run(chain, family, nullptr), attacked = run(chain, family, &attacker);
  const auto before = analyse(quiet.run), after = analyse(attacked.run);
  INFO(text_of(chain) << essence(before.verdict));
  CHECK(attacked.run.sends == quiet.run.sends);
  CHECK(essence(after.verdict) == essence(before.verdict));
  CHECK(after.path == before.path);
  CHECK(after.packets.received == before.packets.received);
  CHECK(after.packets.rejected_as_forged == attacked.run.facts.misfits);
  CHECK(warns(after.verdict) == (after.packets.rejected_as_forged > 0));
  return after.packets.rejected_as_forged;
}

}  // namespace

TEST_CASE("10 000 forgeries with the right addresses and ports: all are counted", "[forgery]") {
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    for (const auto& chain : chains()) {
      Attacker attacker(1000, 10'000, Knows::all_ports);
      CHECK(endured(chain, family, attacker) == 10'000);
      CHECK(attacker.left() == 0);
    }
  }
}

TEST_CASE("10 000 forgeries into the one connection that is really made", "[forgery]") {
  for (const auto& chain : chains()) {
    Attacker attacker(1000, 10'000, Knows::connection);
    CHECK(endured(chain, Family::ipv4, attacker) == 10'000);
  }
}

TEST_CASE("a million forgeries with random ports: none is believed", "[forgery]") {
  Attacker attacker(25'000, 1'000'000, Knows::no_ports);
  CHECK(endured(chains().front(), Family::ipv4, attacker) < 5'000);
  CHECK(attacker.left() == 0);
}
