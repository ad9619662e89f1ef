// Hunts for a wrong "certain" in random networks: silent routers, ways back of other lengths, other
// initial hop limits, lost answers, bridges. The planner asks, the judge decides, the truth is
// known.

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "tests/analysis/planned_world.hpp"
#include "tests/analysis/trace.hpp"
#include "tests/analysis/verdict_line.hpp"
#include "tests/support/catch.hpp"

using namespace hopblame;
using namespace hopblame::trace;

namespace {

enum class Fault {
  closed,          ///< the host's stack
  host_rule,       ///< a rule on the host resets
  forward_reset,   ///< a router resets after its hop-limit check
  early_reset,     ///< a router resets before it
  bridge_reset,    ///< a bridge behind a router resets
  forward_reject,  ///< a router rejects by ICMP after its hop-limit check
  early_reject,
  host_reject,
  bridge_reject,  ///< a bridge forges the host's ICMP at device ingress
  drop,           ///< a router drops after its hop-limit check
};
constexpr int faults = 10;

struct Network {
  int host = 4;   ///< its hop
  Fault fault{};  ///
  int at = 2;     ///< the router, or the router before the bridge
  bool all_ports = false;
  std::vector<int> initial, extra;  ///< by hop: initial hop limit, more routers on the way back
  std::vector<bool> silent;
  int extra_for_target = 0;  ///< the host's way back for the port's flow
  double loss = 0;
  std::mt19937 random;
};

int pick(std::mt19937& random, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random);
}
bool chance(std::mt19937& random, double share) {
  return std::uniform_real_distribution<double>(0, 1)(random) < share;
}

Network network(unsigned seed, bool asymmetric) {
  Network made;
  made.random.seed(seed);
  auto& random = made.random;
  made.host = pick(random, 2, 7);
  made.fault = static_cast<Fault>(pick(random, 0, faults - 1));
  made.at = pick(random, 1, made.host - 1);
  made.all_ports = chance(random, 0.3);
  made.loss = chance(random, 0.3) ? 0.1 : 0;
  for (int hop = 0; hop <= made.host; ++hop) {
    made.initial.push_back(chance(random, 0.3) ? 255 : 64);
    made.extra.push_back(asymmetric && chance(random, 0.4) ? pick(random, -std::min(hop, 2), 2)
                                                           : 0);
    made.silent.push_back(chance(random, 0.2));
  }
  made.extra[0] = 0;
  for (int hop = 1; hop <= made.host; ++hop)
    made.extra[static_cast<std::size_t>(hop)] =
        std::max(made.extra[static_cast<std::size_t>(hop)], 1 - hop);
  made.initial.back() = 64;
  if (asymmetric && chance(random, 0.2) && made.host > 2) made.extra_for_target = -1;
  return made;
}

int received(const Network& net, int hop, int initial) {
  return initial - (hop - 1) - net.extra[static_cast<std::size_t>(hop)];
}

bool is_icmp(Fault fault) {
  return fault == Fault::forward_reject || fault == Fault::early_reject ||
         fault == Fault::host_reject || fault == Fault::bridge_reject;
}

/// What the device in the way answers; absent: the probe is none of its business.
std::optional<std::string> in_the_way(const Network& net, const Question& question) {
  const int hops = question.hop_limit.value;
  const bool early = net.fault == Fault::early_reset || net.fault == Fault::early_reject;
  const bool host_made = net.fault == Fault::closed || net.fault == Fault::host_rule ||
                         net.fault == Fault::host_reject;
  const bool meant =
      question.aim == Aim::target || (net.all_ports && question.aim == Aim::control && !host_made);
  if (!meant || host_made) return {};
  if (hops < net.at + (early ? 0 : 1)) return {};
  const int maker =
      net.at + (net.fault == Fault::bridge_reset || net.fault == Fault::bridge_reject);
  const int ttl = received(net, maker, 64);
  if (net.fault == Fault::drop || question.kind == ProbeKind::syn_bad_checksum) return "";
  if (is_icmp(net.fault)) {
    const int quoted = hops - net.at + (early ? 1 : 0);
    const auto from = net.fault == Fault::bridge_reject ? std::string("server forged")
                                                        : fmt::format("r{}", net.at);
    return fmt::format("icmp=admin from={} ttl={} q={}", from, ttl, quoted);
  }
  return fmt::format("{} ttl={}", question.kind == ProbeKind::ack ? "rst" : "rst-ack", ttl);
}

std::string from_host(const Network& net, const Question& question) {
  const bool target = question.aim == Aim::target;
  const int ttl = received(net, net.host, 64) - (target ? net.extra_for_target : 0);
  if (question.kind == ProbeKind::syn_bad_checksum) return "";
  if (question.kind == ProbeKind::echo) return fmt::format("echo-reply ttl={}", ttl);
  if (target && net.fault == Fault::host_reject)
    return fmt::format("icmp=port ttl={} q={}", ttl, question.hop_limit.value - net.host + 1);
  const bool rule = target && net.fault == Fault::host_rule;
  return fmt::format("{} ttl={}{}", question.kind == ProbeKind::ack ? "rst" : "rst-ack", ttl,
                     rule ? "" : " marked");
}

std::string answer(Network& net, const Question& question) {
  if (chance(net.random, net.loss)) return "";
  if (const auto rejected = in_the_way(net, question)) return *rejected;
  const int hops = question.hop_limit.value;
  if (hops >= net.host) return from_host(net, question);
  const auto hop = static_cast<std::size_t>(hops);
  if (net.silent[hop]) return "";
  return fmt::format("te from=r{} ttl={}", hops, received(net, hops, net.initial[hop]));
}

/// The hops that a certain verdict must hold.
std::pair<int, int> truth(const Network& net) {
  switch (net.fault) {
    case Fault::closed:
    case Fault::host_rule:
    case Fault::host_reject: return {net.host, net.host};
    case Fault::bridge_reset:
    case Fault::bridge_reject: return {net.at, net.at + 1};
    default: return {net.at, net.at};
  }
}

bool wrongly_certain(const Network& net, const Verdict& verdict) {
  if (verdict.culprit.confidence != Confidence::certain) return false;
  const auto& where = verdict.culprit.where;
  const auto [first, last] = truth(net);
  return !where.first_hop || *where.first_hop > first || *where.last_hop < last;
}

bool holds(const Where& where, std::pair<int, int> truly) {
  if (!where.first_hop) return true;  // nothing claimed
  return *where.first_hop <= truly.second && (!where.last_hop || *where.last_hop >= truly.first);
}

/// The true place is neither in the culprit's interval nor in any explanation's.
bool misses(const Network& net, const Verdict& verdict) {
  if (holds(verdict.culprit.where, truth(net))) return false;
  return std::ranges::none_of(verdict.explanations, [&](const Explanation& explanation) {
    return holds(explanation.where, truth(net));
  });
}

struct Wood {
  unsigned first_seed, count;
  bool asymmetric = false;
  bool (*is_wrong)(const Network&, const Verdict&) = wrongly_certain;
};

/// Every wrong verdict: the network and the verdict in the first line, the trace below.
std::vector<std::string> hunt(Wood wood, Family family) {
  std::vector<std::string> wrong;
  for (unsigned seed = wood.first_seed; seed < wood.first_seed + wood.count; ++seed) {
    auto net = network(seed, wood.asymmetric);
    if (net.fault == Fault::bridge_reject) continue;  // always wrong, see certain_test.cpp
    const auto truly = truth(net);
    const auto planned =
        plan([&](const Question& question) { return answer(net, question); }, family);
    const auto verdict = analyse(run_of(planned.trace, family)).verdict;
    CHECK(planned.done);
    if (!wood.is_wrong(net, verdict)) continue;
    wrong.push_back(fmt::format("seed {}, fault {} at {}..{}, host at {}: {}\n{}", seed,
                                static_cast<int>(net.fault), truly.first, truly.second, net.host,
                                in_one_line(verdict), planned.trace));
  }
  return wrong;
}

void check_none(const std::vector<std::string>& wrong) {
  std::string text;
  for (const auto& one : wrong) text += one.substr(0, one.find('\n')) + '\n';
  if (!wrong.empty()) text += wrong.front();
  INFO(text);
  CHECK(wrong.size() == 0);
}

}  // namespace

TEST_CASE("Hunt: no wrong certain where the ways back are as long as the ways there") {
  check_none(hunt({1, 60}, GENERATE(Family::ipv4, Family::ipv6)));
}

TEST_CASE("Hunt: no wrong certain where the ways back differ") {
  check_none(hunt({1, 200, true}, Family::ipv4));
}

TEST_CASE("Hunt: the true place is always among those named") {
  check_none(hunt({1, 200, false, misses}, Family::ipv4));
}
