#include "tests/properties/random_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "tests/properties/chain.hpp"
#include "tests/properties/random_faults.hpp"

namespace hopblame::properties {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed * 0x9e3779b97f4a7c15u + 1) {}
  double unit() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  bool chance(double share) { return unit() < share; }
  unsigned from(unsigned low, unsigned high) {
    return low + static_cast<unsigned>(unit() * (high - low + 1));
  }

 private:
  std::mt19937_64 random_;
};

/// How a router speaks, what it does to packets on their way, and how long the way back is.
std::string router_options(Dice& dice, unsigned hop) {
  std::string text;
  if (dice.chance(0.35))
    text += "ttl 255 ";
  else if (dice.chance(0.1))
    text += "icmp-ttl 255 ";
  else if (dice.chance(0.05))
    text += "ttl 128 ";
  if (dice.chance(0.12)) text += "silent ";
  if (dice.chance(0.2)) text += "quote 8 ";
  if (dice.chance(0.1))
    text += "icmp-limit 1 1 ";
  else if (dice.chance(0.05))
    text += "icmp-limit 3 0.5 empty ";
  if (dice.chance(0.04)) text += "bleach ";
  if (dice.chance(0.05)) text += fmt::format("longer-return {} ", dice.from(1, 3));
  if (dice.chance(0.15)) text += "jitter 0.5ms ";
  if (hop == 1 && dice.chance(0.15)) text += "nat-strict ";
  if (hop == 1 && dice.chance(0.03)) text += "ttl-rewrite ";
  return text;
}

struct HostTraits {
  bool stealth = false, mute = false;
  std::string options;
};

HostTraits host_traits(Dice& dice, const Fault& fault) {
  HostTraits traits{false, false, fault.host};
  if (dice.chance(0.15))
    traits.options += " ttl 128 plain-class";
  else if (dice.chance(0.05))
    traits.options += " ttl 255";
  const bool no_echo = dice.chance(0.15);
  if (no_echo) traits.options += " no-echo";
  traits.stealth = dice.chance(0.08) && fault.at != At::forwarder;
  if (traits.stealth) traits.options += " stealth";
  traits.mute = traits.stealth;  // it answers no ping either
  return traits;
}

std::vector<unsigned> true_hops(const Fault& fault, unsigned n, unsigned f) {
  if (fault.at == At::client) return {fault.mechanisms.front() == Mechanism::local_neighbour};
  if (fault.at == At::host) return {n};
  if (fault.at == At::forwarder) return {n - 1, n};
  // A loop is between the two that send the packet to each other.
  if (fault.mechanisms.front() == Mechanism::routing_loop) return {f, f - 1};
  if (fault.at == At::bridge) return {f, f + 1};
  return {f};
}

bool lets_some_through(const Fault& fault) {
  using M = Mechanism;
  constexpr std::array open{M::listening, M::transparent_proxy, M::rate_limit, M::probe_ban};
  return std::ranges::find(open, fault.mechanisms.front()) != open.end();
}

/// A host that answers nothing unasked for gives the same packets whether a rule dropped the SYN or
/// its own stack kept silent: the name of the group then names the truth (signatures, section 11).
std::vector<Mechanism> names_of(const Fault& fault, const HostTraits& host, bool rewritten) {
  auto names = fault.mechanisms;
  const auto has = [&](Mechanism m) { return std::ranges::find(names, m) != names.end(); };
  const bool silence = has(Mechanism::closed_port) || has(Mechanism::syn_filter) ||
                       has(Mechanism::accept_queue_full) || has(Mechanism::answer_lost);
  if (silence && host.stealth) names.push_back(Mechanism::filter_drop);
  if (silence && host.mute) names.push_back(Mechanism::host_silent);
  // Behind a user-space NAT every device answers alike, and so it does where nothing compares.
  if (has(Mechanism::port_forward) && rewritten) names.push_back(Mechanism::closed_port);
  if (has(Mechanism::transparent_proxy) && (rewritten || host.mute))
    names.push_back(Mechanism::listening);
  return names;
}

/// Routers that share their hop: the flow's ports decide which of the two a packet meets.
void add_alternatives(Dice& dice, std::vector<std::string>& options, unsigned fault_hop) {
  if (!dice.chance(0.12)) return;
  const auto hop = dice.from(1, static_cast<unsigned>(options.size()));
  // What hop 1 keeps in mind of a connection its neighbour does not know.
  if (hop == fault_hop || hop == 1) return;
  options[hop - 1] += fmt::format("\nor r{0}b 198.51.{0}.2", hop);
}

bool refuses_or_keeps_silent(const Fault& fault) {
  using M = Mechanism;
  constexpr std::array names{M::filter_drop,        M::syn_filter, M::middlebox_reset,
                             M::icmp_reject_router, M::no_route,   M::route_prohibited,
                             M::blackhole};
  return fault.at == At::router &&
         std::ranges::find(names, fault.mechanisms.front()) != names.end();
}

RandomNetwork network_of(std::uint64_t seed, double loss, bool divided);

}  // namespace

RandomNetwork random_network(std::uint64_t seed, double loss) {
  return network_of(seed, loss, false);
}

std::optional<RandomNetwork> random_divided_network(std::uint64_t seed, double loss) {
  auto network = network_of(seed, loss, true);
  if (!network.divided) return {};
  return network;
}

namespace {

RandomNetwork network_of(std::uint64_t seed, double loss, bool divided) {
  Dice dice(seed);
  const auto& faults = random_faults();
  const auto& fault = faults[dice.from(0, static_cast<unsigned>(faults.size()) - 1)];
  const bool on_way = fault.at == At::router || fault.at == At::bridge;
  const bool loop = fault.mechanisms.front() == Mechanism::routing_loop;
  Chain chain;
  chain.hops = dice.from(loop ? 4 : on_way ? fault.room + 1 : 2, 14);
  if (on_way) chain.fault_hop = dice.from(loop ? 2 : 1, chain.hops - fault.room);
  if (fault.at == At::forwarder) chain.fault_hop = chain.hops - 1;
  if (fault.at == At::client) chain.client = fault.box;
  if (fault.at == At::router || fault.at == At::forwarder) chain.fault = fault.box;
  if (fault.at == At::bridge) chain.after_fault = fault.box;
  // What hop 1 keeps in mind of a connection its neighbour does not know.
  divided = divided && refuses_or_keeps_silent(fault) && chain.fault_hop > 1;
  if (divided) chain.after_fault = fmt::format("or r{0}b 198.51.{0}.2", chain.fault_hop);
  chain.round_trip_ms = std::exp(dice.unit() * std::log(3000.0)) * 0.1;
  std::vector<std::string> options;
  for (unsigned hop = 1; hop < chain.hops; ++hop) options.push_back(router_options(dice, hop));
  if (dice.chance(0.5))
    options[dice.from(0, chain.hops - 2)] += fmt::format("loss {:.1f}%", 100 * loss * dice.unit());
  const bool rewritten = options.front().find("ttl-rewrite") != std::string::npos;
  add_alternatives(dice, options, chain.fault_hop);
  chain.on_router = [&](unsigned hop) { return options[hop - 1]; };
  const auto host = host_traits(dice, fault);
  chain.host = host.options;
  if (!is_told_by_icmp(fault) && dice.chance(0.03)) chain.more = "no-icmp\n";
  RandomNetwork network{fault.name,
                        text_of(chain),
                        Family::ipv4,
                        names_of(fault, host, rewritten),
                        true_hops(fault, chain.hops, chain.fault_hop),
                        fault.mechanisms.front() == Mechanism::listening,
                        lets_some_through(fault) || divided,
                        fault.drops_all_back,
                        divided};
  if (dice.chance(0.5)) network.family = Family::ipv6;
  return network;
}

}  // namespace

}  // namespace hopblame::properties
