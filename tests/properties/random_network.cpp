#include "tests/properties/random_network.hpp"

#include <fmt/format.h>

#include <cmath>
#include <random>

#include "tests/properties/chain.hpp"

namespace hopblame::properties {
namespace {

enum class At { host, router, bridge };

struct Fault {
  const char* name;
  At at;
  const char* router;  ///< options of the router, or the line behind it
  const char* host;
  std::vector<Mechanism> mechanisms;
  unsigned room = 1;  ///< hops between the router and the host, at least
};

using M = Mechanism;

#define SSH "open 22 banner \"SSH-2.0-x\\r\\n\""
const std::vector<Fault> faults{
    {"none", At::host, "", SSH, {M::listening}},
    {"closed", At::host, "", "", {M::closed_port}},
    {"host-reset", At::host, "", SSH " input reset tcp 22", {M::host_firewall_reset}},
    {"host-reset-syn", At::host, "", SSH " input reset tcp 22 syn", {M::host_firewall_reset}},
    {"host-port-unreach", At::host, "", SSH " input reject port tcp 22", {M::icmp_reject_host}},
    {"host-admin", At::host, "", SSH " input reject admin tcp", {M::icmp_reject_host}},
    {"host-drop", At::host, "", SSH " input drop tcp 22", {M::filter_drop}},
    {"host-new-drop", At::host, "", SSH " input drop tcp 22 new", {M::filter_drop, M::syn_filter}},
    {"host-drop-all", At::host, "", SSH " drop-all", {M::host_silent, M::filter_drop}},
    {"no-way-back", At::host, "", SSH " no-way-back", {M::host_silent}},
    {"host-syn-drop", At::host, "", SSH " input drop tcp 22 syn", {M::syn_filter}},
    {"queue-full", At::host, "", "open 22 queue-full", {M::accept_queue_full}},
    {"host-down", At::host, "", "down", {M::host_down}},
    {"wrappers", At::host, "", "open 22 wait 2ms then-close", {M::accept_then_close}},
    {"silent-service", At::host, "", "open 22", {M::tarpit, M::data_blocked}},
    {"r-drop", At::router, "forward drop tcp 22", SSH, {M::filter_drop}},
    {"r-drop-all", At::router, "forward drop", SSH, {M::filter_drop, M::blackhole}},
    {"r-raw-drop", At::router, "prerouting drop tcp 22", SSH, {M::filter_drop}},
    {"r-reset", At::router, "forward reset tcp 22", SSH, {M::middlebox_reset}},
    {"r-reset-syn", At::router, "forward reset tcp 22 syn", SSH, {M::middlebox_reset}},
    {"r-raw-reset", At::router, "prerouting reset tcp 22", SSH, {M::middlebox_reset}},
    {"r-pf-reset", At::router, "forward pf-reset tcp 22", SSH, {M::middlebox_reset}},
    {"r-admin", At::router, "forward reject admin tcp 22", SSH, {M::icmp_reject_router}},
    {"r-raw-admin", At::router, "prerouting reject admin tcp 22", SSH, {M::icmp_reject_router}},
    {"r-ingress-admin", At::router, "ingress reject admin tcp 22", SSH, {M::icmp_reject_router}},
    {"r-acl", At::router, "forward reject admin tcp unestablished", SSH, {M::icmp_reject_router}},
    {"no-route", At::router, "route no-route", SSH, {M::no_route}},
    {"prohibit", At::router, "route prohibit", SSH, {M::route_prohibited}},
    {"blackhole", At::router, "blackhole", SSH, {M::blackhole}},
    {"return-drop", At::router, "forward back drop tcp 22 synack", SSH, {M::answer_lost}},
    {"return-drop-port", At::router, "forward back drop tcp 22", SSH, {M::answer_lost}},
    {"loop", At::router, "loop", SSH, {M::routing_loop}},
    {"synproxy", At::router, "syn-proxy 22", "drop-all", {M::syn_proxy}},
    {"bridge-drop", At::bridge, "bridge b ingress drop tcp 22", SSH, {M::filter_drop}},
    {"bridge-reset", At::bridge, "bridge b ingress reset tcp 22", SSH, {M::middlebox_reset}, 2},
    {"injector", At::bridge, "injector i ttl 57 count 2 window 1980", SSH, {M::injected_reset}},
    {"ttl-copy",
     At::bridge,
     "injector i copy-ttl instead",
     SSH,
     {M::middlebox_reset, M::injected_reset}},
};
#undef SSH

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
  if (dice.chance(0.05)) text += "longer-return 1 ";
  if (dice.chance(0.15)) text += "jitter 0.5ms ";
  if (hop == 1 && dice.chance(0.15)) text += "nat-strict ";
  return text;
}

std::string host_options(Dice& dice, const char* given) {
  std::string text = given;
  if (dice.chance(0.15))
    text += " ttl 128 plain-class";
  else if (dice.chance(0.05))
    text += " ttl 255";
  if (dice.chance(0.15)) text += " no-echo";
  if (dice.chance(0.08)) text += " stealth";
  return text;
}

std::vector<unsigned> true_hops(const Fault& fault, unsigned n, unsigned f) {
  if (fault.at == At::host) return {n};
  const std::string name = fault.name;
  // A loop is between the two that send the packet to each other.
  if (name == "loop") return {f, f - 1};
  if (fault.at == At::bridge) return {f, f + 1};
  return {f};
}

}  // namespace

RandomNetwork random_network(std::uint64_t seed, double loss) {
  Dice dice(seed);
  const auto& fault = faults[dice.from(0, static_cast<unsigned>(faults.size()) - 1)];
  const bool on_way = fault.at != At::host;
  const bool loop = std::string(fault.name) == "loop";
  Chain chain;
  chain.hops = dice.from(loop ? 4 : on_way ? fault.room + 1 : 2, 14);
  chain.fault_hop = on_way ? dice.from(loop ? 2 : 1, chain.hops - fault.room) : 0;
  if (fault.at == At::router) chain.fault = fault.router;
  if (fault.at == At::bridge) chain.after_fault = fault.router;
  chain.round_trip_ms = std::exp(dice.unit() * std::log(3000.0)) * 0.1;
  std::vector<std::string> options;
  for (unsigned hop = 1; hop < chain.hops; ++hop) options.push_back(router_options(dice, hop));
  if (dice.chance(0.5))
    options[dice.from(0, chain.hops - 2)] += fmt::format("loss {:.1f}%", 100 * loss * dice.unit());
  chain.on_router = [&](unsigned hop) { return options[hop - 1]; };
  chain.host = host_options(dice, fault.host);
  RandomNetwork network{fault.name,
                        text_of(chain),
                        Family::ipv4,
                        fault.mechanisms,
                        true_hops(fault, chain.hops, chain.fault_hop),
                        fault.mechanisms.front() == M::listening};
  if (dice.chance(0.5)) network.family = Family::ipv6;
  return network;
}

}  // namespace hopblame::properties
