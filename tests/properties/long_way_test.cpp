// Round trips of seconds, and nothing is lost: a satellite, a tunnel, a full queue on the way. What
// is told must be what is told of a short way, and what is still under way is not lost.

#include <fmt/format.h>

#include <algorithm>

#include "analysis/analyse.hpp"
#include "tests/properties/chain.hpp"
#include "tests/properties/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/session.hpp"

using namespace hopblame;
using namespace hopblame::properties;

namespace {

struct Row {
  std::string name, fault, host;
  double seconds, round_trips;  ///< at most
};

const std::string open = "open 22 banner \"SSH-2.0-x\\r\\n\"";

const std::vector<Row> rows{
    {"open", "", open, 0.3, 4},  // connect() may be called again, after a rest
    {"closed", "", "", 0.3, 3},
    {"host reset", "", open + " input reset tcp 22", 0.3, 3},
    {"router reset", "forward reset tcp 22", open, 0.3, 3},
    {"host rejects", "", open + " input reject port tcp 22", 0.3, 3},
    {"router rejects", "forward reject admin tcp 22", open, 0.3, 3},
    {"router drops", "forward drop tcp 22", open, 2.5, 4},
    {"host drops", "", open + " input drop tcp 22", 2.5, 4},
    {"host drops SYNs", "", open + " input drop tcp 22 syn", 2.5, 4},
    {"host drops all", "", open + " drop-all", 4.5, 5},  // routers tell the way in three steps
};

/// Nothing tells the round trip before the first answer: what is asked again blindly by then is
/// waited for as well.
constexpr double asked_blindly = 2.2;

struct Net {
  unsigned hops;
  bool near;  ///< the long way begins behind the first router; else every link has its share
  Family family;
};

std::vector<Net> nets() {
  std::vector<Net> all;
  for (const unsigned hops : {4u, 8u})
    for (const bool near : {false, true})
      for (const auto family : {Family::ipv4, Family::ipv6}) all.push_back({hops, near, family});
  return all;
}

std::string network(const Row& row, const Net& net, double round_trip_ms) {
  Chain chain;
  chain.hops = net.hops;
  chain.round_trip_ms = net.near ? 0.1 : round_trip_ms;
  chain.fault_hop = net.near ? 1 : (net.hops + 1) / 2;
  chain.fault = row.fault;
  chain.host = row.host;
  auto text = text_of(chain);
  if (!net.near) return text;
  const auto second = text.find("delay", text.find("hop r2"));
  return text.replace(second, text.find("ms", second) + 2 - second,
                      fmt::format("delay {}ms", round_trip_ms / 2));
}

sim::Session asked(const Row& row, const Net& net, double round_trip_ms) {
  return sim::probe(sim::parse_scenario(network(row, net, round_trip_ms), net.family));
}

bool carries(const Verdict& verdict, CaveatId id) {
  return std::ranges::find(verdict.caveats, id, &Caveat::id) != verdict.caveats.end();
}

/// What is told, but for the caveats; what else fits is left out where the comparison port's answer
/// was not waited for: whoever resets may be near, and the host far.
std::string told(const Verdict& verdict, bool only_first) {
  const auto text = in_short(verdict);
  return text.substr(0, text.find(only_first ? "," : " !", text.find(':')));
}

}  // namespace

TEST_CASE("a long way without loss is judged as a short one", "[long-way]") {
  for (const auto& row : rows)
    for (const auto& net : nets()) {
      const auto short_way = analyse(asked(row, net, 1).run).verdict;
      for (const double round_trip : {300., 600., 1000., 1200., 1400., 2000., 3200.}) {
        const auto session = asked(row, net, round_trip);
        const auto verdict = analyse(session.run).verdict;
        INFO(row.name << ", " << net.hops << " hops, " << round_trip << " ms"
                      << (net.near ? " behind r1, " : ", ") << to_string(net.family) << "\n"
                      << in_short(short_way) << "\n"
                      << in_short(verdict) << "\n"
                      << history(session));
        CHECK(session.done);
        const bool unheard = carries(verdict, CaveatId::control_silent);
        CHECK(told(verdict, unheard) == told(short_way, unheard));
        CHECK_FALSE(carries(verdict, CaveatId::path_loss));
        CHECK(seconds(session.elapsed()) <=
              row.seconds + asked_blindly + row.round_trips * round_trip / 1000);
      }
    }
}
